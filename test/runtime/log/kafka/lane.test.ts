import type { Producer } from '@confluentinc/kafka-javascript';
import { expect, it } from 'vitest';
import { ForewarnError } from '../../../../runtime/forewarn-error.ts';
import { type KafkaConnection, notAnswering } from '../../../../runtime/kafka/connection.ts';
import { Lane, type LaneOptions } from '../../../../runtime/log/kafka/lane.ts';
import { slots } from '../../../../runtime/slots.ts';
import { until } from '../../../support/until.ts';

const address = { brokers: ['broker:9092'] };
/** Of brokers that are away. */
const away: KafkaConnection = {
  address,
  producer: () => Promise.reject(notAnswering(address, new Error('away'))),
  consumer: () => Promise.reject(notAnswering(address, new Error('away'))),
  admin: () => {
    throw new TypeError('it is not asked for');
  },
};

/** Nothing has been committed before. */
const laneOf = (
  connection: KafkaConnection,
  note: (line: string) => void = () => undefined,
  options: Partial<LaneOptions> = {},
): Lane =>
  new Lane({
    connection,
    id: 'line.task.3',
    settings: {},
    mayAgeMs: Infinity,
    slots: slots(1),
    committedEpoch: () => Promise.resolve(0),
    note,
    ...options,
  });
const workOf = (epoch: number) => ({
  producer: 'watch/3',
  epoch,
  records: [],
  marker: () => ({ topic: 'line.log-commits', partition: 0, key: '', value: null, headers: [] }),
});
const notOurs = new ForewarnError('FW614', 'partition number 3 is not this process’s any more');

it('tells whoever waits for brokers that are away why its lane was closed', async () => {
  const told: string[] = [];
  const lane = laneOf(away, (line) => told.push(line));
  const committed = lane.commit(workOf(1));
  const lost = expect(committed).rejects.toMatchObject({ code: 'FW614' });
  await until('it was tried once', () => told.length > 0);
  await lane.close(notOurs);
  await lost;
  await expect(lane.commit(workOf(1))).rejects.toMatchObject({ code: 'FW614' });
});

const fenced = { code: 47, message: 'fenced' };

/** Brokers that take what they are asked for, or say this at the end of a transaction. */
const brokers = () => {
  const told = { opened: 0, committed: 0, says: null as null | typeof fenced };
  const yes = (...args: unknown[]): void => (args.at(-1) as (error: null) => void)(null);
  const producer = {
    on: () => undefined,
    setPollInBackground: () => undefined,
    isConnected: () => false,
    produce: () => undefined,
    initTransactions: (within: number, done: (error: null) => void) => {
      told.opened += 1;
      yes(within, done);
    },
    beginTransaction: yes,
    abortTransaction: yes,
    commitTransaction: (_within: number, done: (error: unknown) => void) => {
      if (told.says === null) told.committed += 1;
      setImmediate(done, told.says);
    },
  };
  return { told, connection: { ...away, producer: () => Promise.resolve(producer as unknown as Producer) } };
};

it('refuses what waits behind a commit that failed, and opens its id only for a new claim', async () => {
  const { told, connection } = brokers();
  const lane = laneOf(connection);
  await lane.claim();
  told.says = fenced;
  const first = lane.commit(workOf(1));
  // Under way by now, so that the second waits behind it.
  await Promise.resolve();
  const second = lane.commit(workOf(2));
  await expect(first).rejects.toMatchObject({ code: 'FW614' });
  await expect(second).rejects.toMatchObject({ code: 'FW614' });
  told.says = null;
  await expect(lane.commit(workOf(3))).rejects.toMatchObject({ code: 'FW614' });
  expect(told).toMatchObject({ opened: 1, committed: 0 });
  await lane.claim();
  await lane.commit(workOf(1));
  expect(told).toMatchObject({ opened: 2, committed: 1 });
});

it('writes again what the client gave up while its brokers were away', async () => {
  const { told, connection } = brokers();
  const notes: string[] = [];
  const lane = laneOf(connection, (line) => {
    notes.push(line);
    told.says = null;
  });
  await lane.claim();
  // The code of a call that is to be made again, and yet the transaction is lost.
  told.says = Object.assign({ code: -185, message: '1 message(s) timed out' }, { isTxnRequiresAbort: true });
  await lane.commit(workOf(1));
  expect(notes).toHaveLength(1);
  expect(told).toMatchObject({ opened: 2, committed: 1 });
});

it('commits nothing as a producer of which an earlier epoch was never committed', async () => {
  const { told, connection } = brokers();
  const lane = laneOf(connection);
  await expect(lane.commit(workOf(2))).rejects.toMatchObject({ code: 'FW614' });
  expect(told).toMatchObject({ opened: 1, committed: 0 });
});

it('writes again what the brokers have ended for its age, unless somebody has gone on in its place', async () => {
  const { told, connection } = brokers();
  let epoch = 0;
  const committedEpoch = () => Promise.resolve(epoch);
  const goOn = (): void => void (told.says = null);
  const lane = laneOf(connection, goOn, { mayAgeMs: 0, committedEpoch });
  await lane.claim();
  told.says = fenced;
  await lane.commit(workOf(1));
  expect(told).toMatchObject({ opened: 2, committed: 1 });
  epoch = 7;
  told.says = fenced;
  await expect(lane.commit(workOf(2))).rejects.toMatchObject({ code: 'FW614' });
  expect(told).toMatchObject({ opened: 2, committed: 1 });
});
