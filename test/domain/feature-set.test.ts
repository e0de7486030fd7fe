import { expect, it } from 'vitest';
import { featureSet, featureSetOf, readableSets } from '../../domain/feature-set.ts';
import { columnName, featureNames } from '../../domain/features.ts';

it('reads rows of sets that end earlier, and none in which a feature meant something else', () => {
  const sets = readableSets(['a', 'b@2', 'c']);
  expect(sets.get(featureSetOf(['a', 'b@2']))).toBe(2);
  expect(sets.get(featureSetOf(['a', 'b', 'c']))).toBeUndefined();
  expect(sets.get(featureSetOf(['b@2', 'a']))).toBeUndefined();
  expect(readableSets().get(featureSet)).toBe(featureNames.length);
});

it('names a feature by itself until its meaning changes', () => {
  expect(columnName({ name: 'slack', version: 1 })).toBe('slack');
  expect(columnName({ name: 'slack', version: 2 })).toBe('slack@2');
});

/** What has been logged reads only while these keep their places: new features come at the end, with a line here. */
it('keeps every feature that was ever logged in its place', () => {
  const shipped = { 65: '4ea1c99576202e2a10749f932e389c00', 68: '94e2dc6eef5927a7260a1641993e939c' };
  const sets = readableSets();
  expect(Object.values(shipped).map((set) => sets.get(set))).toEqual(Object.keys(shipped).map(Number));
  expect(shipped).toHaveProperty([String(featureNames.length)], featureSet);
});
