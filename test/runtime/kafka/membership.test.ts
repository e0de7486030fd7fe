import type { KafkaConsumer, KafkaError, KafkaPlace } from '@confluentinc/kafka-javascript';
import { expect, it } from 'vitest';
import type { KafkaConnection } from '../../../runtime/kafka/connection.ts';
import { Membership } from '../../../runtime/kafka/membership.ts';
import { until } from '../../support/until.ts';

const ASSIGN = -175;
const REVOKE = -174;
const places = [{ topic: 'line.log-commits', partition: 0 }];

/** A group that gives one partition at once; the client does what the test says when it is to go. */
const group = (unassign: () => void) => {
  let rebalance: (code: number) => void = () => undefined;
  const consumer = {
    on: () => undefined,
    setDefaultConsumeTimeout: () => undefined,
    subscribe: () => setImmediate(() => rebalance(ASSIGN)),
    consume: (_: number, done: (error: null, messages: readonly unknown[]) => void) =>
      setImmediate(() => done(null, [])),
    isConnected: () => true,
    assignmentLost: () => false,
    incrementalAssign: () => undefined,
    incrementalUnassign: unassign,
    disconnect: (done: (error: null) => void) => setImmediate(() => done(null)),
  };
  const connection: Pick<KafkaConnection, 'consumer'> = {
    consumer: (settings) => {
      const told = settings['rebalance_cb'] as (error: KafkaError, to: readonly KafkaPlace[]) => void;
      rebalance = (code) => told({ code } as KafkaError, places as unknown as readonly KafkaPlace[]);
      return Promise.resolve(consumer as unknown as KafkaConsumer);
    },
  };
  return { connection: connection as KafkaConnection, revoke: () => rebalance(REVOKE) };
};

it('says what its client does not do, and lives on', async () => {
  const notes: string[] = [];
  const given: number[] = [];
  const { connection, revoke } = group(() => {
    throw new Error('Local: Erroneous state');
  });
  const membership = await Membership.join({
    connection,
    group: 'line',
    member: 'one',
    topic: 'line.log-commits',
    sessionMs: 6_000,
    onAssigned: () => undefined,
    onRevoked: async (partitions) => void given.push(...partitions),
    onLost: () => Promise.resolve(),
    onEnd: () => undefined,
    note: (line) => notes.push(line),
  });
  revoke();
  await until('it has said so', () => notes.length > 0);
  expect({ given, notes }).toEqual({ given: [0], notes: ['kafka: Error: Local: Erroneous state'] });
  await membership.leave();
});
