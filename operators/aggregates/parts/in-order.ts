/** When something was, and when the log heard of it. */
export interface Moment {
  readonly at: number;
  readonly heardAt: number;
}

/** Below 0 where `a` comes first: by event time, then by when the log heard of it; 0 leaves it to the order of arrival. */
export const byTime = (a: Moment, b: Moment): number => a.at - b.at || a.heardAt - b.heardAt;

/** Puts an entry in its place among those in order, behind its equals. Most come last: then it is one comparison. */
export const insertInOrder = <E>(entries: E[], entry: E, compare: (a: E, b: E) => number): void => {
  let to = entries.length;
  if (to === 0 || compare(entries[to - 1]!, entry) <= 0) {
    entries.push(entry);
    return;
  }
  let from = 0;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (compare(entries[middle]!, entry) <= 0) from = middle + 1;
    else to = middle;
  }
  entries.splice(from, 0, entry);
};

/** Two lists in order as one; of equals those of `a` come first. */
export const mergeInOrder = <E>(a: readonly E[], b: readonly E[], compare: (a: E, b: E) => number): E[] => {
  const merged: E[] = [];
  let ours = 0;
  let theirs = 0;
  while (ours < a.length && theirs < b.length) {
    merged.push(compare(a[ours]!, b[theirs]!) <= 0 ? a[ours++]! : b[theirs++]!);
  }
  while (ours < a.length) merged.push(a[ours++]!);
  while (theirs < b.length) merged.push(b[theirs++]!);
  return merged;
};
