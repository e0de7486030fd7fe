import { describe, expect, it } from 'vitest';
import { type Treatment, treatedBetween } from '../../domain/treatment.ts';

const decided = (actionId: string, change: Partial<Treatment> = {}): Treatment => ({
  actionId,
  type: 'rebook',
  decidedAt: 10,
  begunAt: null,
  withheld: false,
  propensity: 1,
  ...change,
});

describe('treatedBetween', () => {
  it('adds up what chance decided, as in its example', () => {
    const both = [
      decided('a', { withheld: true, propensity: 0.8 }),
      decided('b', { withheld: true, propensity: 0.5 }),
    ];
    expect(treatedBetween(both, 0, 100)).toMatchObject({ treated: false, holdOut: true, treatments: [] });
    expect(treatedBetween(both, 0, 100).propensity).toBeCloseTo(0.9, 9);
    // After the prediction the first was decided already.
    expect(treatedBetween(both, 11, 100)).toMatchObject({ holdOut: false, propensity: 0 });
  });

  it('takes what was certain for a treatment only where it left', () => {
    expect(treatedBetween([decided('a', { begunAt: 12 })], 0, 100)).toMatchObject({
      treated: true,
      propensity: 1,
    });
    for (const never of [decided('called off'), decided('too late', { begunAt: 100 })])
      expect(treatedBetween([never], 0, 100)).toMatchObject({ treated: false, propensity: 0 });
  });

  it('does not know how likely people are to decide', () => {
    const people = decided('p', { begunAt: 20, propensity: null });
    expect(treatedBetween([people], 0, 100)).toMatchObject({ treated: true, propensity: null });
  });

  it('tells treatments in the order in which they were begun', () => {
    const begun = [
      decided('b', { begunAt: 30 }),
      decided('a', { begunAt: 30 }),
      decided('c', { begunAt: 20 }),
    ];
    expect(treatedBetween(begun, 0, 100).treatments.map(({ actionId }) => actionId)).toEqual(['c', 'a', 'b']);
  });
});
