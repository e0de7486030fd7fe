import { describe, expect, it } from 'vitest';
import { LogEnd } from '../../../../runtime/log/kafka/log-end.ts';
import { Patience } from '../../../../runtime/log/kafka/patience.ts';
import { manualTimers } from '../../../sinks/outbox/manual-timers.ts';

const patienceOf = (restart: () => Promise<void> = () => Promise.resolve()) => {
  const timers = manualTimers();
  const end = new LogEnd();
  const notes: string[] = [];
  let restarts = 0;
  const patience = new Patience({
    patienceMs: 30_000,
    restart: () => {
      restarts += 1;
      return restart();
    },
    end,
    note: (line) => notes.push(line),
    timers,
  });
  return { patience, timers, end, notes, restarts: () => restarts };
};

// Seen red with a watch that is not set again after its first time, and with one that goes on when its wish is fulfilled.
describe('waiting for the reader', () => {
  it('makes it anew for as long as nothing comes, and leaves it alone from then on', async () => {
    const { patience, timers, notes, restarts, end } = patienceOf();
    let read = 0;
    const waiting = patience.until(() => read >= 2);
    timers.advance(29_999);
    expect(restarts()).toBe(0);
    timers.advance(1);
    expect(restarts()).toBe(1);
    expect(notes).toEqual(['kafka: nothing has come back for 30000 ms; the reader is made anew']);
    timers.advance(30_000);
    read = 1;
    patience.fulfil();
    timers.advance(30_000);
    expect(restarts()).toBe(3);
    read = 2;
    patience.fulfil();
    await waiting;
    expect([timers.pending, restarts(), end.refusal]).toEqual([0, 3, undefined]);
  });

  it('is broken when three new readers brought nothing, for all who wait and all who come', async () => {
    const { patience, timers, restarts, end } = patienceOf();
    const waiting = [patience.until(() => false), patience.until(() => false)];
    const failed = Promise.all(
      waiting.map((one) => expect(one).rejects.toThrow(/^FW609 .*does not come back/)),
    );
    timers.advance(119_999);
    expect([restarts(), end.broken]).toEqual([6, undefined]);
    timers.advance(1);
    await failed;
    expect([timers.pending, restarts(), end.broken?.code]).toEqual([0, 6, 'FW609']);
    await expect(patience.until(() => false)).rejects.toBe(end.broken);
    await patience.until(() => true);
  });

  it('is broken at once when no reader can be made, or when it is told so', async () => {
    const cause = new Error('no broker');
    const unmade = patienceOf(() => Promise.reject(cause));
    const waiting = expect(unmade.patience.until(() => false)).rejects.toMatchObject({
      code: 'FW609',
      cause,
    });
    unmade.timers.advance(30_000);
    await waiting;
    expect(unmade.timers.pending).toBe(0);
    const told = patienceOf();
    const other = expect(told.patience.until(() => false)).rejects.toMatchObject({ code: 'FW609', cause });
    told.patience.giveUp(cause);
    await other;
    expect([told.end.broken?.cause, told.restarts(), told.timers.pending]).toEqual([cause, 0, 0]);
  });

  it('ends with the log: nobody waits for what is closed', async () => {
    const { patience, timers, restarts } = patienceOf();
    const waiting = expect(patience.until(() => false)).rejects.toThrow(/^FW304 /);
    patience.close();
    await waiting;
    await expect(patience.until(() => false)).rejects.toThrow(/^FW304 /);
    expect([timers.pending, restarts()]).toEqual([0, 0]);
  });
});
