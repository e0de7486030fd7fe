import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import { EmbeddedLog } from '../../../runtime/log/embedded-log.ts';
import type { LineLog, Log } from '../../../runtime/log/log.ts';
import type { FromLog, ToLog } from '../../../runtime/log/port/messages.ts';
import { PortLog } from '../../../runtime/log/port/port-log.ts';
import { serveLog } from '../../../runtime/log/port/serve-log.ts';
import { logContract, type LogOptions } from '../../support/contracts/log.ts';
import { contractProducers as producers, logOverPort } from '../../support/log-over-port.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const topics = { raw: 1, rows: 2 };

const embedded = (folder: string, options: LogOptions): Promise<EmbeddedLog> =>
  EmbeddedLog.open({ folder, topics, time: 'recorded', segmentBytes: 2_000, ...options });

/** The same log as one that has no packed records, as Kafka's. */
const ofObjects = (log: EmbeddedLog): LineLog =>
  new Proxy<LineLog>(log, {
    has: (_, name) => name !== 'readPacked' && name in log,
    get: (whole, name) => {
      const value = Reflect.get(whole, name) as unknown;
      return typeof value === 'function' ? (value.bind(whole) as unknown) : value;
    },
  });

describe('the embedded log over a port', () => {
  logContract(async () => {
    const folder = await tempFolder();
    return { open: async (options = {}) => logOverPort(await embedded(folder, options), topics) };
  });
});

describe('a log of objects over a port', () => {
  logContract(async () => {
    const folder = await tempFolder();
    return { open: async (options = {}) => logOverPort(ofObjects(await embedded(folder, options)), topics) };
  });
});

describe('a thread at a log', () => {
  const begin = async () => {
    const log = await embedded(await tempFolder(), {});
    const { port1, port2 } = new MessageChannel();
    const opening = PortLog.open(port2);
    const stop = serveLog(port1, { log, topics, producers });
    const remote = await opening;
    onTestFinished(async () => {
      await remote.close();
      stop();
      await log.close();
    });
    return { log, remote, stop };
  };
  const value = new TextEncoder().encode('a row');
  const commitAs = (log: Log, producer: string, epoch: number) =>
    log.commit({
      producer,
      epoch,
      frontier: epoch,
      writes: [{ topic: 'rows', partition: 0, records: [{ key: 'k', heardAt: epoch, value }] }],
    });
  const told = (log: Log, holds: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const stop = log.onAdvance(() => {
        if (!holds()) return;
        stop();
        resolve();
      });
    });

  it('hears of what others commit and tell, and they of it', async () => {
    const { log, remote } = await begin();
    const heard = told(remote, () => remote.end('rows', 0) === 1);
    await commitAs(log, 'task/0', 1);
    await heard;
    expect([remote.epoch('task/0'), remote.frontier('task/0')]).toEqual([1, 1]);
    const known = told(log, () => log.frontier('task/1') === 7);
    remote.publishFrontier('task/1', 7);
    expect(remote.frontier('task/1')).toBe(7);
    await known;
  });

  it('tells how far a task has come also where the other side knows it from elsewhere, once', async () => {
    const { log, remote } = await begin();
    const heard = told(remote, () => remote.frontier('task/1') === 7);
    log.publishFrontier('task/1', 7);
    await heard;
    const publish = log.publishFrontier.bind(log);
    const published: number[] = [];
    log.publishFrontier = (producer, frontier) => {
      published.push(frontier);
      publish(producer, frontier);
    };
    for (const frontier of [7, 7, 6]) remote.publishFrontier('task/1', frontier);
    await remote.append('raw', { key: 'k', value });
    expect(published).toEqual([7]);
  });

  it('that is slow is told many moves as one', async () => {
    const log = await embedded(await tempFolder(), {});
    const { port1, port2 } = new MessageChannel();
    const messages: FromLog[] = [];
    const come = (count: number): Promise<void> =>
      new Promise((resolve) => {
        const look = (): void => (messages.length === count ? resolve() : void port2.once('message', look));
        look();
      });
    port2.on('message', (message: FromLog) => messages.push(message));
    const stop = serveLog(port1, { log, topics, producers });
    onTestFinished(async () => {
      stop();
      await log.close();
    });
    for (let epoch = 1; epoch <= 9; epoch++) await commitAs(log, 'task/0', epoch);
    await come(2);
    port2.postMessage({ questions: [], frontiers: [], hasSeen: true } satisfies ToLog);
    await come(3);
    expect(messages[1]!.moves!.producers.map(({ epoch }) => epoch)).toEqual([1]);
    expect(messages[2]!.moves!.producers.map(({ epoch }) => epoch)).toEqual([9]);
  });

  it('may use its bytes again at once', async () => {
    const { log, remote } = await begin();
    const bytes = Uint8Array.from(value);
    const appended = remote.append('raw', { key: 'k', value: bytes });
    const committed = remote.commit({
      producer: 'task/0',
      epoch: 1,
      frontier: 1,
      writes: [{ topic: 'rows', partition: 1, records: [{ key: 'k', heardAt: 1, value: bytes }] }],
      state: bytes,
    });
    bytes.fill(0);
    await Promise.all([appended, committed]);
    for (const [topic, partition] of [
      ['raw', 0],
      ['rows', 1],
      ['~state/task/0', 0],
    ] as const)
      expect((await log.read(topic, partition, 0)).map((record) => Uint8Array.from(record.value))).toEqual([
        value,
      ]);
  });

  it('is answered FW304 when the log goes', async () => {
    const { log, remote, stop } = await begin();
    await log.close();
    await expect(commitAs(remote, 'task/0', 1)).rejects.toMatchObject({ code: 'FW304', retry: false });
    const reading = remote.read('rows', 0, 0);
    stop();
    await expect(reading).rejects.toMatchObject({ code: 'FW304' });
    await expect(remote.read('rows', 0, 0)).rejects.toMatchObject({ code: 'FW304' });
  });
});
