import { z } from 'zod';
import { MemoryRun } from '../../runtime/memory/memory-run.ts';
import { type Topic, topic } from '../../runtime/topic.ts';
import type { Contest } from './contest.ts';
import { DISORDER_MS, isRight, type Row } from './input.ts';

export const contenders = ['hand loop', 'columns', 'objects'] as const;
/** `columns`: Forewarn with a schema of numbers alone; `objects`: with rows that no schema describes. */
export type Contender = (typeof contenders)[number];

/** What came out: both sides of a contest must agree on it. */
export interface Total {
  rows: number;
  sum: number;
}

const columns = z.object({ key: z.int32(), id: z.int32(), value: z.int32(), at: z.number() });

const topicOf = (name: string, contender: Contender): Topic<Row> =>
  topic<Row>(name, {
    schema: contender === 'columns' ? columns : z.custom<Row>(),
    key: 'key',
    disorderMs: DISORDER_MS,
  });

const byHand = ({ loop, inputs }: Contest, input: readonly Row[], total: Total): void => {
  const run = loop((value) => {
    total.rows += 1;
    total.sum += value;
  });
  for (let place = 0; place < input.length; place++)
    run.row(input[place]!, place + 1, inputs === 2 && isRight(place));
  run.end();
};

const byForewarn = (contest: Contest, contender: Contender, input: readonly Row[], total: Total): void => {
  const read = contest.read as (row: unknown) => number;
  const topics = { left: topicOf('left', contender), right: topicOf('right', contender) };
  const run = new MemoryRun(contest.pipeline(topics), {
    onRows: (_, { size, body }) => {
      for (let index = 0; index < size; index++) {
        total.rows += 1;
        total.sum += read(body.row(index));
      }
    },
    onLate: (name, row) => {
      throw new Error(`late in ${name}: ${JSON.stringify(row)}`);
    },
  });
  for (let place = 0; place < input.length; place++)
    run.push(contest.inputs === 2 && isRight(place) ? 'right' : 'left', input[place], place + 1);
  run.end();
};

/** One run over all of the input. */
export const runContest = (contest: Contest, contender: Contender, input: readonly Row[]): Total => {
  const total: Total = { rows: 0, sum: 0 };
  if (contender === 'hand loop') byHand(contest, input, total);
  else byForewarn(contest, contender, input, total);
  return total;
};
