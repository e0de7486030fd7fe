import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ForewarnError } from '../../../runtime/forewarn-error.ts';
import { callsOver } from '../../../runtime/threads/calls.ts';

interface Arithmetic {
  half(n: number): Promise<number>;
  fail(code: 'FW602' | null): Promise<never>;
  never(): Promise<void>;
}

const begin = () => {
  const { port1, port2 } = new MessageChannel();
  const there: Arithmetic = {
    half: (n) => Promise.resolve(n / 2),
    fail: (code) => {
      const cause = new TypeError('the root');
      throw code === null ? new RangeError('odd', { cause }) : new ForewarnError(code, 'slow', { cause });
    },
    never: () => new Promise(() => undefined),
  };
  callsOver<object>(port1, there);
  const calls = callsOver<Arithmetic>(port2, {});
  onTestFinished(() => port2.close());
  return calls;
};

describe('calls over a port', () => {
  it('are answered each with its own answer', async () => {
    const calls = begin();
    expect(await Promise.all([8, 4, 1].map((n) => calls.ask('half', n)))).toEqual([4, 2, 0.5]);
  });

  it('bring errors as they were: code, message, whether to try again, and cause', async () => {
    const calls = begin();
    const ours = await calls.ask('fail', 'FW602').catch((error: unknown) => error);
    expect(ours).toBeInstanceOf(ForewarnError);
    expect(ours).toMatchObject({ code: 'FW602', retry: true, message: 'FW602 slow' });
    expect((ours as ForewarnError).cause).toMatchObject({ message: 'the root' });
    const others = await calls.ask('fail', null).catch((error: unknown) => error);
    expect(others).not.toBeInstanceOf(ForewarnError);
    expect(others).toMatchObject({ message: 'odd' });
    expect((others as Error).stack).toContain('calls.test');
  });

  it('are all answered when nobody is there any more', async () => {
    const calls = begin();
    const waiting = calls.ask('never');
    const gone = new ForewarnError('FW617', 'it has gone');
    calls.end(gone);
    await expect(waiting).rejects.toBe(gone);
    await expect(calls.ask('half', 1)).rejects.toBe(gone);
  });
});
