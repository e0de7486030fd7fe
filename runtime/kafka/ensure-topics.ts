import type { Admin, KafkaError } from '@confluentinc/kafka-javascript';
import { ForewarnError } from '../forewarn-error.ts';
import { ask, type KafkaConnection, notAnswering } from './connection.ts';

export interface WantedTopic {
  readonly name: string;
  readonly partitions: number;
  readonly config: Readonly<Record<string, string>>;
  /** What to do about another number of partitions, as the end of a sentence. */
  readonly mend: string;
}

const ALREADY_EXISTS = 36;
/** Fewer brokers take part than copies are wanted; one that has just begun takes part a moment later. */
const TOO_FEW_BROKERS = 38;
const WITHIN_MS = 30_000;
const AGAIN_AFTER_MS = 500;

/**
 * Makes the topics that are missing, with their settings, and checks the partitions of those that are there: FW219 when
 * one has another number. Settings of a topic that is there are its owner's: the client cannot read them.
 */
export const ensureTopics = async (
  connection: KafkaConnection,
  wanted: readonly WantedTopic[],
  replicas: number,
): Promise<void> => {
  const before = await partitionsByTopic(connection);
  check(wanted, before);
  const missing = wanted.filter(({ name }) => !before.has(name));
  if (missing.length === 0) return;
  const admin = connection.admin();
  try {
    await Promise.all(missing.map((topic) => make(admin, topic, replicas)));
  } finally {
    admin.disconnect();
  }
  for (const end = Date.now() + WITHIN_MS; ;) {
    const there = await partitionsByTopic(connection);
    check(wanted, there);
    if (wanted.every(({ name }) => there.has(name))) return;
    if (Date.now() > end) throw notAnswering(connection.address, new Error('new topics do not appear'));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

const make = async (
  admin: Admin,
  { name, partitions, config }: WantedTopic,
  replicas: number,
): Promise<void> => {
  const wanted = { topic: name, num_partitions: partitions, replication_factor: replicas, config };
  for (const end = Date.now() + WITHIN_MS; ;) {
    try {
      return await ask<void>((done) => admin.createTopic(wanted, WITHIN_MS, done));
    } catch (error) {
      const { code } = error as KafkaError;
      // Another process was faster; it is checked as any other.
      if (code === ALREADY_EXISTS) return;
      if (code !== TOO_FEW_BROKERS || Date.now() > end) throw refused(name, error as KafkaError);
      await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
    }
  }
};

const partitionsByTopic = async (connection: KafkaConnection): Promise<ReadonlyMap<string, number>> => {
  const producer = await connection.producer({});
  try {
    const { topics } = await ask<{
      readonly topics: readonly { readonly name: string; readonly partitions: readonly unknown[] }[];
    }>((done) => producer.getMetadata({ timeout: WITHIN_MS }, done));
    return new Map(topics.map(({ name, partitions }) => [name, partitions.length]));
  } catch (error) {
    throw notAnswering(connection.address, error);
  } finally {
    await ask<unknown>((done) => producer.disconnect(done));
  }
};

const check = (wanted: readonly WantedTopic[], there: ReadonlyMap<string, number>): void => {
  for (const { name, partitions, mend } of wanted) {
    const has = there.get(name) ?? partitions;
    // A topic that is being made is there with no partition first.
    if (has === 0 || has === partitions) continue;
    throw new ForewarnError(
      'FW219',
      `Kafka topic "${name}" has ${has} partitions, and ${partitions} are wanted; ${mend}`,
    );
  }
};

const refused = (name: string, cause: KafkaError): ForewarnError =>
  new ForewarnError(
    'FW219',
    `Kafka topic "${name}" cannot be made: ${cause.message}; allow it, or make it by hand`,
    { cause },
  );
