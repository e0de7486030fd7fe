import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { feed } from '../../cli/recorded-line.ts';
import { packageRoot } from '../../runtime/package-root.ts';
import type { SavepointFacts } from '../../runtime/savepoint/savepoint.ts';
import { textOf } from '../docs/documents.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { documentAt, newDataFolder, runThrough } from './recorded-folder.ts';
import { forewarn } from './run-cli.ts';
import { startRunningLine } from './running-line.ts';

const documents = [
  documentAt(0, 'contract', textOf('docs/examples/contract.json')),
  documentAt(1, 'plan', textOf('docs/examples/plan.json')),
  documentAt(2, 'delivered', textOf('docs/examples/delivered.ndjson'), 'application/x-ndjson'),
];
const factsOf = async (data: string, name: string): Promise<SavepointFacts> =>
  JSON.parse(await readFile(join(data, 'savepoints', name, 'savepoint.json'), 'utf8')) as SavepointFacts;

describe('forewarn savepoint', () => {
  it('makes, lists and deletes savepoints of a folder on which nothing runs', async () => {
    const data = await newDataFolder(await tempFolder());
    await runThrough(data, documents);
    expect((await forewarn('savepoint', 'list', '--data', data)).out).toMatch(/^there is no savepoint/);
    const made = await forewarn('savepoint', 'create', 'first', '--data', data);
    expect(made.out).toMatch(
      /^savepoint "first" at log time 2026-02-03T21:02:00\.\d+Z: 44 tasks, \d+ bytes of state; the log is kept/,
    );
    expect((await forewarn('savepoint', 'create', 'first', '--data', data)).err).toMatch(
      /^FW321 savepoint "first" is there already; delete it or choose another name$/,
    );
    expect((await forewarn('savepoint', 'create', 'Not A Name', '--data', data)).err).toMatch(/^FW321/);
    const { out } = await forewarn('savepoint', 'list', '--data', data);
    expect(out.split('\n')[1]).toMatch(/^first +2026-02-03T21:02:00 +\S+ +0 +44 +\d+$/);
    const facts = await factsOf(data, 'first');
    const watching = facts.graph.steps.find(({ name }) => name === 'on-the-way')!;
    expect(watching).toMatchObject({
      stage: 'watch',
      keys: ['a function', ...Array.from({ length: 8 }, () => '')],
      format: 1,
    });
    expect(facts.graph.stages.find(({ name }) => name === 'watch')?.partitions).toBe(2);
    expect((await forewarn('savepoint', 'delete', 'second', '--data', data)).err).toMatch(
      /^FW320 savepoint "second" is not in .*; there are first$/,
    );
    expect((await forewarn('savepoint', 'delete', 'first', '--data', data)).code).toBe(0);
    expect(existsSync(join(data, 'savepoints', 'first'))).toBe(false);
  });

  it('asks the process that runs', async () => {
    const data = await newDataFolder(await tempFolder());
    const line = await startRunningLine(data);
    try {
      await feed(line, documents);
      expect((await forewarn('savepoint', 'create', 'live', '--data', data)).out).toMatch(
        /^savepoint "live"/,
      );
      expect((await forewarn('savepoint', 'create', 'live', '--data', data)).err).toMatch(
        /^FW321 savepoint "live" is/,
      );
      expect((await forewarn('savepoint', 'list', '--data', data)).out).toMatch(/^live /m);
      expect((await forewarn('savepoint', 'delete', 'gone', '--data', data)).err).toMatch(/^FW320/);
      expect((await forewarn('savepoint', 'delete', 'live', '--data', data)).code).toBe(0);
      expect((await forewarn('savepoint', 'list', '--data', data, '--json')).out).toBe('[]');
    } finally {
      await line.stop();
    }
  });
});

describe('forewarn plan', () => {
  it('keeps everything while nothing changes, and says what a change costs', async () => {
    const data = await newDataFolder(await tempFolder());
    await runThrough(data, documents);
    await forewarn('savepoint', 'create', 'first', '--data', data);
    const plan = (...words: readonly string[]) =>
      forewarn('plan', '--savepoint', 'first', '--data', data, ...words);
    const same = await plan();
    expect(same.out).toMatch(/25 keep their state, 0 lose it, 0 cannot, 0 start empty$/);
    expect(same.code).toBe(0);

    // As if the savepoint were of other code than today's.
    const file = join(data, 'savepoints', 'first', 'savepoint.json');
    const facts = await factsOf(data, 'first');
    const steps = facts.graph.steps.map((step) =>
      step.name === 'on-the-way'
        ? { ...step, name: 'on-its-way' }
        : step.name === 'case'
          ? { ...step, verb: 'aggregate' }
          : step,
    );
    await writeFile(file, JSON.stringify({ ...facts, graph: { ...facts.graph, steps } }));
    const changed = await plan();
    expect(changed.out).toContain(
      'loses   watch "on-its-way": it is gone; "on-the-way" looks like its new name',
    );
    expect(changed.out).toContain('cannot  resolve "case": its verb was "aggregate" and is "process"');
    expect(changed.out).toContain('new     watch "on-the-way": it is not in the savepoint and starts empty');
    expect(changed.out).toMatch(/23 keep their state, 1 lose it, 1 cannot, 1 start empty$/);
    expect(changed.code).toBe(1);
    expect((await plan('--allow-loss')).code).toBe(1);

    await writeFile(
      file,
      JSON.stringify({
        ...facts,
        graph: { ...facts.graph, steps: steps.filter(({ name }) => name !== 'case') },
      }),
    );
    expect((await plan()).code).toBe(1);
    expect((await plan('--allow-loss')).code).toBe(0);
    expect((await forewarn('plan', '--savepoint', 'none', '--data', data)).err).toMatch(/^FW320/);
    const own = await plan('--pipelines', join(packageRoot, 'runtime', 'clock.ts'));
    expect(own.err).toMatch(/^FW101 .* exports no pipeline/);
  });
});

describe('forewarn why', () => {
  it('says where the tasks of a step stand', async () => {
    const data = await newDataFolder(await tempFolder());
    const line = await startRunningLine(data);
    try {
      await feed(line, documents);
      const { out, code } = await forewarn('why', 'on-the-way', '--data', data);
      expect(code).toBe(0);
      expect(out).toMatch(/^watch\/0 has come as far as the log, 2026-02-03T21:02:00Z; no record waits\.$/m);
      expect(out).toMatch(/^watch\/1 has come/m);
      expect(out).toMatch(/Its watermark is/);
      const answer = JSON.parse((await forewarn('why', 'watch/0', '--data', data, '--json')).out) as {
        readonly tasks: readonly { readonly task: string }[];
      };
      expect(answer.tasks.map(({ task }) => task)).toEqual(['watch/0']);
      const wrong = await forewarn('why', 'on-teh-way', '--data', data);
      expect(wrong.err).toMatch(/^FW701 "on-teh-way" is not one of the steps .*; did you mean on-the-way\?$/);
      expect(wrong.code).toBe(1);
    } finally {
      await line.stop();
    }
  });
});
