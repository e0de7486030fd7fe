import { serialize } from 'node:v8';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collect } from '../../../operators/aggregates/collect.ts';
import { custom } from '../../../operators/aggregates/custom.ts';
import { distinct } from '../../../operators/aggregates/distinct.ts';
import { distinctAbout } from '../../../operators/aggregates/distinct-about.ts';
import { first } from '../../../operators/aggregates/first.ts';
import { bytesOf } from '../../../operators/aggregates/parts/bytes-of.ts';
import { quantiles } from '../../../operators/aggregates/quantiles.ts';
import { topK } from '../../../operators/aggregates/top-k.ts';
import { answerFor } from './answer-for.ts';
import { fieldRows } from './law-rows.ts';
import { holder } from './state-holder.ts';

// What the types already refuse; a definition in plain JavaScript has no types.
const none = {} as never;

describe('an aggregate without a bound, or with an impossible one, is refused when it is made', () => {
  const parts = { create: () => 0, add: () => 0, merge: () => 0, result: () => 0 };
  it.each([
    ['distinct(v): atMost is undefined', () => distinct('v', none)],
    ['distinct(v): atMost is 0', () => distinct('v', { atMost: 0 })],
    [
      'distinctAbout(v): precision is 3; give a whole number from 4 to 16',
      () => distinctAbout('v', { precision: 3 }),
    ],
    ['distinctAbout(v): precision is 17', () => distinctAbout('v', { precision: 17 })],
    ['topK(v): k is undefined', () => topK('v', none)],
    [
      'topK(v): keepTiesUpTo is 2; give a whole number of at least 3',
      () => topK('v', { k: 3, keepTiesUpTo: 2 }),
    ],
    ['collect(): atMost is undefined', () => collect(none)],
    ['collect(v): past is undefined; choose', () => collect('v', { atMost: 3 } as never)],
    ['quantiles(v): accuracy is 0; give a number from 0.0001', () => quantiles('v', { of: {}, accuracy: 0 })],
    ['quantiles(v): of.p99 is 99; give a number from 0 to 1', () => quantiles('v', { of: { p99: 99 } })],
    ['quantiles(v): maxBins is 0.5', () => quantiles('v', { of: {}, maxBins: 0.5 })],
    ['first(v): maxValueBytes is 3', () => first('v', { maxValueBytes: 3 })],
    ['mine: maxBytes is Infinity', () => custom({ ...parts, label: 'mine', maxBytes: Infinity })],
  ])('FW220 aggregate %s', (message, make) => expect(make).toThrow(`FW220 aggregate ${message}`));
});

describe('what would break a bound is refused, and the state stays as it was', () => {
  const long = 'x'.repeat(100);
  it.each([
    ['first(v)', first('v', { maxValueBytes: 64 }), 'Genoa'],
    ['distinct(v)', distinct('v', { atMost: 3, maxValueBytes: 64 }), 1],
    ['collect(v)', collect('v', { atMost: 3, past: 'drop oldest', maxEntryBytes: 64 }), ['Genoa']],
    [
      'collect()',
      collect({ atMost: 3, past: 'drop oldest', maxEntryBytes: 128 }),
      [{ at: 1, heardAt: 2, v: 'Genoa' }],
    ],
  ])('%s: a value that is too large', (label, aggregate, wanted) => {
    const state = holder(aggregate);
    state.add(fieldRows([{ at: 1, heardAt: 2, v: 'Genoa' }]), 0, 1);
    expect(() => state.add(fieldRows([{ at: 0, heardAt: 0, v: long }]), 0, 1)).toThrow(
      `FW410 aggregate ${label}: `,
    );
    expect(state.result()).toEqual(wanted);
  });

  it('topK: a row that is too large', () => {
    const aggregate = topK('v', { k: 2, maxRowBytes: 32 });
    expect(() => answerFor(aggregate, [7])).toThrow(
      'FW410 aggregate topK(v): a value takes more than the 32 bytes',
    );
  });

  it("collect with past: 'fail': one row too many, or one merge", () => {
    const aggregate = collect('v', { atMost: 2, past: 'fail' });
    const [some, other] = [1, 2].map(() => {
      const state = holder(aggregate);
      state.add(fieldRows([1, 2].map((v) => ({ at: v, heardAt: v, v }))), 0, 2);
      return state;
    });
    const more = 'FW410 aggregate collect(v): more than 2 in one window';
    expect(() => some!.add(fieldRows([{ at: 3, heardAt: 3, v: 3 }]), 0, 1)).toThrow(more);
    expect(() => some!.merge(other!)).toThrow(more);
    expect(some!.result()).toEqual([1, 2]);
  });
});

describe('bytesOf', () => {
  const plain = fc.anything({
    withDate: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
    withBigInt: true,
  });

  it('is never less than what a checkpoint takes', () => {
    fc.assert(
      fc.property(plain, (value) => {
        expect(bytesOf(value, Infinity)).toBeGreaterThanOrEqual(serialize(value).byteLength - 2);
      }),
      { numRuns: 1000 },
    );
  });

  it('counts two for each character', () => {
    expect(bytesOf({ port: 'Genoa', n: 7 }, Infinity)).toBe(69);
  });

  it('ends on what contains itself', () => {
    const ring: { self?: unknown } = {};
    ring.self = ring;
    expect(bytesOf(ring, 1000)).toBeGreaterThan(1000);
  });
});
