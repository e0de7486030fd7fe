import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bandFloor, bandOf, families, opensException, severityBands } from '../../domain/taxonomy.ts';
import { rules } from '../rules/shipped-rules.ts';

const reference = new URL('../../../shared/reference/categories.tsv', import.meta.url);
const codesReference = new URL('status-and-reason-codes.tsv', reference);
const hasReference = existsSync(reference) && existsSync(codesReference);
if (!hasReference)
  console.warn('skipped: the reference lists of categories and codes are not on this machine');

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

test.skipIf(!hasReference)('has every code of the reference, in its category', () => {
  const rows = readFileSync(codesReference, 'utf8').trim().split('\n').slice(1);
  const expected = rows.map((row) => {
    const [, code = '', , category = ''] = row.split('\t');
    return `${category} ${code}`;
  });
  const ours = Object.entries(rules.taxonomy.categories).flatMap(([name, { codes = {} }]) =>
    Object.values(codes).flatMap((list) => list.map((code) => `${name} ${code}`)),
  );
  expect(ours.toSorted()).toEqual(expected.toSorted());
});

test('says of every category which codes mean it, and never of one code two things', () => {
  const homes = new Map<string, string>();
  for (const [name, { codes = {} }] of Object.entries(rules.taxonomy.categories)) {
    expect([name, Object.keys(codes).length > 0]).toEqual([name, true]);
    for (const [list, all] of Object.entries(codes)) {
      for (const code of all) {
        expect(homes.get(`${list} ${code}`)).toBeUndefined();
        homes.set(`${list} ${code}`, name);
      }
    }
  }
  expect(homes.get('x12-1651 A1')).toBe('missed_delivery');
  expect(homes.size).toBeGreaterThan(600);
});
