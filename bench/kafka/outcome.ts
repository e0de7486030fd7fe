import { connectKafka } from '../../runtime/kafka/connection.ts';
import { PullConsumer } from '../../runtime/kafka/pull-consumer.ts';
import type { TaskName } from './definitions.ts';
import { FIRST_AT } from './input.ts';
import type { Where } from './where.ts';

/** What came out, so that contenders can be held against each other. */
export interface Outcome {
  readonly rows: number;
  readonly sum: number;
}

/** The last windows are open still, and who closed which of them is chance: those that end later are not looked at. */
export const lastSureEnd = (count: number): number => FIRST_AT + count - 15_000;

interface Out {
  readonly id?: number;
  readonly value: number;
  readonly pairs?: number;
  readonly windowEnd?: number;
}

/** Rows of a topic of results, and the sum of what they say; of windows, of those that must be closed. */
export const outcomeOf = async (
  { brokers, prefix, partitions }: Where,
  topic: string,
  task: TaskName,
  count: number,
): Promise<Outcome> => {
  const consumer = await PullConsumer.open(await connectKafka({ brokers }));
  consumer.assign(
    Array.from({ length: partitions }, (_, partition) => ({
      topic: `${prefix}.${topic}`,
      partition,
      offset: 0,
    })),
  );
  const ended = new Set<number>();
  let rows = 0;
  let sum = 0;
  while (ended.size < partitions) {
    const { messages, ends } = await consumer.pull(1_000);
    for (const { value } of messages) {
      const row = JSON.parse(value!.toString()) as Out;
      if (task === 'windowed join' && row.windowEnd! > lastSureEnd(count)) continue;
      rows += 1;
      sum += row.value + (row.pairs ?? 0);
    }
    for (const { partition } of ends) ended.add(partition);
  }
  await consumer.close();
  return { rows, sum };
};
