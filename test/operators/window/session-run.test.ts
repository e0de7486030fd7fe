import { expect, it } from 'vitest';
import { z } from 'zod';
import { aggregate } from '../../../operators/aggregate.ts';
import { count } from '../../../operators/aggregates/count.ts';
import { map } from '../../../operators/map.ts';
import { MemoryRun } from '../../../runtime/memory/memory-run.ts';
import { pipeline } from '../../../runtime/pipeline.ts';
import { topic } from '../../../runtime/topic.ts';
import { session } from '../../../runtime/window-spec.ts';

const rows = topic('rows', { schema: z.object({ key: z.int32(), at: z.number() }), key: 'key' });
const answers = topic('answers', { schema: z.custom<unknown>(), key: () => '', at: () => 0 });

/** Windows said, as `start-end firing n`, after each row of key 1 at these times; `~t` only moves the watermark to t. */
const saidAfter = (steps: readonly string[]): readonly (readonly string[])[] => {
  let said: string[] = [];
  const run = new MemoryRun(
    pipeline('p', { from: { rows } }, (from) => [
      from.rows
        .keyBy('key')
        .window(session('10ms'))
        .through(aggregate('s', { n: count() }, { lateness: '30ms' }))
        .through(map((row): unknown => row))
        .to(answers),
    ]),
    {
      onRows: (_, { size, body }) => {
        for (let index = 0; index < size; index++) {
          const row = body.row(index) as Readonly<Record<string, unknown>>;
          if (row['key'] === 1)
            said.push(
              `${String(row['windowStart'])}-${String(row['windowEnd'])} ${String(row['firing'])} ${String(row['n'])}`,
            );
        }
      },
    },
  );
  return steps.map((step) => {
    run.push(
      'rows',
      step.startsWith('~') ? { key: 2, at: Number(step.slice(1)) } : { key: 1, at: Number(step) },
    );
    run.flush();
    const now = said;
    said = [];
    return now;
  });
};

// Seen red: a look at the session that was put off to the end of its lateness when the late row came.
it('says a session that a late row has prolonged at its new end, not at the end of its lateness', () => {
  expect(saidAfter(['0', '9', '~20', '15', '~24', '~25', '~50', '~60'])).toEqual([
    [],
    [],
    ['0-19 on time 2'],
    [],
    [],
    ['0-25 on time 3'],
    [],
    [],
  ]);
});

it('says a session again at once for a late row that ends it no later than now', () => {
  expect(saidAfter(['0', '~10', '~18', '5', '~19', '~60', '5'])).toEqual([
    [],
    ['0-10 on time 1'],
    [],
    ['0-15 late 2'],
    [],
    [],
    [],
  ]);
});
