import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Acknowledgement } from '../../../../../domain/acknowledgement.ts';
import type { SendOutcome } from '../../../../../sinks/outbox/channel.ts';
import type { Transport } from '../../../../../sinks/outbox/tms/deliver-interchange.ts';
import { createInterchanges, type Interchanges } from '../../../../../sinks/outbox/tms/x12/interchanges.ts';
import { x12214 } from '../../../../../sinks/outbox/tms/x12/x12-214.ts';
import { decodeX12 } from '../../../../../sources/decoders/x12/decode-x12.ts';
import { documentOf, settingsWith } from '../../../../sources/decoders/decoder-settings.ts';
import { MemoryLog } from '../../../../support/memory-log.ts';
import { manualTimers } from '../../manual-timers.ts';
import { resultsIn, sampleAction } from '../../sample-action.ts';
import { attempt } from '../rest-channel.ts';
import { reasons, samplePartner } from './sample-partner.ts';

const newLog = (): MemoryLog =>
  new MemoryLog({ topics: { 'edi-interchanges': 1, acknowledgements: 1, 'action-results': 2 } });
const HOUR = 3_600_000;
const facts = { kind: 'detected', category: 'weather', cause: 'weather', carrier: 'SAIA', expectedAt: null };
const actionOf = (id: string) => sampleAction({ id, shipmentId: `shipment-${id}`, facts });

interface Line {
  readonly log: MemoryLog;
  readonly interchanges: Interchanges;
  readonly sent: string[];
  readonly problems: string[];
  readonly timers: ReturnType<typeof manualTimers>;
  /** Sends as the dispatcher does, and writes down its result. */
  readonly send: (id: string, number?: number) => Promise<SendOutcome>;
  readonly result: (id: string, result: string) => Promise<unknown>;
}

const encoder = new TextEncoder();

const start = async (log = newLog(), answer: () => SendOutcome = () => ({ kind: 'sent' })): Promise<Line> => {
  const sent: string[] = [];
  const problems: string[] = [];
  const timers = manualTimers();
  const state = log.statesOf('edi/0').at(-1);
  const interchanges = createInterchanges({
    log,
    clock: { now: () => log.closedUntil },
    timers,
    random: () => 0,
    state,
    onProblem: (error) => problems.push(String(error)),
  });
  await interchanges.start();
  const transport: Transport = {
    deliver: async (text) => {
      sent.push(text);
      return answer();
    },
    close: () => undefined,
  };
  const channel = x12214({
    name: 'edi',
    partner: samplePartner(),
    reasons,
    register: interchanges.register,
    transport,
    acknowledgeWithinMs: 4 * HOUR,
  });
  return {
    log,
    interchanges,
    sent,
    problems,
    timers,
    send: (id, number = 1) => channel.send(actionOf(id), attempt(number)),
    result: (id, result) =>
      log.append('action-results', {
        key: `shipment-${id}`,
        value: encoder.encode(
          JSON.stringify({
            id: `result-${id}-${result}`,
            at: 0,
            heardAt: 0,
            actionId: id,
            shipmentId: `shipment-${id}`,
            exceptionId: 'exception-1',
            result,
            attempts: 1,
            httpStatus: null,
            error: null,
          }),
        ),
      }),
  };
};

/** A partner's 997, read by our own decoder and written as `normalise` writes it. */
const acknowledge = async (
  log: MemoryLog,
  control: number,
  verdict: string,
  errors: readonly string[] = [],
) => {
  const text = [
    'ISA*00*          *00*          *02*ACMETMS        *ZZ*FOREWARN       *260105*1300*U*00401*000000900*0*P*>',
    'GS*FA*ACMETMS*FOREWARN*20260105*1300*900*X*004010',
    'ST*997*0001',
    `AK1*QM*${control}`,
    'AK2*214*0001',
    ...errors,
    `AK5*${verdict}`,
    `AK9*${verdict}*1*1*${verdict === 'A' ? 1 : 0}`,
    `SE*${6 + errors.length}*0001`,
    'GE*1*900',
    'IEA*1*000000900',
    '',
  ].join('~');
  for (const part of decodeX12(documentOf(text), settingsWith())) {
    if (part.type !== 'acknowledgement') throw new Error(JSON.stringify(part));
    const row: Acknowledgement = part.value;
    await log.append('acknowledgements', { key: row.sender.id, value: encoder.encode(JSON.stringify(row)) });
  }
};

const told = (log: MemoryLog): string[] =>
  resultsIn(log)
    .map(({ actionId, result }) => `${actionId} ${result}`)
    .toSorted();
const controlIn = (text: string): number => Number(text.split('*')[13]);

describe('control numbers', () => {
  it('rise by one, also among sends at the same time, and are durable before anything is sent', async () => {
    const line = await start();
    let durableFirst = true;
    line.log.delayAppends = (topic) => {
      if (topic === 'edi-interchanges')
        durableFirst &&= line.sent.length <= line.log.end('edi-interchanges', 0);
      return Promise.resolve();
    };
    await Promise.all(['a', 'b', 'c'].map((id) => line.send(id)));
    expect(line.sent.map(controlIn).toSorted((a, b) => a - b)).toEqual([1, 2, 3]);
    expect(line.log.all('edi-interchanges')).toHaveLength(3);
    expect(durableFirst).toBe(true);
  });

  it('and bytes are the same when the answer was lost, in this process and in the next', async () => {
    const line = await start(newLog(), () => ({ kind: 'unknown' }));
    await line.send('a');
    await line.send('b');
    line.log.advanceTo(5 * HOUR);
    await line.send('a', 2);
    const next = await start(line.log);
    await next.send('a', 3);
    await next.send('c');
    expect(line.sent[2]).toBe(line.sent[0]);
    expect(next.sent[0]).toBe(line.sent[0]);
    expect(controlIn(next.sent[1] ?? '')).toBe(3);
  });

  it('go on after a restart from the committed state, when the log has dropped the interchanges', async () => {
    const line = await start();
    await line.send('a');
    await line.send('b');
    await line.interchanges.stop();
    const state = line.log.statesOf('edi/0').at(-1);
    const emptied = newLog();
    await emptied.commit({
      producer: 'edi/0',
      epoch: 1,
      frontier: 0,
      writes: [],
      state: state ?? new Uint8Array(),
    });
    const next = await start(emptied);
    await next.send('c');
    expect(next.sent.map(controlIn)).toEqual([3]);
  });

  it('whose writing failed are never used for something else', async () => {
    const line = await start();
    line.log.failAppends = () => new Error('disk');
    await expect(line.send('a')).rejects.toThrow('disk');
    line.log.failAppends = undefined;
    await line.send('b');
    await line.send('a', 2);
    expect(line.sent.map(controlIn)).toEqual([2, 3]);
  });

  it('are not taken by what cannot be written', async () => {
    const line = await start();
    const channel = x12214({
      name: 'edi',
      partner: samplePartner(),
      reasons,
      register: line.interchanges.register,
      transport: { deliver: async () => ({ kind: 'sent' }), close: () => undefined },
      acknowledgeWithinMs: null,
    });
    const action = sampleAction({ facts: { ...facts, kind: 'predicted' } });
    expect(await channel.send(action, attempt())).toMatchObject({
      kind: 'refused',
      error: expect.stringContaining('FW716') as string,
    });
    await line.send('a');
    expect(line.sent.map(controlIn)).toEqual([1]);
  });
});

describe('acknowledgements', () => {
  it('confirm what was accepted, with or without errors, and fail what was rejected, once', async () => {
    const line = await start();
    for (const id of ['a', 'b', 'c']) {
      await line.send(id);
      await line.result(id, 'sent');
    }
    await acknowledge(line.log, 1, 'A');
    await acknowledge(line.log, 2, 'E', ['AK3*MS1*7**8', 'AK4*2*156*7']);
    await acknowledge(line.log, 3, 'R', ['AK3*AT7*6**8', 'AK4*1*1650*7*SD']);
    await line.interchanges.caughtUp();
    expect(told(line.log)).toEqual(['a confirmed', 'a sent', 'b confirmed', 'b sent', 'c failed', 'c sent']);
    expect(resultsIn(line.log).find(({ result }) => result === 'failed')).toMatchObject({
      error: '997 R: AT7 (segment 6): code 8; AT7 (segment 6) element 1: code 7',
    });
    expect(line.interchanges.stats()).toEqual({
      open: 0,
      overdue: 0,
      confirmed: 2,
      rejected: 1,
      unknown: 0,
      givenUp: 0,
    });
  });

  it('that come before the dispatcher has its own result wait for it', async () => {
    const line = await start();
    await line.send('a');
    await acknowledge(line.log, 1, 'R');
    await line.interchanges.caughtUp();
    expect(told(line.log)).toEqual([]);
    await line.result('a', 'sent');
    await line.interchanges.caughtUp();
    expect(resultsIn(line.log).map(({ result }) => result)).toEqual(['sent', 'failed']);
  });

  it('of a number that nothing waits under are told and change nothing', async () => {
    const line = await start();
    await line.send('a');
    await line.result('a', 'sent');
    await acknowledge(line.log, 77, 'R');
    await line.interchanges.caughtUp();
    expect(told(line.log)).toEqual(['a sent']);
    expect(line.problems[0]).toContain('FW411 acknowledgement of group 77 by 02:ACMETMS: ');
    expect(line.interchanges.stats()).toMatchObject({ open: 1, unknown: 2 });
  });

  it('that do not come are counted and listed once they are overdue', async () => {
    const line = await start();
    await line.send('a');
    await line.send('b');
    await line.result('a', 'sent');
    await line.result('b', 'failed');
    line.log.advanceTo(4 * HOUR + 10);
    await line.interchanges.caughtUp();
    expect(line.interchanges.overdue()).toMatchObject([{ actionId: 'a', control: 1, destination: 'edi' }]);
    expect(line.interchanges.stats()).toMatchObject({ open: 1, overdue: 1 });
  });

  it('are each told once, wherever the process ends and starts again', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('send', 'acknowledge', 'crash', 'commit', 'full'), { maxLength: 25 }),
        async (steps) => {
          const log = newLog();
          let line = await start(log);
          const sent: string[] = [];
          const expected = new Map<string, string>();
          for (const [index, step] of steps.entries()) {
            if (step === 'send') {
              const id = `n${index}`;
              await line.send(id);
              await line.result(id, 'sent');
              sent.push(id);
            } else if (step === 'acknowledge') {
              const id = sent[expected.size];
              if (id === undefined) continue;
              const verdict = index % 3 === 0 ? 'R' : 'A';
              expected.set(id, verdict === 'A' ? 'confirmed' : 'failed');
              await acknowledge(log, sent.indexOf(id) + 1, verdict);
            } else if (step === 'commit') {
              await line.interchanges.caughtUp();
              await line.interchanges.stop();
              line = await start(log);
            } else line = await start(log);
          }
          await line.interchanges.caughtUp();
          const results = resultsIn(log).filter(({ result }) => result !== 'sent');
          expect(Object.fromEntries(results.map(({ actionId, result }) => [actionId, result]))).toEqual(
            Object.fromEntries(expected),
          );
          expect(results).toHaveLength(expected.size);
          await line.interchanges.stop();
        },
      ),
      { numRuns: 60 },
    );
  });
});
