import { riskAlone } from '../../runtime/scorer-service.ts';
import { setTimeout as passed } from 'node:timers/promises';
import { z } from 'zod';
import { aggregate } from '../../operators/aggregate.ts';
import { count } from '../../operators/aggregates/count.ts';
import { intervalJoin } from '../../operators/interval-join.ts';
import { keyedProcess, rowsOf } from '../../operators/keyed-process.ts';
import { map } from '../../operators/map.ts';
import { score } from '../../operators/score.ts';
import { pipeline } from '../../runtime/pipeline.ts';
import { topic } from '../../runtime/topic.ts';
import { tumbling } from '../../runtime/window-spec.ts';
import { type Generated, GeneratedLog } from './generated-log.ts';
import type { Scenario } from './scenario.ts';

const seen = z.object({ at: z.number(), key: z.number(), n: z.number() });
type Seen = z.infer<typeof seen>;
const DISORDER_MS = 600_000;
const input = topic('in', { schema: seen, key: 'key' });
const left = topic('left', { schema: seen, key: 'key', disorderMs: DISORDER_MS });
const right = topic('right', { schema: seen, key: 'key', disorderMs: DISORDER_MS });
const empty = topic('empty', { schema: seen, key: 'key' });
const padded = topic('padded', {
  schema: z.object({ at: z.number(), key: z.number(), pad: z.string() }),
  key: 'key',
});
const counted = topic('counted', {
  schema: z.object({ at: z.number(), key: z.number(), n: z.number() }),
  key: 'key',
});

const generated = (heardAt: number, key: number, at = heardAt, n = 1): Generated => ({
  heardAt,
  key: String(key),
  value: Buffer.from(`{"at":${at},"key":${key},"n":${n}}`),
});

const PAD = 'x'.repeat(400);

/** Commits take ten times as long as the batches that fill them, and there is always more to read. */
const slowSink: Scenario = {
  about: 'a sink ten times too slow, input without end',
  rssMB: 500,
  heapMB: 256,
  make: (secs) => {
    let isOver = false;
    let end = 0;
    const log = new GeneratedLog({
      topics: { in: { end: () => end, record: (offset) => generated(1 + offset / 10, offset % 1_000) } },
      closedUntil: () => 1 + end / 10,
      // In the end it must get through what there is.
      commitMs: () => (isOver ? 0 : 500),
    });
    return {
      log,
      pipelines: [
        pipeline('slow-sink', { checkpoint: '50ms', from: { input } }, (from) => [
          from.input.through(map(({ at, key }: Seen) => ({ at, key, pad: PAD }))).to(padded),
        ]),
      ],
      goOn: (sec) => {
        isOver = sec >= secs;
        if (!isOver) end = log.written + 200_000;
        log.advance();
      },
      isDone: () => isOver,
    };
  },
};

const slowModel: Scenario = {
  about: 'a model ten times too slow, input without end',
  rssMB: 400,
  heapMB: 192,
  make: (secs) => {
    let isOver = false;
    let end = 0;
    const log = new GeneratedLog({
      topics: { in: { end: () => end, record: (offset) => generated(1 + offset / 10, offset % 1_000) } },
      closedUntil: () => 1 + end / 10,
    });
    return {
      log,
      scorer: {
        modelVersion: 'slow',
        threshold: 0.5,
        columns: 20,
        score: async (_, rows) => {
          await passed(isOver ? 0 : 50);
          return riskAlone('slow', 0.5, new Float32Array(rows));
        },
      },
      pipelines: [
        pipeline('slow-model', { checkpoint: '50ms', from: { input } }, (from) => [
          from.input
            .through(
              score({
                name: 'slow',
                model: 'slow',
                columns: 20,
                features: (row: Seen, target, offset) => void target.fill(row.n, offset, offset + 20),
                fallback: () => 0,
              }),
              map(({ row: { at, key, n } }): Seen => ({ at, key, n })),
            )
            .to(counted),
          // Beside the model, so that only the barriers hold this way back.
          from.input.through(map(({ at, key }: Seen) => ({ at, key, pad: PAD }))).to(padded),
        ]),
      ],
      goOn: (sec) => {
        isOver = sec >= secs;
        if (!isOver) end = Math.floor(log.written / 2) + 100_000;
        log.advance();
      },
      isDone: () => isOver,
    };
  },
};

/** Rows are ten minutes out of order, so ten minutes of both sides are kept; then time moves on and they go. */
const disorderedJoin = (rows: number): Scenario => ({
  about: `an ordered interval join with ten minutes of disorder, ${rows / 1e3} k rows held`,
  // A row that waits costs up to 1.3 kB of heap: the object, its place in two orders, and its copy for the checkpoint.
  rssMB: Math.round(700 + rows * 1.3e-3),
  heapMB: Math.round(256 + rows * 1.3e-3),
  make: () => {
    const spacingMs = (2 * DISORDER_MS) / rows;
    let isOpen = false;
    const total = 1.5 * rows;
    const ends = (): number => Math.floor(total / 2) + (isOpen ? 1 : 0);
    const record = (offset: number): Generated => {
      const heardAt = 1 + offset * spacingMs;
      if (offset >= Math.floor(total / 2)) return generated(heardAt + 4 * DISORDER_MS, 0);
      // Some are nearly as late as they may be, never the first.
      const behind = offset === 0 ? 0 : (offset * 7_919) % (DISORDER_MS - 1);
      return generated(heardAt, offset % 10_000, Math.max(0, Math.floor(heardAt - behind)));
    };
    const log = new GeneratedLog({
      topics: { left: { end: ends, record }, right: { end: ends, record } },
      closedUntil: () => 1 + total * spacingMs + 8 * DISORDER_MS,
    });
    return {
      log,
      pipelines: [
        pipeline('join', { checkpoint: '250ms', from: { left, right } }, (from) => [
          intervalJoin(from.left.keyBy('key'), from.right.keyBy('key'), {
            name: 'near',
            before: '1ms',
            mode: 'ordered',
            select: ({ at, key, n }, other) => ({ at, key, n: n + other.n }),
          }).to(counted),
        ]),
      ],
      goOn: (sec) => {
        if (sec > 1) isOpen = true;
        log.advance();
      },
      isDone: () => isOpen,
      state: { steps: ['near'], most: 2 * rows, left: 10 },
    };
  },
});

/** Every key once, then only time. */
const manyKeys = (keys: number): Scenario => ({
  about: `${keys / 1e3} k keys in a window and in a process with a time to live`,
  rssMB: 1_400,
  heapMB: 1_100,
  make: () => {
    let isOpen = false;
    const ends = (): number => keys + (isOpen ? 2 : 0);
    const record = (offset: number): Generated =>
      offset < keys
        ? generated(1 + (offset * 9_000) / keys, offset)
        : generated(100_000 * (offset - keys + 1), 0);
    const log = new GeneratedLog({
      topics: { in: { end: ends, record } },
      closedUntil: () => (isOpen ? 400_000 : 9_001),
    });
    return {
      log,
      pipelines: [
        pipeline('keys', { checkpoint: '250ms', from: { input } }, (from) => {
          const keyed = from.input.keyBy('key');
          return [
            keyed
              .window(tumbling('10s'))
              .through(aggregate('per-key', { n: count() }))
              .through(map(({ windowEnd, key, n }) => ({ at: windowEnd, key, n })))
              .to(counted),
            keyedProcess('last', {
              inputs: { rows: keyed },
              emits: rowsOf<Seen>(),
              initial: 0,
              ttl: '20s',
              on: { rows: ({ n }, context) => context.set(context.state + n) },
            }).to(counted),
          ];
        }),
      ],
      goOn: (sec) => {
        if (sec > 1) isOpen = true;
        log.advance();
      },
      isDone: () => isOpen,
      state: { steps: ['per-key', 'last'], most: 2 * keys + 10, left: 10 },
    };
  },
});

/** One writer of an input has a backlog, and the other says nothing for most of the time. */
const stuckJoin = (rows: number): Scenario => ({
  about: `a join that waits for a silent writer before a backlog of ${rows / 1e3} k rows`,
  rssMB: 400,
  heapMB: 160,
  make: (secs) => {
    let isStuck = true;
    const log = new GeneratedLog({
      topics: {
        left: {
          end: () => rows,
          record: (offset) => ({ ...generated(1 + offset, offset % 1_000), producer: 'fast/0' }),
        },
      },
      closedUntil: () => rows + 1_000,
      silent: (producer) => isStuck && producer === 'slow/0',
    });
    return {
      log,
      pipelines: [
        pipeline('fast', { from: { empty } }, (from) => [from.empty.to(left)]),
        pipeline('slow', { from: { empty } }, (from) => [from.empty.to(left)]),
        pipeline('stuck', { checkpoint: '50ms', from: { left } }, (from) => [
          from.left.through(map(({ at, key, n }: Seen): Seen => ({ at, key, n }))).to(counted),
        ]),
      ],
      goOn: (sec) => {
        if (sec >= secs / 2) isStuck = false;
        log.advance();
      },
      isDone: () => log.written >= rows,
    };
  },
});

export type Size = 'short' | 'full';

export const scenarios = (size: Size): Readonly<Record<string, Scenario>> => ({
  'slow-sink': slowSink,
  'slow-model': slowModel,
  'disordered-join': disorderedJoin(size === 'full' ? 1_000_000 : 100_000),
  'many-keys': manyKeys(size === 'full' ? 1_000_000 : 100_000),
  'stuck-join': stuckJoin(size === 'full' ? 2_000_000 : 150_000),
});
