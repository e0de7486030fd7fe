import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { config } from '../../runtime/config/config.ts';
import { packageRoot } from '../../runtime/package-root.ts';
import { forewarn as inProcess } from '../cli/run-cli.ts';
import { anchorsOf, codeBlocks, pages, projectFiles, textOf } from './documents.ts';

const readme = textOf('README.md');
const scripts = (JSON.parse(textOf('package.json')) as { scripts: Record<string, string> }).scripts;
const forewarn = (...args: readonly string[]): string =>
  execFileSync(process.execPath, [join(packageRoot, 'bin', 'forewarn.js'), ...args], { encoding: 'utf8' });

describe.each(pages)('%s', (page) => {
  const text = textOf(page);
  const links = [...text.replaceAll(/^```[\s\S]*?^```$/gm, '').matchAll(/\]\(([^)\s]+)\)/g)].map(
    ([, to = '']) => to,
  );

  it('links to what exists', () => {
    const broken = links
      .filter((to) => !/^[a-z]+:/.test(to))
      .filter((to) => {
        const [path = '', anchor] = to.split('#');
        const file = path === '' ? page : normalize(join(dirname(page), path));
        if (!existsSync(join(packageRoot, file))) return true;
        return anchor !== undefined && !anchorsOf(textOf(file)).has(anchor);
      });
    expect(broken).toEqual([]);
  });

  it('names only files and scripts that exist', () => {
    const paths = [...text.matchAll(/`((?:[a-z.]+\/)+[a-z0-9.-]+\.(?:ts|yaml|json|edi|md))`/g)].map(
      ([, path = '']) => path,
    );
    expect(paths.filter((path) => !existsSync(join(packageRoot, path)))).toEqual([]);
    const asked = [...text.matchAll(/npm (?:run )?(start|test|build|check|bench|lint|format)\b/g)];
    for (const [, script = ''] of asked) expect(scripts).toHaveProperty(script);
  });
});

describe('README.md', () => {
  it('shows code as it stands in the source', () => {
    const excerpts = codeBlocks(readme).filter(({ before }) => before.startsWith('<!-- excerpt: '));
    expect(excerpts.length).toBeGreaterThan(0);
    for (const { before, text } of excerpts) {
      const file = /^<!-- excerpt: (\S+) -->$/.exec(before)?.[1] ?? '';
      expect(textOf(file)).toContain(text);
    }
  });

  it('has every command, and none that is not there', async () => {
    const told = [...readme.matchAll(/^\| `forewarn (\w+)/gm)].map(([, name]) => name);
    const known = [...forewarn('--help').matchAll(/^ {2}(\w+) (?=[[<])/gm)].map(([, name]) => name);
    expect(told).toEqual(known.filter((name) => name !== 'help'));
    for (const name of told)
      expect((await inProcess(name ?? '', '--help')).out).toContain(`Usage: forewarn ${name}`);
  });

  it('configures only what can be configured', () => {
    const [example] = codeBlocks(readme).filter(({ language }) => language === 'yaml');
    for (const text of [example?.text ?? '', textOf('docs/examples/forewarn.yaml')]) {
      expect(config.safeParse(parse(text)).error?.issues).toBeUndefined();
    }
  });

  it('says in three sentences what it is for', () => {
    const purpose = readme.split('\n\n')[1] ?? '';
    expect(purpose.replaceAll('\n', ' ').split(/(?<=\.) /)).toHaveLength(3);
  });
});

describe('the project', () => {
  const files = projectFiles();
  if (files === null) console.warn('skipped: which files belong to the project, for this is no clone');

  it('mentions every file under docs/ in one of its pages', () => {
    const everything = pages.map(textOf).join('\n');
    const hidden = readdirSync(join(packageRoot, 'docs'), { recursive: true, encoding: 'utf8' })
      .map((name) => name.replaceAll('\\', '/'))
      .filter((name) => statSync(join(packageRoot, 'docs', name)).isFile() && !name.endsWith('.ts'))
      .filter((name) => !everything.includes(name) && !everything.includes(`(${basename(name)})`));
    expect(hidden).toEqual([]);
  });

  it.skipIf(files === null)('has no path of somebody’s machine in it', () => {
    const local = /(?:^|[\s"'`(=:])\/(?:root|home\/\w+|Users\/\w+|work)\//m;
    const found = (files ?? [])
      .filter((name) => !/\.(?:png|onnx|ico)$/.test(name))
      .filter((name) => local.test(readFileSync(join(packageRoot, name), 'utf8')));
    expect(found).toEqual([]);
  });

  it('has a lockfile without addresses of registries', () => {
    expect(textOf('package-lock.json')).not.toMatch(/"resolved"/);
  });
});
