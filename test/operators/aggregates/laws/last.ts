import { last } from '../../../../operators/aggregates/last.ts';
import type { AggregateLaws } from '../aggregate-laws.ts';
import { anyPlain, inTime, present } from '../law-oracles.ts';

export const laws: readonly AggregateLaws[] = [
  {
    name: "last('v')",
    aggregate: last('v'),
    values: anyPlain,
    oracle: (rows) => inTime(present(rows)).at(-1)?.v ?? null,
  },
];
