import { z } from 'zod';
import { aggregate } from '../../operators/aggregate.ts';
import { count } from '../../operators/aggregates/count.ts';
import { map } from '../../operators/map.ts';
import type { Pipeline } from '../../runtime/graph.ts';
import type { TaskRecord } from '../../runtime/log/log.ts';
import { pipeline } from '../../runtime/pipeline.ts';
import { type Topic, topic } from '../../runtime/topic.ts';
import { hopping, tumbling } from '../../runtime/window-spec.ts';

export const windows = ['tumbling', 'hopping'] as const;
export type Windows = (typeof windows)[number];

interface Touch {
  readonly key: number;
  readonly at: number;
}

/** Decoding is no part of what is measured: a row is two numbers, as they lie in memory. */
export const touches: Topic<Touch> = {
  ...topic<Touch>('touches', {
    schema: z.object({ key: z.int32(), at: z.number() }),
    key: 'key',
  }),
  read: ({ value }) => {
    const view = new DataView(value.buffer, value.byteOffset);
    return { key: view.getInt32(0, true), at: view.getFloat64(4, true) };
  },
};

/** A touch of a key at a moment of log time. */
export const touch = (key: number, at: number): TaskRecord => {
  const value = Buffer.allocUnsafe(12);
  value.writeInt32LE(key, 0);
  value.writeDoubleLE(at, 4);
  return { key: '', value, heardAt: at };
};

interface Counted {
  readonly key: number;
  readonly n: number;
}

const counts = topic<Counted>('counts', { schema: z.custom<Counted>(), key: () => '', at: () => 0 });

/** Rows counted by key, in windows so long that none closes: what is left is state. */
export const countKeys = (kind: Windows): Pipeline =>
  pipeline('count-keys', { from: { touches } }, (from) => [
    from.touches
      .keyBy('key')
      .window(kind === 'tumbling' ? tumbling('30d') : hopping('30d', '10d'))
      .through(aggregate('counts', { n: count() }))
      .through(map(({ key, n }) => ({ key, n })))
      .to(counts),
  ]);
