import { outboxUnderKills } from '../test/sinks/outbox/outbox-under-kills.ts';
import type { Part } from './part.ts';

const SEEDS = 1_000;

/** Seeds of their own: those of the tests are lived through on every change. */
const FIRST = 10_001;

/** The outbox under random kills, with the simulated process and a counting receiver. */
export const outboxKills: Part = {
  name: 'outbox',
  about: `the outbox is killed at random writes among digests and withdrawals, ${SEEDS} seeds`,
  run: async (print) => {
    let failed = 0;
    for (let seed = FIRST; seed < FIRST + SEEDS; seed++) {
      const { violations } = await outboxUnderKills(seed);
      if (violations.length > 0) failed += 1;
      for (const violation of violations) print(`seed ${seed}: ${violation}`);
    }
    return { passed: SEEDS - failed, failed, skipped: 0 };
  },
};
