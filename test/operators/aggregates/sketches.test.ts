import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distinctAbout } from '../../../operators/aggregates/distinct-about.ts';
import { type Hash, hashValue } from '../../../operators/aggregates/parts/hash-value.ts';
import { quantiles } from '../../../operators/aggregates/quantiles.ts';
import { answerFor } from './answer-for.ts';
import { fieldRows } from './law-rows.ts';
import { ObjectHolder } from './state-holder.ts';

const seriesOf = {
  numbers: (index: number, seed: number) => seed * 1e7 + index,
  fractions: (index: number, seed: number) => (seed * 1e7 + index) / 8191,
  words: (index: number, seed: number) => `shipment-${seed}-${index}`,
} as const;

describe('distinctAbout', () => {
  const precision = 11;
  const sigma = 1.04 / Math.sqrt(2 ** precision);
  const cases = Object.keys(seriesOf).flatMap((kind) =>
    [1, 10, 100, 1000, 5000, 20_000, 100_000].map((size) => [kind as keyof typeof seriesOf, size] as const),
  );

  it.each(cases)('%s: is within 3σ of %i', (kind, size) => {
    for (const seed of [1, 2, 3]) {
      const values = Array.from({ length: size }, (_, index) => seriesOf[kind](index, seed));
      const about = answerFor(distinctAbout('v', { precision }), values) as number;
      expect(Math.abs(about - size)).toBeLessThanOrEqual(3 * sigma * size);
    }
  });

  it('is not biased, and as wrong as it says, on average of many runs', () => {
    const size = 3000;
    const errors = Array.from({ length: 120 }, (_, seed) => {
      const values = Array.from({ length: size }, (__, index) => seriesOf.words(index, seed));
      return (answerFor(distinctAbout('v', { precision: 8 }), values) as number) / size - 1;
    });
    const one = 1.04 / Math.sqrt(2 ** 8);
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    const spread = Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length);
    expect(Math.abs(mean)).toBeLessThan((3 * one) / Math.sqrt(errors.length));
    expect(spread / one).toBeGreaterThan(0.75);
    expect(spread / one).toBeLessThan(1.25);
  });
});

describe('the registers of distinctAbout', () => {
  it('are the same merged as not, however full they are', () => {
    const aggregate = distinctAbout('v', { precision: 4 });
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { maxLength: 300 }), fc.nat(300), (values, cut) => {
        const [begin, end, all] = [values.slice(0, cut), values.slice(cut), values].map((part) => {
          const state = new ObjectHolder(aggregate);
          state.add(fieldRows(part.map((v, at) => ({ at, heardAt: at, v }))), 0, part.length);
          return state;
        });
        begin!.merge(end!);
        expect(begin!.state).toEqual(all!.state);
      }),
    );
  });

  it('count zeros on into the lower half of the hash', () => {
    const hash: Hash = { high: 0, low: 0 };
    let value = 0;
    do hashValue(++value, hash);
    while ((hash.high & 0xffff) !== 0);
    const state = new ObjectHolder(distinctAbout('v', { precision: 16 }));
    state.add(fieldRows([{ at: 0, heardAt: 0, v: value }]), 0, 1);
    expect((state.state as Uint8Array)[hash.high >>> 16]).toBe(16 + Math.clz32(hash.low) + 1);
  });
});

describe('hashValue', () => {
  const hashOf = (value: unknown): readonly [number, number] => {
    const hash: Hash = { high: 0, low: 0 };
    hashValue(value, hash);
    return [hash.high, hash.low];
  };

  it('gives no two of many values the same 64 bits', () => {
    const size = 60_000;
    const seen = new Set<bigint>();
    for (let index = 0; index < size; index++) {
      for (const value of [index, index / 3, `${index}`, `a${index}b`]) {
        const [high, low] = hashOf(value);
        seen.add((BigInt(high) << 32n) | BigInt(low));
      }
    }
    // Every third of index / 3 is a whole number that was there already.
    expect(seen.size).toBe(4 * size - Math.ceil(size / 3));
  });

  it('parts 1 from "1", true from "true", and not 0 from −0', () => {
    expect(hashOf(1)).not.toEqual(hashOf('1'));
    expect(hashOf(true)).not.toEqual(hashOf('true'));
    expect(hashOf(0)).toEqual(hashOf(-0));
  });

  it('turns about half of its bits for a change of one', () => {
    const bits = (word: number): number => {
      let count = 0;
      for (let rest = word; rest !== 0; rest &= rest - 1) count++;
      return count;
    };
    for (const pair of [
      (index: number) => [index, index ^ 1],
      (index: number) => [`id-${index}-x`, `id-${index}-y`],
      (index: number) => [`x-${index}-id`, `y-${index}-id`],
    ]) {
      let high = 0;
      let low = 0;
      for (let index = 0; index < 4000; index++) {
        const [a, b] = pair(index).map(hashOf);
        high += bits(a![0] ^ b![0]);
        low += bits(a![1] ^ b![1]);
      }
      // 128,000 fair coins each: σ is 179.
      expect(Math.abs(high - 64_000)).toBeLessThan(1000);
      expect(Math.abs(low - 64_000)).toBeLessThan(1000);
    }
  });
});

describe('quantiles', () => {
  const named = { least: 0, q1: 0.25, median: 0.5, p99: 0.99, greatest: 1 };

  it.each([0.001, 0.01, 0.1])('are within a relative error of %d, whatever the numbers', (accuracy) => {
    const numbers = fc.array(
      fc
        .oneof(fc.double({ min: 1e-5, max: 1e9 }), fc.double({ min: -1e9, max: -1e-5 }), fc.constant(0))
        .filter((value) => !Number.isNaN(value)),
      { minLength: 1, maxLength: 200 },
    );
    fc.assert(
      fc.property(numbers, (values) => {
        const sorted = values.toSorted((a, b) => a - b);
        const answer = answerFor(quantiles('v', { of: named, accuracy, maxBins: 20_000 }), values);
        for (const [name, about] of Object.entries(answer as Record<keyof typeof named, number>)) {
          const exact = sorted[Math.floor(named[name as keyof typeof named] * (sorted.length - 1))]!;
          expect(Math.abs(about - exact)).toBeLessThanOrEqual(accuracy * Math.abs(exact) * (1 + 1e-9));
        }
      }),
    );
  });
});
