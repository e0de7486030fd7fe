import type { QueryName } from './queries.ts';
import type { Run } from './run.ts';

/** What the oracle says that a query's rows are. */
export interface Expected {
  readonly events: number;
  readonly rows: number;
  readonly sum: number;
}

/** What is wrong with a run, in one line; null where its rows are the oracle's. */
export const mismatch = (run: Run, expected: Expected): string | null => {
  const wrong = (['events', 'rows', 'sum'] as const).filter((what) => run[what] !== expected[what]);
  if (wrong.length === 0) return null;
  const parts = wrong.map((what) => `${run[what]} instead of ${expected[what]} (${what})`);
  return `${run.who}, ${run.q}, ${run.mode}, run ${run.run}: ${parts.join(', ')}`;
};

export type ExpectedOf = Readonly<Partial<Record<QueryName, Expected>>>;
