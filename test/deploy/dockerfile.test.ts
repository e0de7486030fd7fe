import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { config } from '../../runtime/config/config.ts';
import { packageRoot } from '../../runtime/package-root.ts';
import { shippedModels } from '../../runtime/wire/models-of.ts';
import { textOf } from './deployed.ts';

const dockerfile = textOf('Dockerfile');
const stages = dockerfile.split(/^FROM /m).slice(1);
const final = stages.at(-1) ?? '';
/** `COPY` without `--from`: what comes from the repository, with the place it goes to. */
const copied = (stage: string): readonly string[] =>
  [...stage.matchAll(/^COPY (?!--from)(?:--\S+ )*(.+)$/gm)].flatMap(([, words = '']) =>
    words.split(' ').slice(0, -1),
  );
const ignored = readFileSync(join(packageRoot, '.dockerignore'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));

describe('Dockerfile', () => {
  it('copies only what exists and is not kept from it', () => {
    const paths = stages.flatMap(copied).filter((path) => path !== '.');
    expect(paths.length).toBeGreaterThan(6);
    for (const path of paths) {
      expect(existsSync(join(packageRoot, path)), path).toBe(true);
      expect(ignored, path).not.toContain(path.split('/')[0]);
    }
  });

  it('takes along what is read beside the compiled code', () => {
    const beside = [
      shippedModels.slice(packageRoot.length + 1),
      'console/page',
      'rules',
      'bin',
      'package.json',
    ];
    for (const path of beside) expect(copied(final)).toContain(path);
    // As bin/forewarn.js knows that there is nothing to compile.
    expect(copied(final)).not.toContain('tsconfig.json');
  });

  it('compiles by the projects that a clone is compiled by', () => {
    const prepared = readFileSync(join(packageRoot, 'bin', 'prepare.js'), 'utf8');
    const projects = [...dockerfile.matchAll(/tsc -p (\S+)/g)].map(([, project = '']) => project);
    expect(projects).toEqual(['tsconfig.build.json', 'console/page/tsconfig.json']);
    for (const project of projects)
      expect(prepared).toContain(
        project
          .split('/')
          .map((part) => `'${part}'`)
          .join(', '),
      );
  });

  it('runs on a Node that the package admits, as somebody without rights, and is asked how it is', () => {
    const { engines } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
      engines: { node: string };
    };
    expect(engines.node).toBe('>=20.19');
    for (const stage of stages) expect(stage).toMatch(/^node:24-bookworm-slim\b/);
    expect(final).toMatch(/^USER 1000:1000$/m);
    expect(final).toMatch(/^HEALTHCHECK .* CMD \["node", "bin\/health-check\.js"\]$/m);
    expect(existsSync(join(packageRoot, 'bin', 'health-check.js'))).toBe(true);
    expect(final).toContain(`EXPOSE ${config.parse({}).http.port}`);
  });
});
