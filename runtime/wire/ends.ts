/** How to end what was started, in the order of starting; `hurry` where another process does the same already. */
export type Ends = ((hurry?: boolean) => Promise<unknown> | void)[];

/** Ends all, the last first. */
export const endAll = async (ends: Ends, hurry = false): Promise<void> => {
  while (ends.length > 0) await ends.pop()!(hurry);
};
