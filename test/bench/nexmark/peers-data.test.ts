import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { runOracle } from '../../../bench/nexmark/oracle/run-oracle.ts';
import { isQueryName } from '../../../bench/nexmark/queries.ts';
import { withTempFolder } from '../../../bench/temp-folder.ts';
import { packageRoot } from '../../../runtime/package-root.ts';

const peersFolder = resolve(packageRoot, '..', 'shared', 'peers');
const generator = join(peersFolder, 'gen.mjs');
const readme = join(peersFolder, 'README.md');
const isThere = existsSync(generator) && existsSync(readme);
if (!isThere) console.log(`skipped: the peers' generator and figures are not in ../shared/peers`);

/** Rows of the table "query | rows 2 M | sum 2 M | rows 200 k | sum 200 k" in the peers' README. */
const published = (): readonly { query: string; rows: string; sum: string }[] =>
  readFileSync(readme, 'utf8')
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter(([, query = '']) => isQueryName(query))
    .map(([, query = '', , , rows = '', sum = '']) => ({ query, rows, sum }))
    .filter(({ rows }) => /^\d+$/.test(rows));

it.skipIf(!isThere)('finds the rows and checksums that the peers publish for their 200,000 events', () =>
  withTempFolder(async (folder) => {
    execFileSync(process.execPath, [generator, '200000', folder]);
    const found: string[] = [];
    for (const { query, rows, sum } of published()) {
      if (!isQueryName(query)) continue;
      expect(await runOracle(query, 'mem', folder), query).toMatchObject({
        rows: Number(rows),
        sum: Number(sum),
      });
      found.push(query);
    }
    expect(found).toEqual(['q0', 'q2', 'q5', 'q7', 'q8', 'qij']);
    // The README has no row of q1 for the small set; the peers' loop is their oracle.
    const printed = execFileSync(process.execPath, [
      join(peersFolder, 'node', 'loop.mjs'),
      'q1',
      'file',
      folder,
    ]);
    const { rows, sum } = JSON.parse(printed.toString().split('\n')[0]!) as { rows: number; sum: number };
    expect(await runOracle('q1', 'mem', folder)).toMatchObject({ rows, sum });
  }),
);
