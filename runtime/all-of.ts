/** Resolves when all have, and rejects, as the first that did, only when none is under way any more. */
export const allOf = async (works: readonly Promise<unknown>[]): Promise<void> => {
  for (const end of await Promise.allSettled(works)) if (end.status === 'rejected') throw end.reason;
};
