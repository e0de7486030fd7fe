import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../runtime/package-root.ts';
import { anchorsOf, textOf } from './documents.ts';

const FOLDER = 'docs/operators';
const pages = readdirSync(join(packageRoot, FOLDER)).map((name) => `${FOLDER}/${name}`);
const index = textOf(`${FOLDER}/README.md`);

const linksOf = (page: string): readonly string[] =>
  [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, to = '']) => to)
    .filter((to) => !/^[a-z]+:/.test(to));

describe('the index of operators', () => {
  // Seen red: without the row of `rx`.
  it('has an entry for every file of operators/, and for no other', () => {
    const files = readdirSync(join(packageRoot, 'operators'), { withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const told = [...index.matchAll(/^\| \[[^\]]+\]\(\.\.\/\.\.\/operators\/([a-z-]+\.ts)\)/gm)].map(
      ([, file = '']) => file,
    );
    expect([...new Set(told)].sort()).toEqual(files.map(({ name }) => name).sort());
  });

  it('says of each what it does, gives an example with numbers or points to one, and bounds its state', () => {
    const entries = [...index.matchAll(/^\| \[[^\n]*\|$/gm)].map(([line]) => line.split(' | '));
    for (const cells of entries) {
      expect(cells, cells[0]).toHaveLength(4);
      for (const cell of cells) expect(cell.replace(/[|\s]/g, ''), cells[0]).not.toBe('');
    }
  });

  it('leads to every page', () => {
    const reached = linksOf(`${FOLDER}/README.md`).map((to) => normalize(join(FOLDER, to.split('#')[0]!)));
    for (const page of pages) if (!page.endsWith('README.md')) expect(reached).toContain(page);
  });
});

describe.each(pages)('%s', (page) => {
  it('links to what exists', () => {
    const broken = linksOf(page).filter((to) => {
      const [path = '', anchor] = to.split('#');
      const file = path === '' ? page : normalize(join(dirname(page), path));
      if (!existsSync(join(packageRoot, file))) return true;
      return anchor !== undefined && !anchorsOf(textOf(file)).has(anchor);
    });
    expect(broken).toEqual([]);
  });
});
