import { expect, it } from 'vitest';
import { outboxUnderKills } from './outbox-under-kills.ts';

const SEEDS = 200;

it('delivers every due action under one key, and begins none that is withdrawn, whenever it is killed', async () => {
  const sum = { kills: 0, digests: 0, withdrawn: 0, sends: 0 };
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { violations, ...run } = await outboxUnderKills(seed);
    expect(violations, `seed ${seed}`).toEqual([]);
    for (const what of ['kills', 'digests', 'withdrawn', 'sends'] as const) sum[what] += run[what];
  }
  // The stories are such that something can go wrong in them.
  expect(sum.kills).toBeGreaterThan(SEEDS);
  expect(sum.digests).toBeGreaterThan(SEEDS);
  expect(sum.withdrawn).toBeGreaterThan(SEEDS);
  expect(sum.sends).toBeGreaterThan(5 * SEEDS);
}, 60_000);
