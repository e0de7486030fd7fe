import { describe, expect, it } from 'vitest';
import { goOnFrom, type TopicPosition, wordsOf } from '../../../sources/kafka/topic-position.ts';

const there = (...bounds: readonly (readonly [low: number, end: number])[]) => ({
  id: 'a',
  partitions: bounds.map(([low, end]) => ({ low, end })),
});
const of = (id: string, incarnation: number, ...next: readonly number[]): TopicPosition => ({
  seen: next.length,
  partitions: Object.fromEntries(
    next.map((offset, partition) => [partition, { id, incarnation, next: offset }]),
  ),
});
const at = (...next: readonly number[]): TopicPosition => of('a', 1, ...next);

describe('where a foreign topic is read on', () => {
  it('the first time: at its begin, or at its end', () => {
    expect(goOnFrom(undefined, there([3, 9], [0, 2]), 'earliest').position).toEqual(at(3, 0));
    expect(goOnFrom(undefined, there([3, 9], [0, 2]), 'latest').position).toEqual(at(9, 2));
  });

  it('goes on where it was, also at either end', () => {
    for (const next of [3, 5, 9])
      expect(goOnFrom(at(next), there([3, 9]), 'latest')).toEqual({ position: at(next), gaps: [] });
  });

  it('tells what retention took: at 80 and [100; 500) there, [80; 100) is gone', () => {
    const { position, gaps } = goOnFrom(at(80, 120), there([100, 500], [100, 500]), 'earliest');
    expect(position).toEqual(at(100, 120));
    expect(gaps).toEqual([{ partition: 0, from: 80, to: 100, why: 'dropped' }]);
    expect(wordsOf(gaps[0]!)).toMatch(/^has lost records \[80; 100\) of partition 0/);
  });

  it('gives new ids behind a cut, whose offsets will be given out again', () => {
    const { position, gaps } = goOnFrom(at(500), there([0, 450]), 'earliest');
    expect(position).toEqual(of('a', 2, 450));
    expect(gaps).toEqual([{ partition: 0, from: 450, to: 500, why: 'cut' }]);
  });

  it('reads a topic that was made again from its first record, under new ids', () => {
    const { position, gaps } = goOnFrom(of('a', 2, 5), { ...there([0, 9]), id: 'b' }, 'latest');
    expect(position).toEqual(of('b', 3, 0));
    expect(gaps.map(({ why }) => why)).toEqual(['made-anew']);
  });

  it('reads a partition that is new from its first record, whatever the start', () => {
    const { position, gaps } = goOnFrom(at(4), there([0, 4], [0, 7]), 'latest');
    expect(position).toEqual(at(4, 0));
    expect(gaps).toEqual([]);
  });

  it('in partitions of ours only; one that was there and that nobody has begun is begun as configured', () => {
    const isOurs = (partition: number): boolean => partition % 2 === 1;
    const bounds = there([0, 9], [2, 7], [0, 3], [1, 4]);
    const begun = { seen: 2, partitions: { 0: { id: 'a', incarnation: 1, next: 5 } } };
    expect(goOnFrom(begun, bounds, 'latest', isOurs)).toEqual({
      position: {
        seen: 4,
        partitions: {
          1: { id: 'a', incarnation: 1, next: 7 },
          3: { id: 'a', incarnation: 1, next: 1 },
        },
      },
      gaps: [],
    });
    // Another topic has the name: whoever begins in it begins at the first record.
    expect(goOnFrom(begun, { ...bounds, id: 'b' }, 'latest', isOurs).position.partitions[1]!.next).toBe(2);
  });
});
