import type { KafkaConnection } from '../../kafka/connection.ts';
import { ForewarnError } from '../../forewarn-error.ts';
import { PullConsumer, TO_AN_END } from '../../kafka/pull-consumer.ts';
import { runsOf } from '../../kafka/runs.ts';
import { fromKafka } from './kafka-record.ts';
import { EXTERNAL } from './kafka-names.ts';

export interface ScannedRange {
  readonly topic: string;
  readonly partition: number;
  readonly from: number;
  /** All of it is there: nobody writes. */
  readonly until: number;
}

const WITHIN_MS = 30_000;

/** Behind the last record in each range that came from outside, by `topic/partition`; a range without one is left out. */
export const lastKept = async (
  connection: KafkaConnection,
  ranges: readonly ScannedRange[],
): Promise<ReadonlyMap<string, number>> => {
  const kept = new Map<string, number>();
  const open = new Map(ranges.map((range) => [`${range.topic}/${range.partition}`, range.until]));
  if (open.size === 0) return kept;
  const reader = await PullConsumer.open(connection, TO_AN_END);
  try {
    reader.assign(ranges.map(({ topic, partition, from }) => ({ topic, partition, offset: from })));
    for (let silentMs = 0; open.size > 0;) {
      const { messages, ends } = await reader.pull(1_000);
      silentMs = messages.length + ends.length > 0 ? 0 : silentMs + 1_000;
      if (silentMs > WITHIN_MS) throw stuck([...open.keys()][0]!);
      for (const { place, messages: own } of runsOf(messages)) {
        const until = open.get(place) ?? 0;
        for (const message of own)
          if (message.offset < until && fromKafka(message).producer === EXTERNAL)
            kept.set(place, message.offset + 1);
        if (own.at(-1)!.offset + 1 >= until) open.delete(place);
      }
      for (const { topic, partition } of ends) open.delete(`${topic}/${partition}`);
    }
    return kept;
  } finally {
    await reader.close();
  }
};

const stuck = (place: string): ForewarnError =>
  new ForewarnError('FW609', `Kafka brings nothing more of ${place}, though there is more; see its brokers`);
