import { riskAlone } from '../../runtime/scorer-service.ts';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { keyedProcess, rowsOf } from '../../operators/keyed-process.ts';
import { map } from '../../operators/map.ts';
import { score } from '../../operators/score.ts';
import { wallClock } from '../../runtime/clock.ts';
import { createEngine } from '../../runtime/engine.ts';
import type { ForewarnError } from '../../runtime/forewarn-error.ts';
import type { Pipeline } from '../../runtime/graph.ts';
import { pipeline } from '../../runtime/pipeline.ts';
import type { RowFailure } from '../../runtime/step.ts';
import { silentObserver } from '../../runtime/task-observer.ts';
import { topic, type Topic } from '../../runtime/topic.ts';
import { letterOfFailure } from '../../runtime/wire/pipelines.ts';
import { letters, type Noted, out, type Said } from '../support/law-topics.ts';
import { MemoryLog } from '../support/memory-log.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const BAD = 13;
const DAY_MS = 86_400_000;
const noted = z.object({ at: z.number(), key: z.string(), n: z.number(), extra: z.number().nullable() });
type Row = z.infer<typeof noted>;

const columns = topic('in', { schema: noted, key: 'key' });
const documents: Topic<Row> = { ...columns, layout: null };
const refuse = (): never => {
  throw new Error('thirteen');
};
const refuseBad = ({ n }: Pick<Noted, 'n'>): void => {
  if (n === BAD) refuse();
};
const say = map(({ at, key, n }: Row): Said => ({ at, key, what: `${n}` }));
const answersTo = (into: Topic<Said>, from: Topic<Row> = columns): Pipeline =>
  pipeline('trial', { from: { in: from } }, (flows) => [flows.in.through(say).to(into)]);

const good = (at: number): string => JSON.stringify({ at, key: 'a', n: at, extra: null });
const bad = JSON.stringify({ at: 3, key: 'a', n: BAD, extra: null });

interface Trial {
  readonly pipeline: () => Pipeline;
  /** The record that is of no use, between two that are. */
  readonly record: string;
  readonly stage: RowFailure['stage'];
  readonly step: string;
  readonly reason: RegExp;
  readonly code?: string;
}

const badWords = (row: Said): boolean => row.what === `${BAD}`;

const trials: Readonly<Record<string, Trial>> = {
  'that is no JSON': {
    pipeline: () => answersTo(out),
    record: '{"at":3,',
    stage: 'decode',
    step: 'source',
    reason: /JSON/,
  },
  'that a reader throws on': {
    pipeline: () =>
      answersTo(out, {
        ...columns,
        read: (record) => {
          const row = columns.read(record);
          refuseBad(row);
          return row;
        },
      }),
    record: bad,
    stage: 'decode',
    step: 'source',
    reason: /thirteen/,
  },
  'of another type than its column': {
    pipeline: () => answersTo(out),
    record: '{"at":3,"key":"a","n":"three","extra":null}',
    stage: 'decode',
    step: 'source',
    reason: /field "n" is string/,
  },
  'that is null where an object is expected': {
    pipeline: () => answersTo(out),
    record: 'null',
    stage: 'decode',
    step: 'source',
    reason: /null/,
  },
  'without event time': {
    pipeline: () => answersTo(out, documents),
    record: '{"key":"a","n":3,"extra":null}',
    stage: 'validate',
    step: 'source',
    reason: /event time is undefined/,
    code: 'FW402',
  },
  'of the far future': {
    pipeline: () => answersTo(out),
    record: good(10 * DAY_MS),
    stage: 'validate',
    step: 'source',
    reason: /864000 s after it was heard|after it was heard/,
    code: 'FW403',
  },
  'that a stateless step throws on': {
    pipeline: () =>
      pipeline('trial', { from: { in: columns } }, (flows) => [
        flows.in
          .through(
            map((row: Row) => {
              refuseBad(row);
              return row;
            }),
            say,
          )
          .to(out),
      ]),
    record: bad,
    stage: 'operator',
    step: 'map',
    reason: /thirteen/,
  },
  'that has no key': {
    pipeline: () =>
      pipeline('trial', { from: { in: columns } }, (flows) => [
        flows.in
          .keyBy((row) => {
            refuseBad(row);
            return row.key;
          })
          .through(say)
          .to(out),
      ]),
    record: bad,
    stage: 'operator',
    step: 'keyBy',
    reason: /thirteen/,
  },
  'whose key field is null': {
    pipeline: () =>
      pipeline('trial', { from: { in: documents } }, (flows) => [flows.in.keyBy('key').through(say).to(out)]),
    record: '{"at":3,"key":null,"n":3,"extra":null}',
    stage: 'operator',
    step: 'keyBy',
    reason: /field "key" is null/,
  },
  'that a keyed process throws on': {
    pipeline: () =>
      pipeline('trial', { from: { in: columns } }, (flows) => [
        keyedProcess('watch', {
          inputs: { rows: flows.in.keyBy('key') },
          emits: rowsOf<Said>(),
          initial: null,
          on: {
            rows: (row, context) => {
              context.emit({ at: row.at, key: row.key, what: `${row.n}` });
              refuseBad(row);
            },
          },
        }).to(out),
      ]),
    record: bad,
    stage: 'operator',
    step: 'watch',
    reason: /thirteen/,
  },
  'whose features cannot be computed': {
    pipeline: () =>
      pipeline('trial', { from: { in: columns } }, (flows) => [
        flows.in
          .through(
            score({
              name: 'risk',
              model: 'any',
              columns: 1,
              features: (row: Row, target, offset) => {
                refuseBad(row);
                target[offset] = row.n;
              },
              fallback: () => 0,
            }),
            map(({ row }): Said => ({ at: row.at, key: row.key, what: `${row.n}` })),
          )
          .to(out),
      ]),
    record: bad,
    stage: 'score',
    step: 'risk',
    reason: /thirteen/,
  },
  'that cannot be placed in its sink': {
    pipeline: () => answersTo({ ...out, key: (row) => (badWords(row) ? refuse() : row.key) }),
    record: bad,
    stage: 'sink',
    step: 'to out',
    reason: /thirteen/,
  },
  'that cannot be written': {
    pipeline: () =>
      answersTo({ ...out, write: (row, at) => (badWords(row) ? refuse() : out.write(row, at)) }),
    record: bad,
    stage: 'sink',
    step: 'to out',
    reason: /thirteen/,
  },
  'that is lost on a change of key': {
    pipeline: () =>
      pipeline('trial', { from: { in: columns } }, (flows) => [
        flows.in
          .rekey('again', (row) => {
            refuseBad(row);
            return row.key;
          })
          .through(say)
          .to(out),
      ]),
    record: bad,
    stage: 'sink',
    step: 'to ~trial.again',
    reason: /thirteen/,
  },
};

interface Refused {
  readonly step: string;
  readonly failure: RowFailure;
}

const topics = { in: 2, out: 1, letters: 1, '~trial.again': 1 };

const run = async (definition: Pipeline, values: readonly string[]) => {
  const log = new MemoryLog({ topics, time: 'recorded' });
  const refused: Refused[] = [];
  const errors: unknown[] = [];
  let counted = 0;
  const engine = createEngine({
    pipelines: [definition],
    log,
    stateFolder: await tempFolder(),
    services: {
      scorer: () => ({
        modelVersion: 'v1',
        threshold: 0.5,
        columns: 1,
        score: async (_, rows) => riskAlone('v1', 0.5, new Float32Array(rows)),
      }),
    },
    observer: { ...silentObserver, failed: () => void (counted += 1) },
    wall: wallClock,
    deadLetter: (failure, step) => {
      refused.push({ step, failure });
      const { heardAt, stage, error, row } = failure;
      return {
        topic: letters as Topic<unknown>,
        row: { at: heardAt, stage, reason: String(error), row: row instanceof Uint8Array ? null : row },
      };
    },
    onError: (error) => errors.push(error),
    checkpointMs: 1,
  });
  await engine.start();
  let heardAt = 10;
  for (const value of values)
    await log.append('in', { key: 'a', value: Buffer.from(value) }, { heardAt: (heardAt += 10) });
  await until('settled', () => errors.length > 0 || engine.settled(log.closedUntil));
  await engine.stop();
  expect(errors).toEqual([]);
  const said = log.all('out').map(({ value }) => (JSON.parse(String(value)) as Said).what);
  return {
    said,
    refused,
    counted,
    written: log.all('letters').length,
    partition: log.partitionFor('in', 'a'),
  };
};

describe('a record', () => {
  it.each(Object.entries(trials))('%s leaves a dead letter, and the rest goes on', async (_, trial) => {
    const { said, refused, counted, written, partition } = await run(trial.pipeline(), [
      good(1),
      good(2),
      trial.record,
      good(4),
    ]);
    expect(said).toEqual(['1', '2', '4']);
    expect(refused).toHaveLength(1);
    expect(counted).toBe(1);
    expect(written).toBe(1);
    const [{ step, failure }] = refused as [Refused];
    expect(failure.stage).toBe(trial.stage);
    expect(step.split(':')[0]).toBe(trial.step);
    expect(String(failure.error)).toMatch(trial.reason);
    if (trial.code !== undefined) expect((failure.error as ForewarnError).code).toBe(trial.code);
    expect(failure.origin).toEqual({ topic: 'in', partition, offset: 2 });
  });

  it('of the far future does not make the honest ones late', async () => {
    const pipelines = pipeline('trial', { from: { in: columns } }, (flows) => [
      keyedProcess('in-order', {
        inputs: { rows: flows.in.keyBy('key') },
        mode: 'ordered',
        emits: rowsOf<Said>(),
        initial: null,
        on: { rows: (row, context) => context.emit({ at: row.at, key: row.key, what: `${row.n}` }) },
      }).to(out),
    ]);
    const { said, refused } = await run(pipelines, [good(1), good(10 * DAY_MS), good(2), good(3)]);
    expect(said).toEqual(['1', '2']);
    expect(refused.map(({ failure }) => (failure.error as ForewarnError).code)).toEqual(['FW403']);
  });

  it('that does not fit leaves nothing behind in the columns', async () => {
    const pipelines = pipeline('trial', { from: { in: columns } }, (flows) => [
      flows.in
        .through(map(({ at, key, n, extra }: Row): Said => ({ at, key, what: `${n} ${extra}` })))
        .to(out),
    ]);
    const { said } = await run(pipelines, [
      good(1),
      '{"at":2,"key":null,"n":2,"extra":null}',
      '{"at":3,"key":"a","extra":null,"n":"no"}',
      '{"at":4,"key":"a","n":4,"extra":5}',
    ]);
    expect(said).toEqual(['1 null', '4 5']);
  });

  it('of every kind, many at once, is counted once each, with the place it came from', async () => {
    const kinds = ['{', 'null', '{"at":3,"key":"a","n":"x","extra":null}', good(10 * DAY_MS), bad];
    const values = Array.from({ length: 400 }, (_, index) =>
      index % 4 === 3 ? kinds[(index >> 2) % kinds.length]! : good(index + 20),
    );
    const { said, refused, counted, written } = await run(trials['that has no key']!.pipeline(), values);
    expect(said).toHaveLength(300);
    expect(refused).toHaveLength(100);
    expect([counted, written]).toEqual([100, 100]);
    const offsets = refused.map(({ failure }) => failure.origin!.offset).sort((a, b) => a - b);
    expect(offsets).toEqual(Array.from({ length: 100 }, (_, index) => 4 * index + 3));
  });
});

describe('the dead letter of a row', () => {
  const failure = {
    stage: 'sink',
    heardAt: 5,
    error: new Error('no'),
    origin: { topic: 'in', partition: 1, offset: 7 },
  } as const;
  const textOf = (row: unknown): string =>
    Buffer.from(
      (letterOfFailure({ ...failure, row }, 'to out', 'watch/1').row as { readonly bytes: string }).bytes,
      'base64',
    ).toString();

  it('holds the row as JSON, or the bytes as they came, and where they lie', () => {
    expect(textOf({ a: 1 })).toBe('{"a":1}');
    expect(textOf(Buffer.from('{"at":3,'))).toBe('{"at":3,');
    expect(letterOfFailure({ ...failure, row: null }, 'to out', 'watch/1').row).toMatchObject({
      origin: { topic: 'in', partition: 1, offset: 7 },
    });
  });

  it('is written of a row that no JSON can be made of, too', () => {
    const round: { self?: unknown } = {};
    round.self = round;
    expect(textOf(round)).toContain('Circular');
    expect(textOf({ n: 1n })).toContain('1n');
  });
});
