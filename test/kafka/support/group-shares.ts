import type { Admin, GroupDescription } from '@confluentinc/kafka-javascript';
import { ask } from '../../../runtime/kafka/connection.ts';

/** Partitions by member of a group, each member by its own name. */
export type GroupShares = ReadonlyMap<string, readonly number[]>;

const WITHIN_MS = 5_000;
const STABLE = 3;

/** Which partitions of a topic each member of a group has; undefined while they are being moved, or the broker does not say. */
export const groupShares = async (
  admin: Admin,
  group: string,
  topic: string,
): Promise<GroupShares | undefined> => {
  const { groups } = await ask<{ readonly groups: readonly GroupDescription[] }>((done) =>
    admin.describeGroups([group], { timeout: WITHIN_MS }, done),
  );
  const [described] = groups;
  if (described === undefined || described.error !== undefined || described.state !== STABLE)
    return undefined;
  return new Map(
    described.members.map(({ groupInstanceId, memberId, assignment }) => [
      groupInstanceId ?? memberId,
      assignment.topicPartitions
        .filter((place) => place.topic === topic)
        .map(({ partition }) => partition)
        .sort((a, b) => a - b),
    ]),
  );
};
