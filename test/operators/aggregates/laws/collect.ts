import { collect } from '../../../../operators/aggregates/collect.ts';
import type { AggregateLaws } from '../aggregate-laws.ts';
import { anyPlain, inTime, present } from '../law-oracles.ts';

export const laws: readonly AggregateLaws[] = [
  {
    name: 'collect() of the earliest',
    aggregate: collect({ atMost: 9, past: 'drop newest', maxEntryBytes: 100 }),
    values: anyPlain,
    oracle: (rows) => inTime(rows).slice(0, 9),
  },
  {
    name: "collect('v') of the latest",
    aggregate: collect('v', { atMost: 9, past: 'drop oldest', maxEntryBytes: 32 }),
    values: anyPlain,
    oracle: (rows) =>
      inTime(present(rows))
        .slice(-9)
        .map(({ v }) => v),
  },
  {
    name: "collect('v') of all",
    aggregate: collect('v', { atMost: 100, past: 'fail' }),
    values: anyPlain,
    oracle: (rows) => inTime(present(rows)).map(({ v }) => v),
  },
];
