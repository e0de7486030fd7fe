import { ensureTopics } from '../../runtime/kafka/ensure-topics.ts';
import type { KafkaConnection } from '../../runtime/kafka/connection.ts';
import { IdempotentProducer } from '../../runtime/kafka/idempotent-producer.ts';
import type { Outgoing } from '../../runtime/kafka/outgoing.ts';
import { TransactionalProducer } from '../../runtime/kafka/transactional-producer.ts';
import { KafkaProbe } from '../../runtime/log/kafka/kafka-probe.ts';
import {
  positionRecord,
  positionsTopic,
  positionsTopicOf,
  readPosition,
  type SinkPosition,
} from './sink-position.ts';

export interface SinkWriterOptions {
  readonly connection: KafkaConnection;
  readonly prefix: string;
  readonly replicas: number;
  /** Name of the sink and a partition of ours: the key of its position, and part of its transactional id. */
  readonly sink: string;
  readonly partition: number;
  readonly mode: 'epoch' | 'append';
  /** How long a transaction may be open: one that is older the brokers end, and say so as if another process had its id. 60 s without it. */
  readonly mostOpenMs?: number;
}

/** Writes rows and how far they go. After a failure it is made anew, and says how far it had really come. */
export interface SinkWriter {
  /** As the last write left it; undefined before the first. */
  readonly position: SinkPosition | undefined;
  /** Resolves when rows and position are there for everybody. */
  readonly write: (rows: readonly Outgoing[], position: SinkPosition) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** As the Java client places keys: other programs that write to the topic do the same. */
const placement = { partitioner: 'murmur2_random' };
export const MOST_OPEN_MS = 60_000;
/** The topic says itself what is too large. */
const settings = { 'message.max.bytes': 64 << 20 };

/**
 * `epoch`: rows and position are one transaction, and to open the writer fences whoever had the sink before and ends what
 * that one had begun; so rows are there exactly once for whoever reads what is committed. `append`: rows first, the
 * position behind them, so rows of a crash come again.
 */
export const openSinkWriter = async (options: SinkWriterOptions): Promise<SinkWriter> => {
  const { prefix, replicas, sink, partition, mode, mostOpenMs = MOST_OPEN_MS } = options;
  const connection: KafkaConnection = {
    ...options.connection,
    producer: (more) => options.connection.producer(more, placement),
  };
  const wanted = positionsTopic(prefix);
  await ensureTopics(connection, [wanted], replicas);
  const id = `${prefix}.sink.${sink}.${partition}`;
  const producer =
    mode === 'epoch'
      ? await TransactionalProducer.open(connection, id, {
          ...settings,
          'transaction.timeout.ms': mostOpenMs,
        })
      : await IdempotentProducer.open(connection, settings);
  try {
    const position = await lastPosition(options);
    return {
      position,
      write: async (rows, next) => {
        const record = positionRecord(wanted.name, keyOf(options), next);
        if (producer instanceof TransactionalProducer) await producer.transact(rows, () => [record]);
        else {
          await producer.deliver(rows);
          await producer.deliver([record]);
        }
      },
      close: () => producer.close(),
    };
  } catch (error) {
    await producer.close();
    throw error;
  }
};

const keyOf = ({ sink, partition }: Pick<SinkWriterOptions, 'sink' | 'partition'>): string =>
  `${sink}/${partition}`;

/** What has been committed, by whomever. After a writer was opened nobody can commit any more but by that one. */
export const lastPosition = async (
  options: Pick<SinkWriterOptions, 'connection' | 'prefix' | 'sink' | 'partition'>,
): Promise<SinkPosition | undefined> => {
  const key = keyOf(options);
  const probe = await KafkaProbe.open(options.connection);
  let last: SinkPosition | undefined;
  try {
    await probe.readAll(positionsTopicOf(options.prefix), 'committed', (message) => {
      if (message.key?.toString() === key) last = readPosition(message);
    });
    return last;
  } finally {
    await probe.close();
  }
};
