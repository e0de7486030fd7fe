import { describe, expect, it } from 'vitest';
import { scenarios } from '../../bench/memory/scenarios.ts';
import { startScenario } from '../../bench/memory/start-scenario.ts';

const SECS = 2;
const flags = ['--import', '@oxc-node/core/register'];

/** `npm run soak -- memory` takes ten minutes for the same, with ten times the rows. */
describe('memory stays within its bounds, and nothing waits for ever, with', () => {
  it.each(Object.entries(scenarios('short')))(
    '%s',
    async (name) => {
      const { samples, faults } = await startScenario(name, 'short', SECS, flags);
      expect(faults).toEqual([]);
      expect(samples.at(-1)!.written).toBeGreaterThan(0);
      expect(samples.at(-1)!.lag).toBe(0);
    },
    120_000,
  );
});
