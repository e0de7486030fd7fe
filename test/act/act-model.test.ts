import fc from 'fast-check';
import { expect, it } from 'vitest';
import { actCommands, beginActing, endActing } from './act-model.ts';

/** `FOREWARN_ACT_RUNS=5000` asks for more, `FOREWARN_ACT_SEED` for others. */
const RUNS = Number(process.env['FOREWARN_ACT_RUNS'] ?? 120);
const SEED = Number(process.env['FOREWARN_ACT_SEED'] ?? 5);

it('acts once, loses nothing, and begins nothing that is withdrawn, whatever is decided, answered and killed', async () => {
  const sum = {
    kills: 0,
    jumps: 0,
    deaths: 0,
    decided: 0,
    duplicates: 0,
    requests: 0,
    effects: 0,
    digests: 0,
    withdrawn: 0,
    heldOut: 0,
  };
  await fc.assert(
    fc.asyncProperty(actCommands(40), async (commands) => {
      const { model, real } = await beginActing();
      try {
        await fc.asyncModelRun(() => ({ model, real }), commands);
        await endActing(model, real);
      } finally {
        await real.line.end();
      }
      const actions = real.line.actions();
      sum.kills += model.counts.kills;
      sum.jumps += model.counts.jumps;
      sum.deaths += real.line.deaths;
      sum.decided += model.counts.decided;
      sum.duplicates += model.counts.duplicates;
      sum.requests += real.receiver.requests;
      sum.effects += real.receiver.effects.size;
      sum.digests += real.line
        .dispatches()
        .filter(({ covers, state }) => covers.length > 1 && state === 'due').length;
      sum.withdrawn += actions.filter(({ state }) => state === 'cancelled').length;
      sum.heldOut += actions.filter(({ state }) => state === 'held_out').length;
    }),
    { numRuns: RUNS, seed: SEED, endOnFailure: true },
  );
  // The stories are such that something can go wrong in them.
  for (const what of ['kills', 'jumps', 'decided', 'duplicates', 'effects', 'withdrawn', 'heldOut'] as const)
    expect(sum[what], what).toBeGreaterThan(RUNS / 4);
  expect(sum.digests).toBeGreaterThan(0);
  expect(sum.requests).toBeGreaterThan(sum.effects);
}, 3_600_000);
