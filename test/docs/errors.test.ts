import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorCodes } from '../../runtime/forewarn-error.ts';
import { packageRoot } from '../../runtime/package-root.ts';
import { textOf } from './documents.ts';

const codes = Object.keys(errorCodes);
const sections = new Map(
  textOf('docs/errors.md')
    .split(/^### /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf(':')), section]),
);

/** All TypeScript that runs: everything but tests and the list of codes itself. */
const source = (): string =>
  ['cli', 'console', 'domain', 'models', 'operators', 'pipelines', 'runtime', 'sinks', 'sources']
    .flatMap((folder) =>
      readdirSync(join(packageRoot, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts') && !name.endsWith('forewarn-error.ts'))
        .map((name) => readFileSync(join(packageRoot, folder, name), 'utf8')),
    )
    .join('\n');

describe('docs/errors.md', () => {
  it('has every code of ours and no other, in order', () => {
    expect([...sections.keys()]).toEqual(codes);
  });

  it.each(Object.entries(errorCodes))(
    '%s: title, example, mend, and whether to try again',
    (code, { title, retry }) => {
      const section = sections.get(code) ?? '';
      expect(section.split('\n')[0]).toBe(`${code}: ${title}`);
      expect(section).toMatch(new RegExp(`^> \`${code} .+\`$`, 'm'));
      expect(section).toMatch(/^Mend: \S/m);
      expect(section).toContain(`Try again: ${retry ? 'yes' : 'no'}.`);
    },
  );
});

it('every code is raised somewhere', () => {
  const text = source();
  expect(codes.filter((code) => !text.includes(`'${code}'`))).toEqual([]);
});
