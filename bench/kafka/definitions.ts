import { z } from 'zod';
import { aggregate } from '../../operators/aggregate.ts';
import { count } from '../../operators/aggregates/count.ts';
import { sum } from '../../operators/aggregates/sum.ts';
import { intervalJoin } from '../../operators/interval-join.ts';
import type { Pipeline } from '../../runtime/graph.ts';
import { pipeline } from '../../runtime/pipeline.ts';
import { topic } from '../../runtime/topic.ts';
import { tumbling } from '../../runtime/window-spec.ts';
import { DISORDER_MS } from './input.ts';

const row = z.object({
  key: z.string(),
  id: z.int32(),
  value: z.int32(),
  at: z.number(),
  note: z.string(),
});

const left = topic('left', { schema: row, key: 'key', at: 'at', disorderMs: DISORDER_MS });
const right = topic('right', { schema: row, key: 'key', at: 'at', disorderMs: DISORDER_MS });
const total = z.object({
  key: z.string(),
  pairs: z.int32(),
  value: z.number(),
  windowStart: z.number(),
  windowEnd: z.number(),
  firing: z.enum(['early', 'on time', 'late']),
});

export const tasks = ['pass-through', 'windowed join'] as const;
export type TaskName = (typeof tasks)[number];

/** What is read for each task. */
export const inputsOf = (task: TaskName): readonly ('left' | 'right')[] =>
  task === 'pass-through' ? ['left'] : ['left', 'right'];

/** What comes out of each, row by row. */
export const results = { 'pass-through': row, 'windowed join': total } as const;

/**
 * Every row as it is; or pairs of both sides within ±2.5 s, counted and summed by key in tumbling windows of 10 s. To a topic, by the name
 * of which the pipeline goes too.
 */
export const definitions: Readonly<Record<TaskName, (to: string) => Pipeline>> = {
  'pass-through': (to) =>
    pipeline(to, { from: { left } }, (from) => [
      from.left.to(topic(to, { schema: row, key: 'key', at: 'at' })),
    ]),
  'windowed join': (to) =>
    pipeline(to, { from: { left, right } }, (from) => [
      intervalJoin(from.left.keyBy('key'), from.right.keyBy('key'), {
        name: 'pairs',
        before: '2500ms',
        after: '2500ms',
        select: (one, other) => ({ key: one.key, value: one.value + other.value }),
      })
        .window(tumbling('10s'))
        .through(aggregate('totals', { pairs: count(), value: sum('value') }))
        .to(topic(to, { schema: total, key: 'key', at: 'windowEnd' })),
    ]),
};
