import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { type Round, verdictOn } from '../../../bench/compare/verdict.ts';

const round = (before: readonly [number, number], after: readonly [number, number]): Round => ({
  before,
  after,
});
const BOUND = 1.15;

// Seen red: the ratio taken as before ÷ after; the noise left out of the bound.
describe('verdict', () => {
  it('says the middle ratio and how far the rounds lie apart', () => {
    const { ratio, noise, isSlower } = verdictOn(
      [round([10, 10], [13, 13]), round([10, 10], [11, 11]), round([20, 20], [25, 25])],
      BOUND,
    );
    expect(ratio).toEqual({ low: 1.1, middle: 1.25, high: 1.3 });
    expect(noise).toBe(1);
    expect(isSlower).toBe(true);
  });

  it('takes nothing for slower that the same code is too, from one run to the next', () => {
    const calm = round([10, 10.5], [12.5, 13]);
    const restless = round([10, 13], [12.5, 16]);
    expect(verdictOn([calm, calm, calm], BOUND).isSlower).toBe(true);
    expect(verdictOn([restless, restless, restless], BOUND).isSlower).toBe(false);
  });

  it('needs most of the rounds', () => {
    const same = round([10, 10], [10, 10]);
    const twice = round([10, 10], [20, 20]);
    expect(verdictOn([same, same, twice], BOUND).isSlower).toBe(false);
    expect(verdictOn([same, twice, twice], BOUND).isSlower).toBe(true);
  });

  it('does not mind what is faster', () => {
    const { ratio, isSlower } = verdictOn([round([10, 10], [5, 5])], BOUND);
    expect(ratio.middle).toBe(0.5);
    expect(isSlower).toBe(false);
  });

  it('depends on ratios alone, and never finds a tree slower than itself', () => {
    const time = fc.double({ min: 1, max: 100, noNaN: true });
    const pair = fc.tuple(time, time);
    fc.assert(
      fc.property(fc.array(fc.tuple(pair, pair), { minLength: 1, maxLength: 5 }), (pairs) => {
        const rounds = pairs.map(([before, after]) => round(before, after));
        const doubled = pairs.map(([[a, b], [c, d]]) => round([2 * a, 2 * b], [2 * c, 2 * d]));
        expect(verdictOn(doubled, BOUND)).toEqual(verdictOn(rounds, BOUND));
        expect(
          verdictOn(
            rounds.map(({ before }) => round(before, before)),
            BOUND,
          ).isSlower,
        ).toBe(false);
      }),
    );
  });
});
