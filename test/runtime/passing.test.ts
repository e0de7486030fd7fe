import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { aggregate } from '../../operators/aggregate.ts';
import { count } from '../../operators/aggregates/count.ts';
import { intervalJoin } from '../../operators/interval-join.ts';
import { map } from '../../operators/map.ts';
import { where } from '../../operators/where.ts';
import { columnsWanted } from '../../runtime/columns-wanted.ts';
import type { Pipeline } from '../../runtime/graph.ts';
import { pipeline } from '../../runtime/pipeline.ts';
import { topic } from '../../runtime/topic.ts';
import { tumbling } from '../../runtime/window-spec.ts';
import { newLog, startRun } from '../support/law-run.ts';
import { tempFolder } from '../support/temp-folder.ts';

const noted = z.object({ at: z.number(), key: z.string(), n: z.number() });
const nested = z.object({ at: z.number(), key: z.string(), n: z.number(), legs: z.array(z.string()) });
const flat = topic('left', { schema: noted, key: 'key' });
const same = topic('out', { schema: noted, key: 'key' });
const deep = topic('left', { schema: nested, key: 'key' });

/** What a pipeline writes of these records, as text. */
const written = async (definition: Pipeline, records: readonly string[]): Promise<readonly string[]> => {
  const log = newLog();
  for (const [index, value] of records.entries())
    await log.append('left', { key: 'a', value: Buffer.from(value) }, { heardAt: index + 1 });
  const run = await startRun([definition], log, { stateFolder: await tempFolder() });
  await run.settle(log.closedUntil);
  await run.stop();
  return log.all('out').map(({ value }) => Buffer.from(value).toString());
};

describe('a record that only passes', () => {
  const asIs = '{"at":1, "key":"a", "n":1.0}';
  const passing = pipeline('passing', { from: { flat } }, (from) => [from.flat.to(same)]);

  it('is written byte for byte as it came', async () => {
    expect(await written(passing, [asIs])).toEqual([asIs]);
  });

  it('is made anew where it has other fields than its schema, or another order', async () => {
    const others = ['{"at":1,"key":"a","n":1,"secret":"s"}', '{"key":"a","at":2,"n":1}'];
    expect(await written(passing, others)).toEqual(['{"at":1,"key":"a","n":1}', '{"at":2,"key":"a","n":1}']);
  });

  it('may stand among others that do not', async () => {
    const sieve = pipeline('sieve', { from: { flat } }, (from) => [
      from.flat.through(where(({ n }) => n !== 2)).to(same),
    ]);
    const some = [asIs, '{"at":2,"key":"a","n":2}', '{"at":3,"key":"a", "n":3}'];
    expect(await written(sieve, some)).toEqual([asIs, '{"at":3,"key":"a", "n":3}']);
  });

  it('passes as it came too where its schema has lists', async () => {
    const value = '{"at":1,"key":"a","n":1, "legs":[]}';
    const into = topic('out', { schema: nested, key: 'key' });
    const lists = pipeline('lists', { from: { deep } }, (from) => [from.deep.to(into)]);
    expect(await written(lists, [value])).toEqual([value]);
  });

  it('is made anew behind a step that makes rows, and in a topic of another schema', async () => {
    const mapped = pipeline('mapped', { from: { flat } }, (from) => [
      from.flat.through(map((row) => row)).to(same),
    ]);
    expect(await written(mapped, [asIs])).toEqual(['{"at":1,"key":"a","n":1}']);
    const other = topic('out', { schema: z.object({ ...noted.shape }), key: 'key' });
    const into = pipeline('other', { from: { flat } }, (from) => [from.flat.to(other)]);
    expect(await written(into, [asIs])).toEqual(['{"at":1,"key":"a","n":1}']);
  });

  it('is made anew where its topic is read in a way of its own', async () => {
    const doubled = { ...flat, read: (record: never) => ({ ...flat.read(record), n: 2 }) };
    const own = pipeline('own', { from: { doubled } }, (from) => [from.doubled.to(same)]);
    expect(await written(own, [asIs])).toEqual(['{"at":1,"key":"a","n":2}']);
  });
});

describe('rows are made columns', () => {
  const right = topic('right', { schema: noted, key: 'key' });
  const wantedOf = (definition: Pipeline): readonly string[] => {
    const [stage] = definition.stages;
    const wanted = columnsWanted(stage!);
    return stage!.sources.filter(({ id }) => wanted.has(id)).map((source) => source.topic.name);
  };
  const counted = { counted: count() };

  it('where a step behind steps that leave them as they are reads single fields of them', () => {
    const windows = pipeline('windows', { from: { flat } }, (from) => [
      from.flat
        .through(where(({ n }) => n > 0))
        .keyBy('key')
        .window(tumbling('1s'))
        .through(aggregate('count', counted))
        .to(topic('out', { schema: z.unknown() as never, key: () => 'a', at: null })),
    ]);
    expect(wantedOf(windows)).toEqual(['left']);
  });

  it('and nowhere else: not where they pass, nor where a step makes objects of them', () => {
    const joined = pipeline('joined', { from: { flat, right } }, (from) => [
      intervalJoin(from.flat.keyBy('key'), from.right.keyBy('key'), {
        name: 'pairs',
        before: '1s',
        after: '1s',
        select: (one, other) => ({ at: one.at, key: one.key, n: one.n + other.n }),
      })
        .window(tumbling('1s'))
        .through(aggregate('count', counted))
        .to(topic('out', { schema: z.unknown() as never, key: () => 'a', at: null })),
    ]);
    expect(wantedOf(joined)).toEqual([]);
    expect(wantedOf(pipeline('passing', { from: { flat } }, (from) => [from.flat.to(same)]))).toEqual([]);
  });
});
