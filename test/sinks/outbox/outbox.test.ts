import { describe, expect, it } from 'vitest';
import { ForewarnError } from '../../../runtime/forewarn-error.ts';
import type { DestinationOptions } from '../../../sinks/outbox/destination.ts';
import { createOutbox } from '../../../sinks/outbox/outbox.ts';
import type { OutboxOptions } from '../../../sinks/outbox/outbox-contract.ts';
import { MemoryLog } from '../../support/memory-log.ts';
import { manualTimers } from './manual-timers.ts';
import { attemptsIn, outboxTestTopics, resultsIn, writeAction, writeDispatch } from './sample-action.ts';
import { scriptedChannel, type ScriptedChannel } from './scripted-channel.ts';
import { settled, until } from './until.ts';

const setUp = (
  channel: ScriptedChannel,
  options: { destination?: Partial<DestinationOptions>; log?: MemoryLog } & Partial<OutboxOptions> = {},
) => {
  const { destination, log = new MemoryLog({ topics: outboxTestTopics }), ...rest } = options;
  const timers = manualTimers();
  const problems: unknown[] = [];
  const failures: unknown[] = [];
  const outbox = createOutbox({
    log,
    destinations: {
      crm: {
        channel,
        ratePerSec: 1_000,
        backoff: { baseMs: 1_000, maxMs: 8_000 },
        timeoutMs: 5_000,
        ...destination,
      },
    },
    clock: { now: () => log.closedUntil },
    timers,
    random: () => 0.5,
    stateOf: (producer) => log.statesOf(producer).at(-1),
    onProblem: (error) => problems.push(error),
    onFailure: (error) => failures.push(error),
    ...rest,
  });
  /** As many results as that, letting time pass for it. */
  const results = async (count: number) => {
    await until(
      () => resultsIn(log).length >= count,
      () => timers.advance(50),
    );
    return resultsIn(log);
  };
  return { log, outbox, timers, results, problems, failures };
};

/** What the outbox itself writes. */
const isOwn = (topic: string): boolean => topic !== 'actions' && topic !== 'dispatches';
const yes = () => ({ kind: 'sent', httpStatus: 200 }) as const;

describe('outbox', () => {
  it('sends what is due, and nothing else', async () => {
    const channel = scriptedChannel(yes);
    const { log, outbox, results } = setUp(channel);
    await writeAction(log, { id: 'waits', state: 'awaiting_approval' });
    await writeAction(log, { id: 'now' });
    await outbox.start();
    await writeAction(log, { id: 'waits', version: 2, state: 'refused' });
    await writeAction(log, { id: 'later', shipmentId: 'shipment-2', exceptionId: 'exception-2' });
    const [first, second] = await results(2);
    expect(channel.ids.toSorted()).toEqual(['later', 'now']);
    expect([first!.actionId, second!.actionId].toSorted()).toEqual(['later', 'now']);
    expect(first).toMatchObject({ result: 'sent', attempts: 1, httpStatus: 200, error: null });
    await outbox.drain(1_000);
  });

  it('tells an attempt whom earlier ones have reached, also after a restart', async () => {
    const log = new MemoryLog({ topics: outboxTestTopics });
    const answers = [
      { kind: 'retry', error: 'busy', reached: ['a'] },
      { kind: 'retry', error: 'busy', reached: ['b'] },
      { kind: 'sent' },
    ] as const;
    const told: (readonly string[] | undefined)[] = [];
    const channel = scriptedChannel(({ attempt }) => answers[attempt - 1]!);
    const listening = {
      ...channel,
      send: (...[action, context]: Parameters<typeof channel.send>) => {
        told.push(context.reached);
        return channel.send(action, context);
      },
    };
    await writeAction(log, {});
    const first = setUp(listening, { log });
    await first.outbox.start();
    await until(() => attemptsIn(log).filter(({ phase }) => phase === 'answered').length === 1);
    await first.outbox.stop();
    const second = setUp(listening, { log });
    await second.outbox.start();
    expect(await second.results(1)).toMatchObject([{ result: 'sent', attempts: 3 }]);
    expect(told).toEqual([[], ['a'], ['a', 'b']]);
    await second.outbox.drain(1_000);
  });

  it('writes each attempt down before it begins and after it ended', async () => {
    const log = new MemoryLog({ topics: outboxTestTopics });
    const phasesAtSend: string[][] = [];
    const channel = scriptedChannel(() => {
      phasesAtSend.push(attemptsIn(log).map(({ attempt, phase }) => `${attempt} ${phase}`));
      return channel.sends.length < 2
        ? { kind: 'retry', httpStatus: 503, error: 'HTTP 503' }
        : { kind: 'sent', httpStatus: 204 };
    });
    const { outbox, results } = setUp(channel, { log });
    await outbox.start();
    await writeAction(log);
    expect(await results(1)).toMatchObject([{ result: 'sent', attempts: 2, httpStatus: 204 }]);
    expect(phasesAtSend).toEqual([['1 begun'], ['1 begun', '1 answered', '2 begun']]);
    expect(attemptsIn(log)).toMatchObject([
      { attempt: 1, phase: 'begun', outcome: null, destination: 'crm' },
      { attempt: 1, phase: 'answered', outcome: 'retry', httpStatus: 503, error: 'HTTP 503' },
      { attempt: 2, phase: 'begun' },
      { attempt: 2, phase: 'answered', outcome: 'sent', httpStatus: 204 },
    ]);
    await outbox.drain(1_000);
  });

  it('backs off between attempts, and as long as the receiver asks', async () => {
    const times: number[] = [];
    const channel = scriptedChannel(() => {
      times.push(timers.now());
      if (times.length === 3) return { kind: 'retry', httpStatus: 429, retryAfterMs: 60_000 };
      return times.length < 5 ? { kind: 'retry', httpStatus: 500 } : yes();
    });
    const { log, outbox, timers } = setUp(channel, {
      destination: { breaker: { failures: 100, openMs: 1 } },
    });
    await outbox.start();
    await writeAction(log);
    await settled();
    while (resultsIn(log).length === 0) {
      timers.advanceToNext();
      await settled();
    }
    // Half of 1, 2, then what was asked for, then half of 8 s.
    expect(times.map((at, n) => at - (times[n - 1] ?? 0))).toEqual([0, 500, 1_000, 60_000, 4_000]);
    await outbox.drain(1_000);
  });

  it('gives up after the last attempt: failed', async () => {
    const channel = scriptedChannel(() => ({ kind: 'retry', httpStatus: 500, error: 'HTTP 500' }));
    const { log, outbox, results } = setUp(channel, { destination: { maxAttempts: 3 } });
    await outbox.start();
    await writeAction(log);
    expect(await results(1)).toMatchObject([
      {
        result: 'failed',
        attempts: 3,
        httpStatus: 500,
        error: 'gave up after 3 attempts; last: HTTP 500',
      },
    ]);
    await outbox.drain(1_000);
  });

  it('takes a refusal as final', async () => {
    const channel = scriptedChannel(() => ({ kind: 'refused', httpStatus: 422, error: 'no such customer' }));
    const { log, outbox, results } = setUp(channel);
    await outbox.start();
    await writeAction(log);
    expect(await results(1)).toMatchObject([
      { result: 'failed', attempts: 1, httpStatus: 422, error: 'no such customer' },
    ]);
    await outbox.drain(1_000);
  });

  it('repeats after a lost answer under the same id where the receiver recognises it', async () => {
    const channel = scriptedChannel(({ attempt }) => (attempt === 1 ? 'pending' : yes()));
    const { log, outbox, results } = setUp(channel);
    await outbox.start();
    await writeAction(log);
    expect(await results(1)).toMatchObject([{ result: 'sent', attempts: 2 }]);
    expect(channel.ids).toEqual(['action-1', 'action-1']);
    expect(attemptsIn(log)[1]).toMatchObject({ outcome: 'unknown', error: 'no answer within 5000 ms' });
    await outbox.drain(1_000);
  });

  it('calls a lost answer uncertain where the receiver cannot recognise a repetition', async () => {
    const channel = scriptedChannel(() => 'pending', false);
    const { log, outbox, results } = setUp(channel);
    await outbox.start();
    await writeAction(log);
    expect(await results(1)).toMatchObject([{ result: 'uncertain', attempts: 1 }]);
    expect(channel.sends).toHaveLength(1);
    await outbox.drain(1_000);
  });

  it('repeats all the same where the configuration says so', async () => {
    const channel = scriptedChannel(({ attempt }) => (attempt === 1 ? 'pending' : yes()), false);
    const { log, outbox, results } = setUp(channel, { destination: { repeatWhenLost: true } });
    await outbox.start();
    await writeAction(log);
    expect(await results(1)).toMatchObject([{ result: 'sent', attempts: 2 }]);
    await outbox.drain(1_000);
  });

  it('says uncertain, not failed, when answers were lost to the end', async () => {
    const channel = scriptedChannel(() => 'pending');
    const { log, outbox, results } = setUp(channel, { destination: { maxAttempts: 2 } });
    await outbox.start();
    await writeAction(log);
    expect(await results(1)).toMatchObject([{ result: 'uncertain', attempts: 2 }]);
    await outbox.drain(1_000);
  });

  it('does not begin what was withdrawn while its attempt was written down', async () => {
    const channel = scriptedChannel(yes);
    const log = new MemoryLog({ topics: outboxTestTopics });
    let release: () => void = () => undefined;
    log.delayAppends = (topic) =>
      topic === 'action-attempts' ? new Promise((resolve) => (release = resolve)) : undefined;
    const { outbox } = setUp(channel, { log });
    await outbox.start();
    await writeAction(log);
    await settled();
    log.delayAppends = undefined;
    await writeAction(log, { version: 2, state: 'cancelled' });
    release();
    await until(() => outbox.stats().due === 0);
    expect(channel.sends).toEqual([]);
    expect(resultsIn(log)).toEqual([]);
    expect(attemptsIn(log).at(-1)).toMatchObject({ phase: 'answered', outcome: 'withdrawn' });
    await outbox.drain(1_000);
  });

  it('drops what is withdrawn between two attempts; says uncertain where an answer had been lost', async () => {
    const channel = scriptedChannel(({ action }) =>
      action.id === 'heard' ? { kind: 'retry', httpStatus: 500 } : { kind: 'unknown', error: 'reset' },
    );
    const { log, outbox, results } = setUp(channel);
    await outbox.start();
    await writeAction(log, { id: 'heard', exceptionId: 'e1' });
    await writeAction(log, { id: 'lost', exceptionId: 'e2' });
    await until(() => channel.sends.length === 2 && outbox.stats().destinations['crm']?.running === 0);
    await writeAction(log, { id: 'heard', exceptionId: 'e1', version: 2, state: 'cancelled' });
    await writeAction(log, { id: 'lost', exceptionId: 'e2', version: 2, state: 'cancelled' });
    expect(await results(1)).toMatchObject([{ actionId: 'lost', result: 'uncertain' }]);
    await until(() => outbox.stats().due === 0);
    expect(channel.sends).toHaveLength(2);
    await outbox.drain(1_000);
  });

  it('says of what has lapsed that it expired, and uncertain where an answer had been lost', async () => {
    const channel = scriptedChannel(() => ({ kind: 'unknown', error: 'reset' }));
    const { log, outbox, results } = setUp(channel);
    await outbox.start();
    await writeAction(log, { id: 'lost', exceptionId: 'e1' });
    await writeAction(log, { id: 'waits', exceptionId: 'e1' });
    await until(() => channel.sends.length === 1 && outbox.stats().destinations['crm']?.running === 0);
    await writeDispatch(log, { id: 'lost', exceptionId: 'e1', version: 2, state: 'expired' });
    await writeDispatch(log, { id: 'waits', exceptionId: 'e1', version: 2, state: 'expired' });
    const said = (await results(2)).map(({ actionId, result }) => `${actionId} ${result}`).toSorted();
    expect(said).toEqual(['lost uncertain', 'waits expired']);
    await until(() => outbox.stats().due === 0);
    expect(channel.sends).toHaveLength(1);
    await outbox.drain(1_000);
  });

  it('lets what came too late expire, in log time: at once, in the queue, and between attempts', async () => {
    const channel = scriptedChannel(() => ({ kind: 'retry', httpStatus: 503, error: 'HTTP 503' }));
    const { log, outbox, results } = setUp(channel);
    log.advanceTo(10_000);
    await writeAction(log, { id: 'before', exceptionId: 'e0', expiresAt: 9_000 });
    await outbox.start();
    expect(await results(1)).toMatchObject([{ actionId: 'before', result: 'expired', attempts: 0 }]);
    await writeAction(log, { id: 'tried', exceptionId: 'e1', expiresAt: 20_000 });
    await writeAction(log, { id: 'queued', exceptionId: 'e1', expiresAt: 20_000 });
    await until(() => channel.sends.length === 1 && outbox.stats().destinations['crm']?.running === 0);
    log.advanceTo(20_000);
    await settled();
    expect(resultsIn(log)).toHaveLength(1);
    log.advanceTo(20_001);
    const late = (await results(3)).slice(1);
    expect(
      late.map(({ actionId, result, attempts }) => `${actionId} ${result} ${attempts}`).toSorted(),
    ).toEqual(['queued expired 0', 'tried expired 1']);
    expect(channel.sends).toHaveLength(1);
    await outbox.drain(1_000);
  });

  it('keeps the actions of one exception in order, whatever the first one needs', async () => {
    const channel = scriptedChannel(({ action, attempt }) =>
      action.id === 'a1' && attempt < 4 ? { kind: 'retry', httpStatus: 500 } : yes(),
    );
    const { log, outbox, results } = setUp(channel);
    await outbox.start();
    await writeAction(log, { id: 'a1', exceptionId: 'a' });
    await until(() => channel.sends.length === 1);
    await writeAction(log, { id: 'a2', exceptionId: 'a' });
    await writeAction(log, { id: 'b1', exceptionId: 'b' });
    await results(3);
    expect(channel.ids).toEqual(['a1', 'b1', 'a1', 'a1', 'a1', 'a2']);
    await outbox.drain(1_000);
  });

  it('fails what names a destination that is not there, and goes on', async () => {
    const channel = scriptedChannel(yes);
    const { log, outbox, results } = setUp(channel);
    await outbox.start();
    await writeAction(log, { id: 'nowhere', destination: 'tms' });
    await writeAction(log, { id: 'none', destination: null });
    await writeAction(log, { id: 'good' });
    const all = await results(3);
    expect(all.map(({ actionId, result, error }) => [actionId, result, error])).toEqual(
      expect.arrayContaining([
        ['nowhere', 'failed', 'destination "tms" is not configured'],
        ['none', 'failed', 'it names no destination'],
        ['good', 'sent', null],
      ]),
    );
    await outbox.drain(1_000);
  });

  it('passes over what is not an action, and says where it is', async () => {
    const channel = scriptedChannel(yes);
    const { log, outbox, results, problems } = setUp(channel);
    await outbox.start();
    await log.append('actions', { key: 'shipment-1', value: new TextEncoder().encode('{"id":') });
    await writeAction(log);
    expect(await results(1)).toMatchObject([{ result: 'sent' }]);
    expect(problems).toEqual([expect.objectContaining({ code: 'FW402' })]);
    await outbox.drain(1_000);
  });

  it('does not execute again what the pipeline announces again before it knows of the result', async () => {
    const channel = scriptedChannel(yes);
    const { log, outbox, results } = setUp(channel);
    await outbox.start();
    await writeAction(log);
    await results(1);
    await writeAction(log, { version: 2 });
    await settled();
    await outbox.drain(1_000);
    const again = setUp(channel, { log });
    await again.outbox.start();
    await writeAction(log, { version: 3 });
    await settled();
    expect(channel.sends).toHaveLength(1);
    await again.outbox.drain(1_000);
  });

  it('waits for a line that is full: what was found out is not lost', async () => {
    const channel = scriptedChannel(yes);
    const { log, outbox, results, problems } = setUp(channel);
    let refusals = 0;
    log.failAppends = (topic) =>
      isOwn(topic) && refusals++ % 3 < 2 ? new ForewarnError('FW310', 'full') : undefined;
    await outbox.start();
    await writeAction(log);
    expect(await results(1)).toMatchObject([{ result: 'sent' }]);
    expect(channel.sends).toHaveLength(1);
    expect(problems).toEqual([]);
    await outbox.drain(1_000);
  });

  it('stops when the log cannot be written, with the attempt left to be taken up', async () => {
    const channel = scriptedChannel(yes);
    const { log, outbox, problems, failures } = setUp(channel);
    log.failAppends = (topic) => (isOwn(topic) ? new ForewarnError('FW302', 'disk') : undefined);
    await outbox.start();
    await writeAction(log);
    await until(() => problems.length > 0);
    expect(problems).toEqual([expect.objectContaining({ code: 'FW302' })]);
    // Whoever began it has to know that nothing is sent any more.
    expect(failures).toEqual(problems);
    expect(channel.sends).toEqual([]);
    log.failAppends = undefined;
    const again = setUp(channel, { log });
    await again.outbox.start();
    expect(await again.results(1)).toMatchObject([{ result: 'sent', attempts: 1 }]);
    await again.outbox.drain(1_000);
  });

  it('drains: answers that come in time are kept, the rest is taken up by the next start', async () => {
    let answerFirst: (() => void) | undefined;
    const channel = scriptedChannel(({ action, attempt }) => {
      if (action.id === 'quick') return new Promise((resolve) => (answerFirst = () => resolve(yes())));
      return action.id === 'slow' && attempt === 1 ? 'pending' : yes();
    });
    const { log, outbox, timers } = setUp(channel, { destination: { concurrency: 2, timeoutMs: 60_000 } });
    await outbox.start();
    for (const id of ['quick', 'slow', 'waiting']) await writeAction(log, { id, exceptionId: id });
    await until(() => channel.sends.length === 2);
    const drained = outbox.drain(3_000);
    answerFirst?.();
    await settled();
    timers.advance(3_000);
    await drained;
    expect(resultsIn(log).map(({ actionId }) => actionId)).toEqual(['quick']);
    expect(channel.ids).toEqual(['quick', 'slow']);
    const again = setUp(channel, { log });
    await again.outbox.start();
    const ends = (await again.results(3)).map(({ actionId, attempts }) => `${actionId} ${attempts}`);
    expect(ends.toSorted()).toEqual(['quick 1', 'slow 2', 'waiting 1']);
    await again.outbox.drain(1_000);
  });

  it('begins after a restart where everything before is settled', async () => {
    const channel = scriptedChannel(yes);
    const { log, outbox, results } = setUp(channel);
    await outbox.start();
    for (let n = 0; n < 10; n++) await writeAction(log, { id: `a${n}`, exceptionId: `e${n}` });
    await results(10);
    for (let n = 0; n < 10; n++)
      await writeAction(log, { id: `a${n}`, exceptionId: `e${n}`, version: 2, state: 'sent' });
    await settled();
    await outbox.drain(1_000);
    const partition = log.partitionFor('actions', 'shipment-1');
    const last = new TextDecoder().decode(log.statesOf(`outbox/${partition}`).at(-1));
    expect(JSON.parse(last)).toMatchObject({
      format: 2,
      actions: 20,
      dispatches: 10,
      results: 10,
      attempts: 20,
    });
    expect(outbox.holds().get(`actions/${partition}`)).toBe(20);
    expect(outbox.holds().get(`dispatches/${partition}`)).toBe(10);
  });

  it('refuses topics that are not partitioned alike', async () => {
    const log = new MemoryLog({ topics: { ...outboxTestTopics, 'action-results': 3 } });
    const { outbox } = setUp(scriptedChannel(yes), { log });
    await expect(outbox.start()).rejects.toThrow('FW204 topic "action-results" has 3 partitions');
  });
});
