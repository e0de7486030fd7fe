import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bandFloor, bandOf, families, opensException, severityBands } from '../../domain/taxonomy.ts';
import { rules } from '../rules/shipped-rules.ts';

const reference = new URL('../../../shared/reference/categories.tsv', import.meta.url);
const hasReference = existsSync(reference);
if (!hasReference) console.warn('skipped: the reference list of categories is not on this machine');

test.each([
  [0, 'info'],
  [19.9, 'info'],
  [20, 'low'],
  [59.9, 'medium'],
  [60, 'high'],
  [100, 'critical'],
])('severity %d is %s', (severity, band) => {
  expect(bandOf(severity)).toBe(band);
});

test('the floor of each band is the first severity in it', () => {
  for (const band of severityBands) expect(bandOf(bandFloor(band))).toBe(band);
});

test('every family has a category', () => {
  const used = new Set(Object.values(rules.taxonomy.categories).map(({ family }) => family));
  expect([...used].toSorted()).toEqual([...families].toSorted());
});

test('what is ordinary opens no exception and weighs nothing', () => {
  for (const [name, rule] of Object.entries(rules.taxonomy.categories)) {
    expect([name, opensException(rule)]).toEqual([name, rule.defaultSeverity > 0]);
  }
});

test.skipIf(!hasReference)('has the categories, families and bands of the reference', () => {
  const rows = readFileSync(reference, 'utf8').trim().split('\n').slice(1);
  const expected = rows.map((row) => {
    const [name = '', family, band, predictable] = row.split('\t');
    return [name, family, band === 'none' ? 'info' : band, predictable === 'yes'];
  });
  const ours = Object.entries(rules.taxonomy.categories).map(([name, rule]) => [
    name,
    rule.family,
    bandOf(rule.defaultSeverity),
    rule.predictable,
  ]);
  const byName = (a: unknown[], b: unknown[]): number => String(a[0]).localeCompare(String(b[0]));
  expect(ours.toSorted(byName)).toEqual(expected.toSorted(byName));
});
