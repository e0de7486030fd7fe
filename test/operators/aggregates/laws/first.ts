import { first } from '../../../../operators/aggregates/first.ts';
import type { AggregateLaws } from '../aggregate-laws.ts';
import { anyPlain, inTime, present } from '../law-oracles.ts';

export const laws: readonly AggregateLaws[] = [
  {
    name: "first('v')",
    aggregate: first('v'),
    values: anyPlain,
    oracle: (rows) => inTime(present(rows))[0]?.v ?? null,
  },
];
