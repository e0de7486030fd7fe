import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { families, type Taxonomy } from '../../../domain/taxonomy.ts';
import { packageRoot } from '../../../runtime/package-root.ts';
import { addCategory } from '../../../runtime/rules/add-category.ts';

const shipped = readFileSync(join(packageRoot, 'rules/taxonomy.yaml'), 'utf8');
const category = {
  name: 'fuel_shortage',
  severity: 55,
  predictable: true,
  about: "No fuel: the driver's tank",
};

/** Lines that one text has more than the other, in order; undefined where anything else differs too. */
const linesAdded = (before: string, after: string): readonly string[] | undefined => {
  const old = before.split('\n');
  const added: string[] = [];
  let at = 0;
  for (const line of after.split('\n')) {
    if (line === old[at]) at += 1;
    else added.push(line);
  }
  return at === old.length ? added : undefined;
};

describe('addCategory', () => {
  it.each(families)('adds to family %s its lines, in its section, and changes nothing else', (family) => {
    const text = addCategory(shipped, { ...category, family });
    const { version } = parse(shipped) as Taxonomy;
    expect(linesAdded(shipped.replace(/^version: .*$/m, `version: ${version + 1}`), text)).toEqual([
      '  fuel_shortage:',
      `    family: ${family}`,
      '    defaultSeverity: 55',
      '    predictable: true',
      "    about: 'No fuel: the driver''s tank'",
    ]);
    const now = parse(text) as Taxonomy;
    expect(now.categories['fuel_shortage']).toEqual({
      family,
      defaultSeverity: 55,
      predictable: true,
      about: category.about,
    });
    const order = Object.entries(now.categories).map(([, rule]) => rule.family);
    expect(order.indexOf(family)).toBe(
      order.lastIndexOf(family) - order.filter((one) => one === family).length + 1,
    );
  });

  it('stands by its name among its kin, whether they are written in lines or in braces', () => {
    const text = addCategory(shipped, { ...category, family: 'carrier_capability', name: 'misload' });
    const names = Object.keys((parse(text) as Taxonomy).categories);
    expect(names.slice(names.indexOf('misload') - 1, names.indexOf('misload') + 2)).toEqual([
      'mechanical',
      'misload',
      'misroute',
    ]);
    const first = addCategory(shipped, { ...category, family: 'environment', name: 'avalanche' });
    expect(first).toMatch(/# Environment: weather, road, labour\n {2}avalanche:\n/);
  });

  it('takes a file without a last line end, and a family that has nothing yet', () => {
    const text =
      "version: 3\ncategories:\n  delay:\n    { family: delay, defaultSeverity: 1, predictable: true, about: 'x' } # as ever";
    const now = addCategory(text, { ...category, family: 'address' });
    expect(now).toMatch(/^version: 4\n[\s\S]*# as ever\n {2}fuel_shortage:\n {4}family: address\n/);
    expect(Object.keys((parse(now) as Taxonomy).categories)).toEqual(['delay', 'fuel_shortage']);
  });

  it('refuses a name that is taken, and a file that is not in lines', () => {
    expect(() => addCategory(shipped, { ...category, family: 'delay', name: 'weather' })).toThrow(
      /FW507 taxonomy.yaml categories.weather: is there already; choose another name/,
    );
    expect(() =>
      addCategory('{ version: 1, categories: { a: {} } }', { ...category, family: 'delay' }),
    ).toThrow(/FW507 taxonomy.yaml: version and categories are not in lines/);
  });
});
