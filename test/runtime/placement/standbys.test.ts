import { expect, it } from 'vitest';
import { sharesOf, standbysOf } from '../../../runtime/placement/standbys.ts';

const shares = (of: Readonly<Record<string, readonly number[]>>) => new Map(Object.entries(of));

it('is for each number the process that the group would give it to', () => {
  const standbys = standbysOf(shares({ a: [0, 3], b: [1, 4], c: [2] }));
  expect([...standbys].toSorted(([a], [b]) => a - b)).toEqual([
    [0, 'c'],
    [1, 'c'],
    [2, 'b'],
    [3, 'c'],
    [4, 'c'],
  ]);
});

it('is the other one of two, and one that has nothing before all others', () => {
  expect([...standbysOf(shares({ a: [0, 1], b: [2] })).entries()]).toEqual([
    [0, 'b'],
    [1, 'b'],
    [2, 'a'],
  ]);
  expect(new Set(standbysOf(shares({ a: [0], b: [1], spare: [] })).values())).toEqual(new Set(['spare']));
});

it('is nobody where there is one process', () => {
  expect(standbysOf(shares({ a: [0, 1, 2] })).size).toBe(0);
});

it('knows shares by who claimed which number, and itself though it has none', () => {
  const claims = new Map([
    [2, 'a'],
    [0, 'b'],
    [1, 'a'],
    // An owner of before names were written down.
    [3, ''],
  ]);
  expect([...sharesOf(claims, 'spare')]).toEqual([
    ['spare', []],
    ['b', [0]],
    ['a', [1, 2]],
  ]);
  expect(sharesOf(claims, 'a').get('a')).toEqual([1, 2]);
});
