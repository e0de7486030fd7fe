import type { Sequence } from './sequence.ts';

/** A match that has begun. `rows` are those found so far, by the names of their steps. */
export interface OpenMatch<T> {
  readonly rows: Readonly<Record<string, T>>;
  /** How many steps have their row. */
  readonly found: number;
  /** Time of the first and of the latest row. */
  readonly startedAt: number;
  readonly lastAt: number;
  /** Numbers of these rows among the rows of the key that were of use. */
  readonly first: number;
  readonly last: number;
}

/** Time at which it is over; a row of that time comes too late. */
export const deadlineOf = <T>({ places, refusals, withinMs }: Sequence<T>, match: OpenMatch<T>): number => {
  const next = places[match.found];
  const waitMs = next === undefined ? Math.max(...refusals.map((one) => one.withinMs)) : next.withinMs;
  return Math.min(match.startedAt + withinMs, match.lastAt + waitMs);
};

/** What a row makes of a match: it goes on with the row, stays as it was, or is broken by it. */
export const advance = <T>(
  { places, refusals }: Sequence<T>,
  match: OpenMatch<T>,
  row: T,
  now: number,
  number: number,
): OpenMatch<T> | null => {
  const next = places[match.found];
  for (const { where, withinMs } of next?.refusals ?? refusals)
    if (now - match.lastAt < withinMs && where(row, match.rows)) return null;
  if (next === undefined || !next.where(row, match.rows)) return match;
  const rows = { ...match.rows, [next.name]: row };
  return { ...match, rows, found: match.found + 1, lastAt: now, last: number };
};

export const begin = <T>({ places }: Sequence<T>, row: T, now: number, number: number): OpenMatch<T> => ({
  rows: { [places[0]!.name]: row },
  found: 1,
  startedAt: now,
  lastAt: now,
  first: number,
  last: number,
});

/** Whether nothing more has to come, nor to stay away. */
export const isComplete = <T>({ places, refusals }: Sequence<T>, { found }: OpenMatch<T>): boolean =>
  found === places.length && refusals.length === 0;
