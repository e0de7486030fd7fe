/** A row of a table and the event time from which it holds, until the next one does. `n` tells it from all others of its key. */
export interface Version<R> {
  readonly n: number;
  readonly from: number;
  readonly row: R;
}

/** With a version more; they lie by the time from which they hold, of equal ones the one that came last behind. */
export const withVersion = <R>(versions: readonly Version<R>[], added: Version<R>): readonly Version<R>[] => {
  const at = versions.findLastIndex(({ from }) => from <= added.from) + 1;
  return [...versions.slice(0, at), added, ...versions.slice(at)];
};

/** Without the last version that holds from exactly this time. */
export const withoutVersion = <R>(versions: readonly Version<R>[], from: number): readonly Version<R>[] => {
  const at = versions.findLastIndex((version) => version.from === from);
  return at < 0 ? versions : versions.toSpliced(at, 1);
};

/** The version that holds at a time: the last that began by then. From 10 and 20: at 9 none, at 19 the first. */
export const holdingAt = <R>(versions: readonly Version<R>[], at: number): Version<R> | undefined =>
  versions.findLast(({ from }) => from <= at);

/** Without those that nobody can ask for at `at` or later: 10, 20, 30 from 25 on → 20, 30. */
export const heldFrom = <R>(versions: readonly Version<R>[], at: number): readonly Version<R>[] => {
  const first = versions.findLastIndex(({ from }) => from <= at);
  return first <= 0 ? versions : versions.slice(first);
};
