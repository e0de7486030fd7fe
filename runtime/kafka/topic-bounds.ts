import type { Admin, ListedOffset, TopicDescription } from '@confluentinc/kafka-javascript';
import { ask } from './connection.ts';

/** What the brokers say of a topic that is not ours. */
export interface TopicBounds {
  /** Of this topic alone: one that was deleted and made again under its name has another. */
  readonly id: string;
  /** By partition: the first offset that is there, and the one behind the last that is committed. */
  readonly partitions: readonly { readonly low: number; readonly end: number }[];
}

const WITHIN_MS = 5_000;
const UNKNOWN_TOPIC = 3;
const FIRST = -2;
const BEHIND_LAST = -1;

/** Undefined where there is no such topic. Rejects when the brokers do not say. */
export const topicBounds = async (admin: Admin, topic: string): Promise<TopicBounds | undefined> => {
  const [described] = await ask<readonly TopicDescription[]>((done) =>
    admin.describeTopics([topic], { timeout: WITHIN_MS }, done),
  );
  if (described === undefined || described.error?.code === UNKNOWN_TOPIC) return undefined;
  if (described.error !== undefined) throw asError(described.error);
  const partitions = described.partitions.map(({ partition }) => partition).sort((a, b) => a - b);
  const [lows, ends] = await Promise.all([
    offsetsAt(admin, topic, partitions, FIRST),
    offsetsAt(admin, topic, partitions, BEHIND_LAST),
  ]);
  return {
    id: described.topicId.base64,
    partitions: partitions.map((partition) => {
      const low = lows.get(partition)!;
      return { low, end: Math.max(low, ends.get(partition)!) };
    }),
  };
};

const offsetsAt = async (
  admin: Admin,
  topic: string,
  partitions: readonly number[],
  timestamp: number,
): Promise<ReadonlyMap<number, number>> => {
  const listed = await ask<readonly ListedOffset[]>((done) =>
    admin.listOffsets(
      partitions.map((partition) => ({ topic, partition, offset: { timestamp } })),
      { timeout: WITHIN_MS, isolationLevel: 1 },
      done,
    ),
  );
  for (const { error } of listed) if (error !== undefined) throw asError(error);
  return new Map(listed.map(({ partition, offset }) => [partition, offset]));
};

/** In answers of the administrator they are plain objects. */
const asError = (said: { readonly message: string }): Error =>
  said instanceof Error ? said : new Error(said.message);
