import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { actionResult, type ActionResult } from '../../../domain/action.ts';
import { wallClock } from '../../../runtime/clock.ts';
import { EmbeddedLog, stateTopic } from '../../../runtime/log/embedded-log.ts';
import type { Log } from '../../../runtime/log/log.ts';
import type { DestinationOptions } from '../../../sinks/outbox/destination.ts';
import { createOutbox } from '../../../sinks/outbox/outbox.ts';
import type { Outbox } from '../../../sinks/outbox/outbox-contract.ts';
import { webhook } from '../../../sinks/outbox/channels/webhook.ts';
import { accept, startReceiver, type Receiver } from './receiver.ts';
import { outboxTestTopics, writeAction } from './sample-action.ts';
import { until } from './until.ts';

let folder: string;
let receiver: Receiver;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'outbox-'));
  receiver = await startReceiver();
});
afterEach(async () => {
  await receiver.kill();
  await rm(folder, { recursive: true, force: true });
});

const openLog = () => EmbeddedLog.open({ folder, topics: outboxTestTopics, time: () => wallClock });

const startOutbox = async (log: Log, destination: Partial<DestinationOptions> = {}): Promise<Outbox> => {
  const states = new Map<string, Uint8Array>();
  for (const producer of ['outbox/0', 'outbox/1']) {
    const topic = stateTopic(producer);
    const end = log.end(topic, 0);
    const last = end === 0 ? undefined : (await log.read(topic, 0, end - 1))[0];
    if (last !== undefined) states.set(producer, last.value);
  }
  const outbox = createOutbox({
    log,
    destinations: {
      crm: {
        channel: webhook({ name: 'crm', url: receiver.url, secrets: [], clock: wallClock }),
        ratePerSec: 10_000,
        backoff: { baseMs: 2, maxMs: 20 },
        breaker: { failures: 5, openMs: 20 },
        maxAttempts: 1_000,
        ...destination,
      },
    },
    clock: { now: () => log.closedUntil },
    random: () => 0.5,
    stateOf: (producer) => states.get(producer),
    commitEveryMs: 10,
  });
  await outbox.start();
  return outbox;
};

const resultsOf = async (log: Log): Promise<ActionResult[]> => {
  const results: ActionResult[] = [];
  for (const partition of [0, 1])
    for (const { value } of await log.read('action-results', partition, 0))
      results.push(actionResult.parse(JSON.parse(new TextDecoder().decode(value))));
  return results;
};
const resultCount = (log: Log) => log.end('action-results', 0) + log.end('action-results', 1);

describe('outbox on the real log and a real receiver', () => {
  it('sends the same id again after a crash between attempt and result; the receiver acts once', async () => {
    const log = await openLog();
    receiver.answer = (received) => accept(receiver, received);
    const crashed = await startOutbox(log);
    await writeAction(log);
    await until(() => receiver.requests.length === 1);
    await crashed.stop();
    await log.close();

    receiver.answer = (received, response) => {
      accept(receiver, received);
      response.end();
    };
    const reopened = await openLog();
    const outbox = await startOutbox(reopened);
    await until(() => resultCount(reopened) === 1);
    expect(receiver.requests.map(({ headers }) => headers['webhook-id'])).toEqual(['action-1', 'action-1']);
    expect(receiver.requests[0]!.body).toBe(receiver.requests[1]!.body);
    expect(receiver.effects.size).toBe(1);
    expect(await resultsOf(reopened)).toMatchObject([{ result: 'sent', attempts: 2 }]);
    await outbox.drain(1_000);
    await reopened.close();
  });

  it('reaches a receiver that hangs up, errs, asks to wait, dies and comes back: each action once', async () => {
    const log = await openLog();
    receiver.answer = (received, response, count) => {
      if (count % 5 === 1) return void response.writeHead(500).end('broken');
      if (count % 5 === 2) return void response.writeHead(429, { 'retry-after': '0' }).end();
      accept(receiver, received);
      if (count % 5 === 3) return void response.socket?.destroy();
      return void response.end();
    };
    const outbox = await startOutbox(log);
    const ids = Array.from({ length: 60 }, (_, n) => `action-${n}`);
    for (const [n, id] of ids.entries()) {
      const name = `${n % 7}`;
      await writeAction(log, { id, shipmentId: `shipment-${name}`, exceptionId: `exception-${name}` });
      if (n === 30) {
        await receiver.kill();
        await until(() => outbox.stats().destinations['crm']!.circuit === 'open');
        await receiver.revive();
      }
    }
    await until(() => resultCount(log) === ids.length);
    const results = await resultsOf(log);
    expect(results.every(({ result }) => result === 'sent')).toBe(true);
    expect([...receiver.effects.keys()].toSorted()).toEqual(ids.toSorted());
    await outbox.drain(1_000);
    await log.close();
  });

  it('gives a slow receiver up after its time, and repeats', async () => {
    const log = await openLog();
    receiver.answer = (received, response, count) => {
      accept(receiver, received);
      if (count > 1) response.end();
    };
    const outbox = await startOutbox(log, { timeoutMs: 50 });
    await writeAction(log);
    await until(() => resultCount(log) === 1);
    expect(await resultsOf(log)).toMatchObject([{ result: 'sent', attempts: 2 }]);
    expect(receiver.effects.size).toBe(1);
    await outbox.drain(1_000);
    await log.close();
  });

  it('survives crash after crash: every action one result, every effect once', async () => {
    const ids = Array.from({ length: 40 }, (_, n) => `action-${n}`);
    let log = await openLog();
    for (const [n, id] of ids.entries())
      await writeAction(log, { id, shipmentId: `shipment-${n % 9}`, exceptionId: `exception-${n}` });
    for (let crash = 1; crash <= 8; crash++) {
      const crashed = await startOutbox(log, { concurrency: 3 });
      await until(() => receiver.requests.length >= crash * 4);
      await crashed.stop();
      await log.close();
      log = await openLog();
    }
    const outbox = await startOutbox(log);
    await until(() => resultCount(log) === ids.length);
    const results = await resultsOf(log);
    expect(new Set(results.map(({ actionId }) => actionId)).size).toBe(ids.length);
    expect(results.every(({ result }) => result === 'sent')).toBe(true);
    expect(receiver.effects.size).toBe(ids.length);
    await outbox.drain(1_000);
    await log.close();
  });
});
