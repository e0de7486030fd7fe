import { describe, expect, it } from 'vitest';
import { type Coverage, coverageOf, coverageTable } from './coverage.ts';
import { byChance, byPeople } from './policies.ts';

const worlds = Number(process.env['FOREWARN_EFFECT_WORLDS'] ?? 200);
const shipments = Number(process.env['FOREWARN_EFFECT_SHIPMENTS'] ?? 1_500);
const firstSeed = Number(process.env['FOREWARN_EFFECT_FIRST'] ?? 1);

/** All is deterministic, so it either always passes or never; the time-out is for slow machines only. */
describe(`estimates in ${worlds} simulated worlds whose effects are known`, { timeout: 3_600_000 }, () => {
  let found: readonly Coverage[] | undefined;
  const coverage = (): readonly Coverage[] => {
    found ??= coverageOf({ worlds, shipments, firstSeed }, [byChance, byPeople]);
    return found;
  };
  const of = (policy: string): readonly Coverage[] => coverage().filter((one) => one.policy === policy);

  it('cover the truth in 92 to 98 % of the worlds where chance withheld', () => {
    console.log(coverageTable(coverage()));
    for (const { outcome, spoke, covered } of of('by chance')) {
      expect(spoke, outcome).toBeGreaterThanOrEqual(0.98 * worlds);
      expect(covered, outcome).toBeGreaterThanOrEqual(0.92);
      expect(covered, outcome).toBeLessThanOrEqual(0.98);
    }
  });

  it('cover it as well where people decided by what the rows record', () => {
    for (const { outcome, spoke, covered } of of('by people')) {
      expect(spoke, outcome).toBeGreaterThanOrEqual(0.98 * worlds);
      expect(covered, outcome).toBeGreaterThanOrEqual(0.92);
      expect(covered, outcome).toBeLessThanOrEqual(0.98);
    }
  });

  it('are right on average, where done less not done is wrong', () => {
    for (const { policy, outcome, truth, meanEffect, meanHalf, meanNaive, coveredNaive } of coverage()) {
      if (outcome === 'contact_rate') continue;
      const where = `${policy}, ${outcome}`;
      expect(Math.abs(meanEffect - truth), where).toBeLessThan(0.1 * meanHalf);
      expect(Math.abs(meanNaive - truth), where).toBeGreaterThan(0.3 * meanHalf);
      expect(coveredNaive, where).toBeLessThan(0.85);
    }
  });

  it('tell of an action that helps that it does', () => {
    for (const { truth, meanEffect, meanHalf } of of('by chance').filter(
      ({ outcome }) => outcome === 'minutes_late',
    )) {
      expect(truth).toBeLessThan(-500);
      expect(meanEffect + meanHalf).toBeLessThan(0);
    }
  });
});
