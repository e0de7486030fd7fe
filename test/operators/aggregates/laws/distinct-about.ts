import { distinctAbout } from '../../../../operators/aggregates/distinct-about.ts';
import type { AggregateLaws } from '../aggregate-laws.ts';
import { anyPlain, present } from '../law-oracles.ts';

export const laws: readonly AggregateLaws[] = [
  {
    // So few values among so many registers are counted exactly, but for two that share one.
    name: "distinctAbout('v')",
    aggregate: distinctAbout('v', { precision: 14 }),
    values: anyPlain,
    oracle: (rows) => new Set(present(rows).map(({ v }) => `${typeof v} ${String(v)}`)).size,
  },
];
