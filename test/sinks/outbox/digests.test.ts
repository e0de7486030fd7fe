import { describe, expect, it } from 'vitest';
import { deadLetter } from '../../../domain/dead-letter.ts';
import type { Dispatch } from '../../../domain/dispatch.ts';
import type { DestinationOptions } from '../../../sinks/outbox/destination.ts';
import { createOutbox } from '../../../sinks/outbox/outbox.ts';
import type { OutboxOptions } from '../../../sinks/outbox/outbox-contract.ts';
import { decodePosition } from '../../../sinks/outbox/outbox-position.ts';
import { MemoryLog } from '../../support/memory-log.ts';
import { manualTimers } from './manual-timers.ts';
import {
  decideAction,
  outboxTestTopics,
  resultsIn,
  sampleAction,
  writeAction,
  writeDispatch,
} from './sample-action.ts';
import { scriptedChannel, type ScriptedChannel } from './scripted-channel.ts';
import { settled, until } from './until.ts';

const yes = { kind: 'sent', httpStatus: 200 } as const;
const decoder = new TextDecoder();

const setUp = (
  channel: ScriptedChannel,
  {
    log = new MemoryLog({ topics: outboxTestTopics }),
    destination = {},
    ...rest
  }: { log?: MemoryLog; destination?: Partial<DestinationOptions> } & Partial<OutboxOptions> = {},
) => {
  const timers = manualTimers();
  const outbox = createOutbox({
    log,
    destinations: { crm: { channel, ratePerSec: 1_000, timeoutMs: 5_000, ...destination } },
    clock: { now: () => log.closedUntil },
    timers,
    random: () => 0.5,
    stateOf: (producer) => log.statesOf(producer).at(-1),
    ...rest,
  });
  const results = async (count: number) => {
    await until(
      () => resultsIn(log).length >= count,
      () => timers.advance(50),
    );
    return resultsIn(log)
      .map(({ actionId, result }) => `${actionId} ${result}`)
      .toSorted();
  };
  return { log, outbox, timers, results };
};

/** Action `n` belongs to shipment `n`; with two partitions, the digest lies elsewhere than some of what it covers. */
const about = (n: number): Partial<Dispatch> => ({
  id: `action-${n}`,
  shipmentId: `shipment-${n}`,
  exceptionId: `exception-${n}`,
});
const digestOf = (numbers: readonly number[], changes: Partial<Dispatch> = {}): Partial<Dispatch> => ({
  ...about(1),
  id: 'digest',
  covers: numbers.map((n) => ({
    actionId: `action-${n}`,
    shipmentId: `shipment-${n}`,
    exceptionId: `exception-${n}`,
    facts: {},
  })),
  facts: { shipments: numbers.length },
  ...changes,
});
const decideAll = async (log: MemoryLog, numbers: readonly number[]): Promise<void> => {
  for (const n of numbers) await decideAction(log, about(n));
};
const withdraw = (log: MemoryLog, n: number) =>
  decideAction(log, { ...about(n), version: 2, state: 'cancelled' });
const spokenFor = (channel: ScriptedChannel): string[][] =>
  channel.sends.map(({ action }) => (action as Dispatch).covers.map(({ actionId }) => actionId));

describe('a digest', () => {
  it('lies in another partition than some of what it covers', () => {
    const log = new MemoryLog({ topics: outboxTestTopics });
    const partitions = [1, 2, 3].map((n) => log.partitionFor('actions', `shipment-${n}`));
    expect(new Set(partitions).size).toBe(2);
  });

  it('is sent once, and each action that it covers has its result, its own last', async () => {
    const channel = scriptedChannel(() => yes);
    const { log, outbox, results } = setUp(channel);
    await outbox.start();
    await decideAll(log, [1, 2, 3]);
    await writeDispatch(log, digestOf([1, 2, 3]));
    expect(await results(4)).toEqual(['action-1 sent', 'action-2 sent', 'action-3 sent', 'digest sent']);
    expect(channel.ids).toEqual(['digest']);
    const heard = log.all('action-results').map(({ heardAt, value }) => ({
      heardAt,
      id: (JSON.parse(decoder.decode(value)) as { actionId: string }).actionId,
    }));
    expect(heard.toSorted((a, b) => a.heardAt - b.heardAt).at(-1)!.id).toBe('digest');
    await outbox.drain(1_000);
  });

  it('does not speak for what is withdrawn in any partition, and is not begun when nothing is left', async () => {
    const channel = scriptedChannel(() => yes);
    const { log, outbox, results } = setUp(channel);
    await decideAll(log, [1, 2, 3, 4, 5]);
    await writeDispatch(log, digestOf([1, 2, 3]));
    await writeDispatch(log, { ...digestOf([4, 5]), id: 'digest-2' });
    for (const n of [2, 4, 5]) await withdraw(log, n);
    await outbox.start();
    expect(await results(3)).toEqual(['action-1 sent', 'action-3 sent', 'digest sent']);
    await until(() => outbox.stats().due === 0);
    expect(spokenFor(channel)).toEqual([['action-1', 'action-3']]);
    expect(channel.sends[0]!.action.facts).toEqual({ shipments: 2 });
    await outbox.drain(1_000);
  });

  it('that has lapsed tells each action that is still due', async () => {
    const channel = scriptedChannel(() => ({ kind: 'retry', httpStatus: 503 }));
    const { log, outbox, results } = setUp(channel);
    await outbox.start();
    await decideAll(log, [1, 2, 3]);
    await writeDispatch(log, digestOf([1, 2, 3]));
    await until(() => channel.sends.length === 1 && outbox.stats().destinations['crm']?.running === 0);
    await withdraw(log, 2);
    await writeDispatch(log, { ...digestOf([1, 2, 3]), version: 2, state: 'expired' });
    expect(await results(3)).toEqual(['action-1 expired', 'action-3 expired', 'digest expired']);
    await outbox.drain(1_000);
  });

  it('loses what is withdrawn while its attempt is written down', async () => {
    const channel = scriptedChannel(() => yes);
    const { log, outbox, results } = setUp(channel);
    let release: () => void = () => undefined;
    log.delayAppends = (topic) =>
      topic === 'action-attempts' ? new Promise((resolve) => (release = resolve)) : undefined;
    await outbox.start();
    await decideAll(log, [1, 2]);
    await writeDispatch(log, digestOf([1, 2]));
    await settled();
    log.delayAppends = undefined;
    await withdraw(log, 2);
    release();
    expect(await results(2)).toEqual(['action-1 sent', 'digest sent']);
    expect(spokenFor(channel)).toEqual([['action-1']]);
    await outbox.drain(1_000);
  });

  it('says uncertain of what only an attempt without an answer spoke for', async () => {
    const channel = scriptedChannel(({ attempt }) => (attempt === 1 ? { kind: 'unknown' } : yes));
    const { log, outbox, results } = setUp(channel);
    await outbox.start();
    await decideAll(log, [1, 2]);
    await writeDispatch(log, digestOf([1, 2]));
    await until(() => channel.sends.length === 1);
    await withdraw(log, 2);
    expect(await results(3)).toEqual(['action-1 sent', 'action-2 uncertain', 'digest sent']);
    expect(spokenFor(channel)).toEqual([['action-1', 'action-2'], ['action-1']]);
    await outbox.drain(1_000);
  });

  it('tells after a crash between the results what it had not told, and sends nothing again', async () => {
    const channel = scriptedChannel(() => yes);
    const log = new MemoryLog({ topics: outboxTestTopics });
    const crashed = setUp(channel, { log });
    await crashed.outbox.start();
    await decideAll(log, [1, 2, 3]);
    let told = 0;
    const dead = new Promise<void>(() => undefined);
    log.delayAppends = (topic) => (topic === 'action-results' && told++ > 0 ? dead : undefined);
    await writeDispatch(log, digestOf([1, 2, 3]));
    await until(() => resultsIn(log).length === 1);
    // The process is gone: what it still waits for never comes.
    log.delayAppends = undefined;
    // One of those that were told of is withdrawn before the next one begins; it was told all the same.
    await withdraw(log, 3);
    const { outbox, results } = setUp(channel, { log });
    await outbox.start();
    expect(await results(4)).toEqual(['action-1 sent', 'action-2 sent', 'action-3 sent', 'digest sent']);
    expect(channel.ids).toEqual(['digest']);
    await outbox.drain(1_000);
  });

  it('is forgotten once its end has been said: a restart begins behind it', async () => {
    const channel = scriptedChannel(() => yes);
    const { log, outbox, results } = setUp(channel);
    await outbox.start();
    await decideAll(log, [1, 2]);
    await writeDispatch(log, digestOf([1, 2]));
    await results(3);
    await writeDispatch(log, digestOf([1, 2], { version: 2 }));
    for (const n of [1, 2]) await decideAction(log, { ...about(n), version: 2, state: 'sent' });
    await writeDispatch(log, digestOf([1, 2], { version: 3, state: 'sent' }));
    await settled();
    await outbox.drain(1_000);
    for (const partition of [0, 1])
      for (const topic of ['actions', 'dispatches', 'action-results'])
        expect(outbox.holds().get(`${topic}/${partition}`), `${topic}/${partition}`).toBe(
          log.end(topic, partition),
        );
    expect(channel.sends).toHaveLength(1);
  });
});

describe('the word of actions', () => {
  it('is waited for, and is the last one: nothing withdrawn is begun though its dispatch says due', async () => {
    const channel = scriptedChannel(() => yes);
    const { log, outbox, results } = setUp(channel);
    await outbox.start();
    await decideAction(log, about(1));
    await withdraw(log, 1);
    await writeDispatch(log, about(1));
    await writeAction(log, about(2));
    expect(await results(1)).toEqual(['action-2 sent']);
    await until(() => outbox.stats().due === 0);
    expect(channel.ids).toEqual(['action-2']);
    await outbox.drain(1_000);
  });

  it('does not call what was answered `sent` before a crash untold, although it is withdrawn', async () => {
    const channel = scriptedChannel(() => yes);
    const log = new MemoryLog({ topics: outboxTestTopics });
    const crashed = setUp(channel, { log });
    await crashed.outbox.start();
    log.delayAppends = (topic) => (topic === 'action-results' ? new Promise(() => undefined) : undefined);
    await writeAction(log, about(1));
    await until(() => log.all('action-attempts').length === 2);
    await settled();
    log.delayAppends = undefined;
    await withdraw(log, 1);
    const { outbox, results } = setUp(channel, { log });
    await outbox.start();
    expect(await results(1)).toEqual(['action-1 sent']);
    await outbox.drain(1_000);
  });
});

describe('what is not to be sent', () => {
  it('is told as suppressed, of an action and of a digest; what is held is not touched', async () => {
    const channel = scriptedChannel(() => yes);
    const { log, outbox, results } = setUp(channel);
    await decideAll(log, [1, 2, 3, 4, 5]);
    await writeDispatch(log, { ...about(4), state: 'suppressed', suppressedBecause: 'opted_out' });
    await writeDispatch(log, digestOf([1, 2], { state: 'suppressed', suppressedBecause: 'budget_spent' }));
    await writeDispatch(log, {
      ...about(3),
      state: 'proposed',
      heldBecause: 'quiet_hours',
      heldUntil: 9_000,
    });
    await writeDispatch(log, { ...about(5), state: 'suppressed', suppressedBecause: 'told_already' });
    await withdraw(log, 5);
    await outbox.start();
    expect(await results(4)).toEqual([
      'action-1 suppressed',
      'action-2 suppressed',
      'action-4 suppressed',
      'digest suppressed',
    ]);
    expect(resultsIn(log).find(({ actionId }) => actionId === 'action-4')!.error).toBe('opted_out');
    await until(() => outbox.stats().due === 0);
    expect(channel.sends).toEqual([]);
    await outbox.drain(1_000);
  });

  it('holds the log where the action that is held begins', async () => {
    const { log, outbox, results } = setUp(scriptedChannel(() => yes));
    await outbox.start();
    await writeAction(log, { ...about(1), shipmentId: 'shipment-1' });
    await decideAction(log, { ...about(2), shipmentId: 'shipment-1' });
    await writeDispatch(log, { ...about(2), shipmentId: 'shipment-1', state: 'proposed' });
    await results(1);
    await settled();
    await outbox.drain(1_000);
    const partition = log.partitionFor('actions', 'shipment-1');
    expect(outbox.holds().get(`actions/${partition}`)).toBe(1);
    expect(outbox.holds().get(`dispatches/${partition}`)).toBe(2);
  });
});

it('writes a dead letter for what used up its attempts, once, before its result', async () => {
  const letters: string[] = [];
  const channel = scriptedChannel(() => ({ kind: 'retry', httpStatus: 503, error: 'HTTP 503' }));
  const { log, outbox, timers, results } = setUp(channel, {
    destination: { maxAttempts: 3, backoff: { baseMs: 10, maxMs: 10 } },
    onDeadLetter: ({ id }) => letters.push(id),
  });
  await outbox.start();
  log.delayAppends = (topic) => (topic === 'action-results' ? new Promise(() => undefined) : undefined);
  await writeAction(log, about(1));
  await until(
    () => log.all('dead-letters').length === 1,
    () => timers.advance(50),
  );
  await settled();
  log.delayAppends = undefined;
  const again = setUp(channel, {
    log,
    destination: { maxAttempts: 3 },
    onDeadLetter: ({ id }) => letters.push(id),
  });
  await again.outbox.start();
  expect(await again.results(1)).toEqual(['action-1 failed']);
  expect(await results(1)).toHaveLength(1);
  expect(channel.sends).toHaveLength(3);
  const [record] = log.all('dead-letters');
  const letter = deadLetter.parse(JSON.parse(decoder.decode(record!.value)));
  expect(letter).toMatchObject({
    stage: 'sink',
    code: 'FW720',
    step: 'crm',
    document: 'action-1',
    reason:
      'destination "crm": gave up after 3 attempts; last: HTTP 503; mend it, and tell whom it concerns by hand',
    origin: { topic: 'dispatches', offset: 0, key: 'shipment-1' },
  });
  expect(JSON.parse(Buffer.from(letter.bytes, 'base64').toString())).toEqual(sampleAction(about(1)));
  expect(log.all('dead-letters')).toHaveLength(1);
  expect(letters).toEqual([letter.id]);
  await again.outbox.drain(1_000);
});

it('goes on from a position of the version before: all dispatches are read, nothing old is sent', () => {
  const old = { format: 1, epoch: 7, actions: 20, results: 10, attempts: 20 };
  const state = new TextEncoder().encode(JSON.stringify(old));
  expect(decodePosition(state, 'outbox/0')).toEqual({
    format: 2,
    epoch: 7,
    actions: 20,
    dispatches: 0,
    results: 10,
    attempts: 20,
  });
  expect(() => decodePosition(new TextEncoder().encode('{"format":3}'), 'outbox/0')).toThrow('FW105');
});
