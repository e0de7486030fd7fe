import { ask, connectKafka } from '../../runtime/kafka/connection.ts';
import { ensureTopics } from '../../runtime/kafka/ensure-topics.ts';
import { partitionOf } from '../../runtime/log/partitioner.ts';
import { AGAIN, rowsOf, sides } from './input.ts';
import type { Where } from './where.ts';

const FLUSH_WITHIN_MS = 120_000;
const AT_ONCE = 10_000;

/** Writes both topics, as another program would: JSON, keyed, where the Java client's partitioner puts the key. */
export const fill = async ({ brokers, prefix, partitions }: Where, count: number): Promise<void> => {
  const connection = await connectKafka({ brokers });
  const config = { 'message.timestamp.type': 'LogAppendTime', 'retention.ms': '-1' };
  const wanted = [...sides, 'streams-out', AGAIN].map((one) => ({
    name: `${prefix}.${one}`,
    partitions,
    config,
    mend: '',
  }));
  await ensureTopics(connection, wanted, 1);
  const producer = await connection.producer({
    'enable.idempotence': true,
    'linger.ms': 20,
    'queue.buffering.max.messages': 10 * AT_ONCE,
  });
  producer.setPollInBackground(true);
  for (const side of sides) {
    let waiting = 0;
    for (const row of rowsOf(side, count)) {
      const value = Buffer.from(JSON.stringify(row));
      producer.produce(`${prefix}.${side}`, partitionOf(row.key, partitions), value, row.key, null);
      if ((waiting += 1) % AT_ONCE === 0) await ask<void>((done) => producer.flush(FLUSH_WITHIN_MS, done));
    }
    await ask<void>((done) => producer.flush(FLUSH_WITHIN_MS, done));
  }
  await ask<unknown>((done) => producer.disconnect(done));
};
