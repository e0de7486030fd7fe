import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EffectRow } from '../../../domain/effect.ts';
import { estimateEffects } from '../../../models/effect/estimate-effects.ts';
import { seededRandom } from '../../../models/training/seeded-random.ts';
import { play, byChance, byHearsay } from './policies.ts';
import { potentialCases } from './potential-cases.ts';

const rowOf = (index: number, fields: Partial<EffectRow> = {}): EffectRow => ({
  actionId: `a${String(index).padStart(5, '0')}`,
  category: 'weather',
  actionType: 'expedite',
  playbook: 'storm',
  step: 'expedite',
  causeId: null,
  shipmentId: `s${index}`,
  treated: index % 2 === 0,
  propensity: 0.5,
  covariates: [index % 7, (index * 31) % 11],
  breached: index % 3 === 0,
  minutesLate: (index % 13) * 20,
  asked: index % 5 === 0,
  ...fields,
});

const rowsOf = (count: number, fields: (index: number) => Partial<EffectRow> = () => ({})): EffectRow[] =>
  Array.from({ length: count }, (_, index) => rowOf(index, fields(index)));

/** The only estimate of one outcome. */
const only = (rows: readonly EffectRow[], outcome: 'breach_rate' | 'minutes_late' = 'breach_rate') => {
  const [one, ...others] = estimateEffects(rows, { outcomes: [outcome] });
  if (one === undefined) throw new Error('no estimate');
  expect(others).toEqual([]);
  return one;
};

describe('estimateEffects', () => {
  it('names its estimand, what it compared, and that it is an estimate', () => {
    const one = only(
      rowsOf(200, (index) => ({ breached: index % 2 === 0 ? index % 10 === 0 : index % 10 < 7 })),
    );
    expect(one).toMatchObject({
      treated: 100,
      withheld: 100,
      clusters: 200,
      method: 'doubly_robust',
      evidence: 'randomised',
    });
    expect(one.estimand).toBe(
      'average effect of expedite on breach rate among eligible cases of weather with 0 < propensity < 1 under the logged policy, in the long run of causes like these',
    );
    expect(one.says).toMatch(
      /^expedite lowers the breach rate by [\d.]+ points \(95 % interval -[\d.]+ points to -[\d.]+ points; 100 done against 100 that chance withheld, 200 independent causes\); an estimate: what would have been cannot be observed$/,
    );
  });

  it('gives without covariates the difference of means and its textbook interval', () => {
    const rows = rowsOf(400, () => ({ covariates: [] }));
    const one = estimateEffects(rows, { outcomes: ['minutes_late'], method: 'inverse_propensity' })[0];
    const values = (treated: boolean): readonly number[] =>
      rows.flatMap((row) => (row.treated === treated ? [row.minutesLate ?? 0] : []));
    const mean = (of: readonly number[]): number => of.reduce((sum, value) => sum + value, 0) / of.length;
    const variance = (of: readonly number[]): number =>
      of.reduce((sum, value) => sum + (value - mean(of)) ** 2, 0) / (of.length - 1) / of.length;
    const [done, left] = [values(true), values(false)];
    const half = 1.972 * Math.sqrt(variance(done) + variance(left));
    expect(one?.effect).toBeCloseTo(mean(done) - mean(left), 8);
    expect(((one?.high ?? 0) - (one?.low ?? 0)) / 2 / half).toBeCloseTo(1, 2);
  });

  it('answers the same whatever the order of the rows', () => {
    const rows = play(potentialCases(3, 1_200), byChance).rows;
    const expected = estimateEffects(rows, { minClusters: 5 });
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = seededRandom(seed);
        const shuffled = rows
          .map((row) => ({ row, luck: random() }))
          .sort((a, b) => a.luck - b.luck)
          .map(({ row }) => row);
        expect(estimateEffects(shuffled, { minClusters: 5 })).toEqual(expected);
      }),
      { numRuns: 3 },
    );
  });

  it('counts a storm once, however many shipments it hit', () => {
    const storms = rowsOf(120);
    const many = [0, 1, 2, 3].flatMap((copy) =>
      storms.map((row) => ({
        ...row,
        actionId: `${row.actionId}/${copy}`,
        shipmentId: `${row.shipmentId}/${copy}`,
        causeId: `weather:${row.shipmentId}`,
      })),
    );
    const [once, again] = [only(storms), only(many)];
    const width = ({ low, high }: typeof once): number => (high ?? 0) - (low ?? 0);
    expect(again.clusters).toBe(120);
    expect(width(again) / width(once)).toBeGreaterThan(0.97);
    const asIfAlone = only(many.map((row) => ({ ...row, causeId: null })));
    expect(width(asIfAlone) / width(once)).toBeLessThan(0.55);
  });

  it('says "not enough cases" of two storms over hundreds of shipments', () => {
    const one = only(rowsOf(600, (index) => ({ causeId: `weather:storm-${index < 300 ? 1 : 2}` })));
    expect(one).toMatchObject({
      effect: null,
      low: null,
      high: null,
      method: 'none',
      treated: 300,
      withheld: 300,
      clusters: 2,
    });
    expect(one.says).toBe('not enough cases: withheld in 2 independent causes, 10 are needed');
  });

  it('says so too where one storm, or one weight, outweighs all others', () => {
    const storm = only(rowsOf(600, (index) => ({ causeId: index < 580 ? 'weather:storm' : null })));
    expect(storm.says).toMatch(
      /^not enough cases: withheld in 11 independent causes, of which a few weigh so much that they count as 1\.1; 10 are needed$/,
    );
    const weight = only(rowsOf(100, (index) => ({ propensity: index === 1 ? 0.999 : 0.5 })));
    expect(weight.says).toMatch(/^not enough cases: withheld in 50 .* count as 1\.2; 10 are needed$/);
  });

  it('never mixes in what was certain', () => {
    const open = rowsOf(200);
    const certain = rowsOf(300, (index) => ({
      actionId: `z${index}`,
      treated: true,
      propensity: 1,
      breached: true,
      minutesLate: 5_000,
    }));
    const [alone, beside] = [only(open), only([...open, ...certain])];
    expect({ ...beside, says: '' }).toEqual({ ...alone, says: '' });
    expect(beside.says).toBe(`${alone.says}; left out: 300 that had it for certain, or certainly not`);
    const nothing = only(certain);
    expect(nothing).toMatchObject({
      effect: null,
      method: 'none',
      evidence: 'none',
      treated: 300,
      withheld: 0,
    });
    expect(nothing.says).toMatch(/^nothing to compare with: all 300 had it for certain/);
  });

  it('tells what chance decided apart from what people did, and says that the latter is weaker', () => {
    const rows = rowsOf(400, (index) => (index < 200 ? {} : { propensity: null }));
    const found = estimateEffects(rows, { outcomes: ['breach_rate'] });
    expect(found.map(({ evidence, treated, withheld }) => [evidence, treated, withheld])).toEqual([
      ['randomised', 100, 100],
      ['observational', 100, 100],
    ]);
    expect(found[1]?.says).toMatch(
      /that people left undone.*weaker than one by chance: people may have had reasons/,
    );
    expect(found[1]?.estimand).toContain('learned propensity in [0.1; 0.9]');
  });

  it('compares only kinds of cases that people sometimes do and sometimes leave', () => {
    const rows = rowsOf(600, (index) => {
      const isGrave = index % 3 === 0;
      return { propensity: null, treated: isGrave || index % 2 === 0, covariates: [Number(isGrave)] };
    });
    const one = only(rows);
    expect(one).toMatchObject({ treated: 200, withheld: 200 });
    expect(one.says).toMatch(/; left out: 200 of a kind that people nearly always do, or hardly ever$/);
  });

  it('leaves out of the minutes what was never delivered, and says so', () => {
    const rows = rowsOf(200, (index) => (index < 6 ? { minutesLate: null } : {}));
    expect(only(rows, 'minutes_late')).toMatchObject({ treated: 97, withheld: 97 });
    expect(only(rows, 'minutes_late').says).toMatch(/; left out: 6 that were never delivered$/);
    expect(only(rows)).toMatchObject({ treated: 100, withheld: 100 });
  });

  it('is not certain where a kind did not occur at all', () => {
    const { effect, low, high } = only(rowsOf(80, () => ({ breached: false })));
    expect(effect).toBeCloseTo(0, 5);
    expect(low).toBeLessThan(-0.04);
    expect(high).toBeGreaterThan(0.04);
  });

  it('estimates each step of each playbook when asked', () => {
    const rows = rowsOf(200, (index) => ({ step: index % 4 < 2 ? 'first' : 'second' }));
    const found = estimateEffects(rows, { by: 'step', outcomes: ['breach_rate'] });
    expect(found.map(({ playbook, step, treated }) => [playbook, step, treated])).toEqual([
      ['storm', 'first', 50],
      ['storm', 'second', 50],
    ]);
    expect(only(rows)).toMatchObject({ playbook: null, step: null, treated: 100 });
  });

  it.each([
    [{ covariates: [1] }, /^FW605 action "a00001": it has 1 covariates and others have 2; mend/],
    [{ covariates: [1, Number.NaN] }, /^FW605 action "a00001": covariate 1 is not a finite number; mend/],
    [{ propensity: 1.2 }, /^FW605 action "a00001": propensity 1\.2 is not in \[0; 1\]; mend/],
  ])('refuses a row with %j', (fields, message) => {
    expect(() => estimateEffects([rowOf(0), rowOf(1, fields)])).toThrow(message);
  });

  it('has nothing to say of nothing', () => {
    expect(estimateEffects([])).toEqual([]);
  });

  it('cannot see reasons that nothing records', () => {
    const { rows, truth } = play(potentialCases(5, 2_000), byHearsay);
    const one = estimateEffects(rows, { outcomes: ['breach_rate'] }).find(
      ({ actionType }) => actionType === 'expedite',
    );
    const own = truth.breach_rate.reduce((sum, value) => sum + value, 0) / truth.breach_rate.length;
    expect(own).toBeLessThan(-0.15);
    expect(one?.low).toBeGreaterThan(own);
  });
});
