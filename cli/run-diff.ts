import type { DecidedAction, DecidedException, DecidedRun } from './decided-run.ts';

/** A field that has another value. */
export interface Change {
  readonly field: string;
  readonly before: unknown;
  readonly now: unknown;
}

export interface Changed<T> {
  readonly before: T;
  readonly now: T;
  readonly changes: readonly Change[];
}

export interface Differences<T> {
  readonly added: readonly T[];
  readonly removed: readonly T[];
  readonly changed: readonly Changed<T>[];
  /** By category of exceptions, by type of actions; only those where something differs. */
  readonly counts: Readonly<Record<string, Counts>>;
}

export interface Counts {
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  /** As they are now. */
  readonly all: number;
}

export interface RunDiff {
  readonly exceptions: Differences<DecidedException>;
  readonly actions: Differences<DecidedAction>;
}

type Decided = Pick<DecidedRun, 'exceptions' | 'actions'>;

/** What a run decides otherwise than another. Ids are made of what they name, so the same matter has the same id in both. */
export const diffRuns = (before: Decided, now: Decided): RunDiff => ({
  exceptions: differencesOf(before.exceptions, now.exceptions, ({ category }) => category),
  actions: differencesOf(before.actions, now.actions, ({ type }) => type),
});

export const isSame = (diff: Readonly<Record<string, Differences<unknown>>> | RunDiff): boolean =>
  Object.values(diff).every(
    ({ added, removed, changed }) => added.length + removed.length + changed.length === 0,
  );

export const differencesOf = <T extends { readonly id: string }>(
  before: readonly T[],
  now: readonly T[],
  groupOf: (row: T) => string,
): Differences<T> => {
  const known = new Map(before.map((row) => [row.id, row]));
  const ids = new Set(now.map(({ id }) => id));
  const added = now.filter(({ id }) => !known.has(id));
  const removed = before.filter(({ id }) => !ids.has(id));
  const changed = now.flatMap((row): Changed<T>[] => {
    const old = known.get(row.id);
    const changes = old === undefined ? [] : changesOf(old, row);
    return old === undefined || changes.length === 0 ? [] : [{ before: old, now: row, changes }];
  });
  const counts: Record<string, Counts> = {};
  const groups = new Set([...added, ...removed, ...changed.map((change) => change.now)].map(groupOf));
  for (const group of [...groups].sort()) {
    const of = (rows: readonly T[]): number => rows.filter((row) => groupOf(row) === group).length;
    counts[group] = {
      added: of(added),
      removed: of(removed),
      changed: of(changed.map((change) => change.now)),
      all: of(now),
    };
  }
  return { added, removed, changed, counts };
};

const changesOf = <T extends object>(before: T, now: T): readonly Change[] =>
  (Object.keys(now) as (keyof T & string)[])
    .filter((field) => before[field] !== now[field])
    .map((field) => ({ field, before: before[field], now: now[field] }));
