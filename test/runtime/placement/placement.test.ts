import { describe, expect, it } from 'vitest';
import { ForewarnError } from '../../../runtime/forewarn-error.ts';
import { Placement } from '../../../runtime/placement/placement.ts';

/** Work that ends when the test says so, and timers that ring when it says so. */
const scene = () => {
  const log: string[] = [];
  const open = new Map<string, { readonly done: () => void; readonly failed: (error: unknown) => void }>();
  const timers: { readonly ms: number; readonly act: () => void; isOff: boolean }[] = [];
  const failures: unknown[] = [];
  const step = (name: string) => (number: number) => {
    log.push(`${name} ${number}`);
    return new Promise<void>((done, failed) => void open.set(`${name} ${number}`, { done, failed }));
  };
  const placement = new Placement({
    work: { take: step('take'), give: step('give'), drop: step('drop') },
    giveWithinMs: 20_000,
    againAfterMs: 10_000,
    onFailure: (error) => failures.push(error),
    note: () => undefined,
    timers: {
      after: (ms, act) => {
        const timer = { ms, act, isOff: false };
        timers.push(timer);
        return () => (timer.isOff = true);
      },
    },
  });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const end = async (what: string, error?: unknown): Promise<void> => {
    const { done, failed } = open.get(what)!;
    open.delete(what);
    if (error === undefined) done();
    else failed(error);
    await settle();
  };
  const ring = async (ms: number): Promise<void> => {
    for (const timer of timers.filter((one) => one.ms === ms && !one.isOff)) {
      timer.isOff = true;
      timer.act();
    }
    await settle();
  };
  return { placement, log, failures, settle, end, ring };
};

const fenced = new ForewarnError('FW614', 'watch/0: another process writes in its place');
const away = new ForewarnError('FW609', 'Kafka at broker:9092 does not answer');

/** What a promise has come to by now. */
const stateOf = async (promise: Promise<unknown>): Promise<'waits' | 'done'> =>
  Promise.race([
    promise.then(() => 'done' as const),
    new Promise<'waits'>((resolve) => setImmediate(() => resolve('waits'))),
  ]);

describe('placement', () => {
  it('acknowledges a revocation in the middle of a commit when the commit has ended', async () => {
    const { placement, log, settle, end } = scene();
    placement.assign([0, 1]);
    await settle();
    await end('take 0');
    await end('take 1');
    expect(placement.here).toEqual([0, 1]);
    const revoked = placement.revoke([1]);
    expect(await stateOf(revoked)).toBe('waits');
    expect(log).toEqual(['take 0', 'take 1', 'give 1']);
    await end('give 1');
    expect(await stateOf(revoked)).toBe('done');
    expect(placement.here).toEqual([0]);
  });

  it('drops what cannot be committed in time, and acknowledges then', async () => {
    const { placement, log, settle, end, ring } = scene();
    placement.assign([0]);
    await settle();
    await end('take 0');
    const revoked = placement.revoke([0]);
    await settle();
    await ring(20_000);
    expect(log).toEqual(['take 0', 'give 0', 'drop 0']);
    expect(await stateOf(revoked)).toBe('waits');
    await end('drop 0');
    expect(await stateOf(revoked)).toBe('done');
    expect(placement.here).toEqual([]);
  });

  it('takes a number to its end that is revoked while its state is read, and gives it then', async () => {
    const { placement, log, settle, end } = scene();
    placement.assign([0]);
    await settle();
    const revoked = placement.revoke([0]);
    await settle();
    expect(log).toEqual(['take 0']);
    await end('take 0');
    expect(log).toEqual(['take 0', 'give 0']);
    await end('give 0');
    expect(await stateOf(revoked)).toBe('done');
  });

  it('does not take what was revoked before its turn had come', async () => {
    const { placement, log, settle, end } = scene();
    placement.assign([0]);
    await settle();
    void placement.revoke([0]);
    placement.assign([0]);
    void placement.revoke([0]);
    await end('take 0');
    await end('give 0');
    expect(log).toEqual(['take 0', 'give 0']);
  });

  it('drops what is lost, without a commit, and takes it when it is assigned again', async () => {
    const { placement, log, settle, end } = scene();
    placement.assign([0]);
    await settle();
    await end('take 0');
    const lost = placement.lose([0]);
    await settle();
    placement.assign([0]);
    expect(log).toEqual(['take 0', 'drop 0']);
    await end('drop 0');
    expect(await stateOf(lost)).toBe('done');
    expect(log).toEqual(['take 0', 'drop 0', 'take 0']);
  });

  it('drops one number that is fenced, once, and takes it again after a session if it is still assigned', async () => {
    const { placement, log, settle, end, ring } = scene();
    placement.assign([0, 1]);
    await settle();
    await end('take 0');
    await end('take 1');
    placement.fenced(1);
    placement.fenced(1);
    await settle();
    await end('drop 1');
    expect(placement.here).toEqual([0]);
    expect(log).toEqual(['take 0', 'take 1', 'drop 1']);
    await ring(10_000);
    await end('take 1');
    expect(placement.here).toEqual([0, 1]);
  });

  it('does not take again what it was fenced for and has lost since', async () => {
    const { placement, log, settle, end, ring } = scene();
    placement.assign([0]);
    await settle();
    await end('take 0');
    placement.fenced(0);
    await settle();
    await end('drop 0');
    await placement.lose([0]);
    await ring(10_000);
    expect(log).toEqual(['take 0', 'drop 0']);
  });

  it('tries again what another process took while it was read, and fails by what nothing mends', async () => {
    const { placement, log, failures, settle, end, ring } = scene();
    placement.assign([0]);
    await settle();
    await end('take 0', fenced);
    await end('drop 0');
    expect([placement.here, failures]).toEqual([[], []]);
    await ring(10_000);
    await end('take 0', new ForewarnError('FW301', 'state object is damaged'));
    await end('drop 0');
    expect(log).toEqual(['take 0', 'drop 0', 'take 0', 'drop 0']);
    expect(failures).toMatchObject([{ code: 'FW301' }]);
  });

  it('tries again what could not be taken since the brokers were away', async () => {
    const { placement, log, failures, settle, end, ring } = scene();
    placement.assign([0]);
    await settle();
    await end('take 0', away);
    await end('drop 0');
    expect([placement.here, failures]).toEqual([[], []]);
    await ring(10_000);
    await end('take 0');
    expect(log).toEqual(['take 0', 'drop 0', 'take 0']);
    expect(placement.here).toEqual([0]);
  });

  it('fails when the brokers stay away', async () => {
    const { placement, failures, settle, end, ring } = scene();
    placement.assign([0]);
    await settle();
    for (let tries = 1; tries <= 12; tries++) {
      expect(failures).toEqual([]);
      await end('take 0', away);
      await end('drop 0');
      await ring(10_000);
    }
    expect(failures).toEqual([away]);
  });

  it('drops what was fenced in the middle of being given', async () => {
    const { placement, log, settle, end } = scene();
    placement.assign([0]);
    await settle();
    await end('take 0');
    const revoked = placement.revoke([0]);
    await settle();
    placement.fenced(0);
    await end('give 0', fenced);
    await end('drop 0');
    expect(await stateOf(revoked)).toBe('done');
    expect(log).toEqual(['take 0', 'give 0', 'drop 0']);
  });
});
