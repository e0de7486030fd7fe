/**
 * Some senders send an event again under its own id when they know better: DCSA says that it overrides the one before. Such
 * an event has an id of two parts, thread and version, so that a version heard twice counts once and a later one counts
 * instead of an earlier: `2f0c…@001748865600000` is the event 2f0c… as it was on 2 June 2025 12:00.
 */
export const versionedId = (thread: string, updatedAt: number): string =>
  `${thread}@${String(Math.max(0, updatedAt)).padStart(15, '0')}`;

/** The thread of an id that has a version; null for all others. */
export const threadOf = (id: string): string | null =>
  id.length === 48 && /^[0-9a-f]{32}@\d{15}$/.test(id) ? id.slice(0, 32) : null;

/**
 * Whether what `retracts` names covers an event: the event itself, or each version of it.
 * `2f0c…` takes back 2f0c…@001748865600000 and 2f0c…, not 9ab1….
 */
export const takesBack = (retracts: string, id: string): boolean =>
  retracts === id || threadOf(id) === retracts;

/** Whether an event counts instead of another: a later version of the same one. */
export const overrides = (later: string, id: string): boolean => {
  const thread = threadOf(later);
  return thread !== null && thread === threadOf(id) && later > id;
};
