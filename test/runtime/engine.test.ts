import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { z } from 'zod';
import { keyedProcess, rowsOf } from '../../operators/keyed-process.ts';
import { map } from '../../operators/map.ts';
import { wallClock } from '../../runtime/clock.ts';
import { createEngine, type Engine } from '../../runtime/engine.ts';
import { pipeline } from '../../runtime/pipeline.ts';
import { EmbeddedLog } from '../../runtime/log/embedded-log.ts';
import { FolderSnapshots } from '../../runtime/state/snapshots/folder-snapshots.ts';
import { silentObserver } from '../../runtime/task-observer.ts';
import { topic } from '../../runtime/topic.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const event = z.object({ at: z.number(), key: z.string(), n: z.number() });
const total = z.object({
  at: z.number(),
  key: z.string(),
  sum: z.number(),
  count: z.number(),
  why: z.string(),
});
const letter = z.object({ at: z.number(), reason: z.string() });
const events = topic('events', { schema: event, key: (row) => row.key });
const doubled = topic('doubled', { schema: event, key: (row) => row.key });
const totals = topic('totals', { schema: total, key: (row) => row.key });
const letters = topic('letters', { schema: letter, key: () => 'all' });
const topics = { events: 2, doubled: 2, totals: 1, letters: 1 };

const summing = pipeline('summing', { from: { events }, checkpoint: '20ms' }, ({ events: rows }) => [
  rows
    .through(
      map((row) => {
        if (row.n === 13) throw new Error('thirteen');
        return { ...row, n: row.n * 2 };
      }),
    )
    .to(doubled),
]);
const totalling = pipeline('totalling', { from: { doubled }, checkpoint: '20ms' }, ({ doubled: rows }) => [
  keyedProcess('total', {
    inputs: { rows: rows.keyBy('key') },
    emits: rowsOf<z.infer<typeof total>>(),
    initial: { sum: 0, count: 0 },
    on: {
      rows: (row, context) => {
        const { sum, count } = context.state;
        context.set({ sum: sum + row.n, count: count + 1 });
        context.timer('silence', context.now + 50);
      },
    },
    onTimer: (why, context) => context.emit({ at: context.now, key: context.key, ...context.state, why }),
  }).to(totals),
]);

const openLog = (folder: string): Promise<EmbeddedLog> =>
  EmbeddedLog.open({ folder: join(folder, 'log'), topics, time: 'recorded' });

const engineOn = (log: EmbeddedLog, folder: string): Engine =>
  createEngine({
    pipelines: [summing, totalling],
    log,
    stateFolder: join(folder, 'state'),
    services: {
      scorer: () => {
        throw new Error('none');
      },
    },
    observer: silentObserver,
    wall: wallClock,
    deadLetter: (failure) => ({
      topic: letters as never,
      row: { at: failure.heardAt, reason: String(failure.error) },
    }),
    onError: (error) => {
      throw error;
    },
  });

const run = async (folder: string): Promise<{ log: EmbeddedLog; engine: Engine }> => {
  const log = await openLog(folder);
  const engine = engineOn(log, folder);
  await engine.start();
  return { log, engine };
};

const send = (log: EmbeddedLog, index: number) =>
  log.append(
    'events',
    { key: `k${index % 7}`, value: events.write({ at: index, key: `k${index % 7}`, n: index }) },
    { heardAt: 1_000 + index * 3, documentId: `d${index}` },
  );

const readAll = async (log: EmbeddedLog, name: string): Promise<string[]> => {
  const rows: string[] = [];
  for (;;) {
    const records = await log.read(name, 0, rows.length);
    // Two tasks write the partition; its order between them is not promised, log time is.
    if (records.length === 0) return rows.sort();
    rows.push(
      ...records.map((record) => `${Math.floor(record.heardAt)} ${new TextDecoder().decode(record.value)}`),
    );
  }
};

const end = (log: EmbeddedLog) =>
  log.append('events', { key: 'end', value: events.write({ at: 0, key: 'end', n: 0 }) }, { heardAt: 5_000 });

/** Totals and letters of a run from begin to end. */
const undisturbed = async (): Promise<string[][]> => {
  const { log, engine } = await run(await tempFolder());
  for (let index = 0; index < 120; index++) await send(log, index);
  await end(log);
  await until('settled', () => engine.settled(log.closedUntil));
  const rows = [await readAll(log, 'totals'), await readAll(log, 'letters')];
  await engine.stop();
  await log.close();
  return rows;
};

describe('engine', () => {
  it('writes the same rows when it is stopped and started between any two documents', async () => {
    const expected = await undisturbed();
    expect(expected[0]!.length).toBe(7);
    expect(expected[1]!.length).toBe(1);

    const folder = await tempFolder();
    for (let index = 0; index < 120; index += 13) {
      const { log, engine } = await run(folder);
      // The last documents are sent again, as a sender does that got no answer.
      for (let again = Math.max(0, index - 3); again < Math.min(120, index + 13); again++)
        await send(log, again);
      if (index % 2 === 0) await until('some rows', () => engine.settled(log.closedUntil));
      await engine.stop();
      await log.close();
    }
    const { log, engine } = await run(folder);
    await end(log);
    await until('settled', () => engine.settled(log.closedUntil));
    expect([await readAll(log, 'totals'), await readAll(log, 'letters')]).toEqual(expected);
    await engine.stop();
    await log.close();
  });

  it.each([
    { how: 'give', standsBy: false },
    { how: 'drop', standsBy: false },
    { how: 'give', standsBy: true },
    { how: 'drop', standsBy: true },
  ] as const)(
    'writes the same rows when two share it and each $how(s) a number, the other one standing by: $standsBy',
    async ({ how, standsBy }) => {
      const claims = vi.spyOn(FolderSnapshots.prototype, 'claim');
      onTestFinished(() => claims.mockRestore());
      const folder = await tempFolder();
      const log = await openLog(folder);
      const [one, other] = [engineOn(log, folder), engineOn(log, folder)];
      await one.take(0);
      await other.take(1);
      expect([one, other].map(({ tasks }) => tasks.map(({ name }) => name))).toEqual([
        ['summing/0', 'totalling/0'],
        ['summing/1', 'totalling/1'],
      ]);
      const owner = new Map([
        [0, one],
        [1, other],
      ]);
      const move = async (number: number): Promise<void> => {
        const from = owner.get(number)!;
        const to = from === one ? other : one;
        if (standsBy) await to.standBy(number);
        await from[how](number);
        await to.take(number);
        owner.set(number, to);
      };
      for (let index = 0; index < 120; index++) {
        await send(log, index);
        if (standsBy && index % 3 === 0)
          for (const [number, here] of owner) await (here === one ? other : one).standBy(number);
        if (index % 20 === 19) await move((index / 20) & 1);
      }
      await end(log);
      await until('settled', () => one.settled(log.closedUntil) && other.settled(log.closedUntil));
      expect([await readAll(log, 'totals'), await readAll(log, 'letters')]).toEqual(await undisturbed());
      expect([...one.tasks, ...other.tasks].map(({ name }) => name).sort()).toEqual(one.producers.toSorted());
      // Whoever had stood by did not read the base again.
      expect(claims.mock.calls.length > 0).toBe(standsBy);
      await one.stop();
      await other.stop();
      await log.close();
    },
  );

  it('begins with the base where a change that it had not read is gone', async () => {
    const folder = await tempFolder();
    const log = await openLog(folder);
    let hides = false;
    // As when the owner has written a base and deleted what is in it.
    const holed: EmbeddedLog = new Proxy(log, {
      get: (target, name) => {
        if (name === 'read')
          return async (...args: Parameters<EmbeddedLog['read']>) => {
            const records = await target.read(...args);
            return hides && args[0].startsWith('~state/') && args[2] > 0 ? records.slice(1) : records;
          };
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
    const [one, other] = [engineOn(log, folder), engineOn(holed, folder)];
    await one.take(0);
    await one.take(1);
    for (let index = 0; index < 40; index++) await send(log, index);
    await until('settled', () => one.settled(log.closedUntil));
    await other.standBy(0);
    for (let index = 40; index < 120; index++) await send(log, index);
    await until('settled again', () => one.settled(log.closedUntil));
    hides = true;
    await one.give(0);
    await other.take(0);
    hides = false;
    await end(log);
    await until('both are done', () => one.settled(log.closedUntil) && other.settled(log.closedUntil));
    expect([await readAll(log, 'totals'), await readAll(log, 'letters')]).toEqual(await undisturbed());
    await one.stop();
    await other.stop();
    await log.close();
  });
});
