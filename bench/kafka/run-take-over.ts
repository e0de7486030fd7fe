import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { noteOf, openLine, type TakeOverSettings } from './take-over-state.ts';

/** What a process found that took over, in milliseconds from when it was told that the other one is dead. */
export interface TookOver {
  /** The transactional id is this process's, and all commits are read. */
  readonly numberMs: number;
  /** The tasks have their state, and run. */
  readonly stateMs: number;
  /** A record that came then has been taken and committed. */
  readonly committedMs: number;
  readonly keys: number;
}

const AT_ONCE = 500;
const EVERY_MS = 2_000;
const LOOK_EVERY_MS = 10;

const say = (what: unknown): void => void process.stdout.write(`${JSON.stringify(what)}\n`);

/**
 * `owner`: takes the number, fills its state, and waits to be killed. `heir`: waits for a line on its input, which says that the other
 * one is dead, takes over, and waits to be killed itself; `standby` keeps the state ready meanwhile. Each says in lines of JSON how far it is.
 */
const main = async ([role, given]: readonly string[]): Promise<void> => {
  const settings = JSON.parse(given!) as TakeOverSettings;
  const { log, engine, failures } = await openLine(settings);
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) {
      if (failures.length > 0) throw failures[0];
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  };
  let at = log.closedUntil;
  const send = async (first: number, count: number): Promise<void> => {
    at += 1;
    await Promise.all(
      Array.from({ length: count }, (_, n) => {
        const { heardAt, ...record } = noteOf(first + n, at);
        return log.append('notes', record, { heardAt });
      }),
    );
  };
  const isDone = (): boolean => engine.tasks.every((task) => task.settled(log.closedUntil));

  if (role === 'owner') {
    await log.numbers!.take(0);
    await engine.take(0);
    for (let key = 0; key < settings.keys; key += AT_ONCE) {
      await send(key, Math.min(AT_ONCE, settings.keys - key));
      await until(() => engine.tasks.every(({ lag }) => lag < 20 * AT_ONCE));
    }
    await until(isDone);
    say({ ready: true });
    await once(process, 'never');
    return;
  }
  const told = once(createInterface({ input: process.stdin }), 'line');
  let isNear = role !== 'standby';
  let isTold = false;
  void told.then(() => (isTold = true));
  if (isNear) say({ ready: true });
  else
    void (async () => {
      while (!isTold) {
        await engine.standBy(0);
        if (!isNear) say({ ready: true });
        isNear = true;
        await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
      }
    })();
  await told;
  const begun = performance.now();
  await log.numbers!.take(0);
  const numberMs = performance.now() - begun;
  await engine.take(0);
  const stateMs = performance.now() - begun;
  at = log.closedUntil;
  await send(settings.keys, 1);
  await until(isDone);
  const committedMs = performance.now() - begun;
  const found: TookOver = { numberMs, stateMs, committedMs, keys: engine.keysOf('last') };
  say(found);
  await once(process, 'never');
};

// Whoever started it ends it by a signal; until then something must be waited for.
setInterval(() => undefined, 60_000);
await main(process.argv.slice(2));
