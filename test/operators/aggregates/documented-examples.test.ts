import { describe, expect, it } from 'vitest';
import { collect } from '../../../operators/aggregates/collect.ts';
import { count } from '../../../operators/aggregates/count.ts';
import { custom } from '../../../operators/aggregates/custom.ts';
import { distinct } from '../../../operators/aggregates/distinct.ts';
import { distinctAbout } from '../../../operators/aggregates/distinct-about.ts';
import { first } from '../../../operators/aggregates/first.ts';
import { last } from '../../../operators/aggregates/last.ts';
import { max } from '../../../operators/aggregates/max.ts';
import { min } from '../../../operators/aggregates/min.ts';
import { quantiles } from '../../../operators/aggregates/quantiles.ts';
import { topK } from '../../../operators/aggregates/top-k.ts';
import { variance } from '../../../operators/aggregates/variance.ts';
import type { Aggregate } from '../../../operators/aggregates/aggregate.ts';
import { answerFor } from './answer-for.ts';
import { fieldRows, type LawRow } from './law-rows.ts';
import { holder } from './state-holder.ts';

/** `[value, event time]`, in the order of arrival. */
const timed = (
  aggregate: Aggregate<never, unknown>,
  ...rows: readonly (readonly [unknown, number])[]
): unknown => {
  const state = holder(aggregate);
  state.add(fieldRows(rows.map(([v, at], index) => ({ at, heardAt: index, v }))), 0, rows.length);
  return state.result();
};

const valuesOf = (rows: unknown): readonly unknown[] =>
  (rows as readonly LawRow[]).map(({ v, at }) => [v, at]);

describe('the example of each aggregate holds', () => {
  it('count', () => expect(answerFor(count('v'), ['a', null, 7, Number.NaN])).toBe(2));
  it('min and max', () => {
    expect(answerFor(min('v'), [3, null, -7])).toBe(-7);
    expect(answerFor(max('v'), [3, null, 7])).toBe(7);
  });
  it('variance', () => {
    expect(answerFor(variance('v'), [2, 4, null, 9])).toBeCloseTo(26 / 3, 12);
    expect(answerFor(variance('v', { sample: true }), [2, 4, null, 9])).toBeCloseTo(13, 12);
    expect(
      answerFor(
        variance('v'),
        [4, 7, 13, 16].map((value) => 1e9 + value),
      ),
    ).toBe(22.5);
  });
  it('first and last', () => {
    expect(timed(first('v'), ['Genoa', 20], [null, 5], ['Trieste', 10])).toBe('Trieste');
    expect(timed(last('v'), ['Genoa', 20], [null, 25], ['Trieste', 10])).toBe('Genoa');
  });
  it('distinct', () => {
    expect(answerFor(distinct('v', { atMost: 2 }), ['a', 'b', null, 'a'])).toBe(2);
    expect(answerFor(distinct('v', { atMost: 2 }), ['a', 'b', null, 'c'])).toEqual({ atLeast: 3 });
    expect(answerFor(distinct('v', { atMost: 9 }), [1, '1', 0, -0])).toBe(3);
  });
  it('quantiles', () => {
    const upTo100 = Array.from({ length: 100 }, (_, index) => index + 1);
    const answer = answerFor(quantiles('v', { of: { median: 0.5, p90: 0.9 } }), upTo100) as {
      readonly median: number;
      readonly p90: number;
    };
    expect(Math.abs(answer.median - 50)).toBeLessThanOrEqual(0.5);
    expect(Math.abs(answer.p90 - 90)).toBeLessThanOrEqual(0.9);
  });
  it('topK', () => {
    const rows = [
      [5, 1],
      [7, 2],
      [5, 3],
      [null, 4],
    ] as const;
    expect(valuesOf(timed(topK('v', { k: 2 }), ...rows))).toEqual([
      [7, 2],
      [5, 1],
    ]);
    expect(valuesOf(timed(topK('v', { k: 2, keepTiesUpTo: 10 }), ...rows))).toEqual([
      [7, 2],
      [5, 1],
      [5, 3],
    ]);
  });
  it('collect', () => {
    const rows = [
      ['c', 30],
      ['a', 10],
      [null, 15],
      ['b', 20],
    ] as const;
    const kept = (past: 'drop newest' | 'drop oldest', atMost: number): unknown =>
      timed(collect('v', { atMost, past }), ...rows);
    expect(kept('drop newest', 9)).toEqual(['a', 'b', 'c']);
    expect(kept('drop newest', 2)).toEqual(['a', 'b']);
    expect(kept('drop oldest', 2)).toEqual(['b', 'c']);
  });
  it('distinctAbout', () => {
    const aggregate = distinctAbout('v');
    const none = new Float64Array(0);
    const whole = (index: number): number => index;
    const rows = { size: 1e6, numbers: none, at: none, heardAt: none, value: whole, row: whole };
    const registers = aggregate.create();
    for (let index = 0; index < rows.size; index++) aggregate.add(registers, rows, index);
    const about = aggregate.result(registers);
    expect(about).toBeGreaterThan(968_000);
    expect(about).toBeLessThan(1_032_000);
  });
  it('custom', () => {
    const longest = custom({
      create: () => '',
      add: (word, { v }: { readonly v: string }) => (v.length > word.length ? v : word),
      merge: (word, other) => (other.length > word.length ? other : word),
      result: (word) => word,
      maxBytes: 200,
    });
    expect(answerFor(longest, ['sea', 'harbour', 'ship'])).toBe('harbour');
  });
});

describe('rows of the same event time and hearing', () => {
  const same = { at: 1, heardAt: 1 };
  const twins = [
    { ...same, v: 'x' },
    { ...same, v: 'y' },
  ];
  const merged = (aggregate: Aggregate<never, unknown>): unknown => {
    const states = twins.map((row) => {
      const state = holder(aggregate);
      state.add(fieldRows([row]), 0, 1);
      return state;
    });
    states[0]!.merge(states[1]!);
    return states[0]!.result();
  };

  it.each([
    [first('v'), 'x'],
    [last('v'), 'y'],
    [collect('v', { atMost: 5, past: 'fail' }), ['x', 'y']],
  ])('stand in the order of arrival, and of merging: %#', (aggregate, wanted) => {
    const state = holder(aggregate);
    state.add(fieldRows(twins), 0, 2);
    expect(state.result()).toEqual(wanted);
    expect(merged(aggregate)).toEqual(wanted);
  });
});
