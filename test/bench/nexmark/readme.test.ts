import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { peers } from '../../../bench/nexmark/peers/peers.ts';
import { queries, type Query, queryNames } from '../../../bench/nexmark/queries.ts';
import { packageRoot } from '../../../runtime/package-root.ts';

const lines = readFileSync(join(packageRoot, 'bench', 'nexmark', 'README.md'), 'utf8').split('\n');

it('has every query as it is defined', () => {
  for (const name of queryNames) {
    const { about, row, adapted }: Query = queries[name];
    const answers = adapted === undefined ? about : `${about}; ${adapted}`;
    expect(lines).toContain(`| ${name} | (${row.join(', ')}) | ${answers} |`);
  }
});

it('has every peer as it is run', () => {
  for (const { name, tools, about } of peers) {
    expect(lines).toContain(`| ${name} | ${tools.join(', ') || 'npm'} | ${about} |`);
  }
});
