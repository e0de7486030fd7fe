import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clusterTexts } from '../../../models/novelty/cluster-texts.ts';
import { type NotUnderstood, proposeCategories } from '../../../models/novelty/propose-categories.ts';
import { riseOf } from '../../../models/novelty/rising.ts';
import { Random } from '../../../sources/simulated/random.ts';

const row = (change: Partial<NotUnderstood>): NotUnderstood => ({
  feed: 'exfr-214',
  standard: 'x12-214',
  status: null,
  reason: null,
  text: null,
  day: 0,
  count: 1,
  breached: 0,
  ended: 0,
  ...change,
});

describe('riseOf', () => {
  test('is the exact conditional test: 3 in 21 days, then 9 in 7', () => {
    // P(X ≥ 9), X binomial of 12 with share 1/4, summed by hand: 220·3³ + 66·3² + 12·3 + 1 over 4¹².
    const exact = (220 * 27 + 66 * 9 + 12 * 3 + 1) / 4 ** 12;
    const { factor, pValue } = riseOf({ before: 3, beforeDays: 21, lately: 9, latelyDays: 7 });
    expect(factor).toBeCloseTo(9, 10);
    expect(pValue).toBeCloseTo(exact, 10);
  });

  test('what never was is a rise of no bound, and what does not rise has a large p', () => {
    expect(riseOf({ before: 0, beforeDays: 28, lately: 6, latelyDays: 7 }).factor).toBe(Infinity);
    expect(riseOf({ before: 400, beforeDays: 28, lately: 100, latelyDays: 7 }).pValue).toBeGreaterThan(0.4);
  });
});

describe('clusterTexts', () => {
  const said = [
    { text: 'Truck stopped at checkpoint 14, fuel shortage', count: 6 },
    { text: 'truck stopped, fuel shortage (ref 883)', count: 3 },
    { text: 'Fuel shortage at station 9 - truck stopped', count: 2 },
    { text: 'Consignee asked for another pallet type', count: 4 },
    { text: 'consignee wants another pallet type', count: 1 },
    { text: '4711', count: 9 },
  ];

  test('joins what says the same in other numbers, and nothing else', () => {
    const clusters = clusterTexts(said);
    expect(clusters.map(({ count }) => count)).toEqual([11, 5]);
    expect(clusters[0]!.words).toEqual(expect.arrayContaining(['fuel', 'shortage', 'truck', 'stopped']));
    expect(clusters[1]!.typical).toBe('Consignee asked for another pallet type');
  });

  test('does not depend on the order in which texts come, and loses none', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(said, { minLength: said.length }), (shuffled) => {
        expect(clusterTexts(shuffled)).toEqual(clusterTexts(said));
      }),
    );
  });
});

describe('proposeCategories', () => {
  const today = 100;
  const steady = Array.from({ length: 35 }, (_, day) => row({ reason: 'OLD', day: 65 + day, count: 3 }));
  const rising = Array.from({ length: 5 }, (_, day) =>
    row({ reason: 'ZQ', day: 95 + day, count: 2, ended: 3, breached: 2 }),
  );

  test('proposes the code that has appeared, with how bad it is, and not the one that is always there', () => {
    const [only, ...others] = proposeCategories([...steady, ...rising], { today });
    expect(others).toEqual([]);
    expect(only).toMatchObject({
      kind: 'code',
      key: 'code:x12-214::ZQ',
      reason: 'ZQ',
      suggestedName: 'code_zq',
      lately: 10,
      before: 0,
      breachRate: 10 / 15,
    });
  });

  test('proposes texts that say the same, with examples and a name of their words', () => {
    const told = ['no driver, strike at depot 3', 'Strike at depot 7: no driver', 'depot strike, no driver'];
    const rows = told.flatMap((text, index) => [row({ text, day: 96 + index, count: 3, standard: null })]);
    const [only] = proposeCategories([...steady, ...rows], { today });
    expect(only).toMatchObject({ kind: 'text', lately: 9, before: 0, standard: null });
    expect(only!.examples).toHaveLength(3);
    expect(only!.suggestedName).toMatch(/strike|depot|driver/);
  });

  test('a later day of the same finding has the same key', () => {
    const more = row({ reason: 'ZQ', day: 94 });
    const keys = [rising, [...rising, more]].map((rows) => proposeCategories(rows, { today })[0]!.key);
    expect(keys[0]).toBe(keys[1]);
  });

  test('of noise alone it proposes next to nothing: 200 worlds of 40 codes with a steady rate', () => {
    let proposed = 0;
    for (let seed = 0; seed < 200; seed += 1) {
      const random = new Random(seed, 'noise');
      const rows: NotUnderstood[] = [];
      for (let code = 0; code < 40; code += 1)
        for (let day = 65; day < 100; day += 1) {
          let count = 0;
          for (let at = random.exponential(1); at < 1; at += random.exponential(1)) count += 1;
          if (count > 0) rows.push(row({ reason: `R${code}`, day, count }));
        }
      proposed += proposeCategories(rows, { today }).length > 0 ? 1 : 0;
    }
    // At a false discovery rate of 5 % all being noise, at most about 10 of 200 worlds propose anything.
    expect(proposed).toBeLessThanOrEqual(20);
  });
});
