import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { wallClock } from '../../../runtime/clock.ts';
import { createEngine, type Engine } from '../../../runtime/engine.ts';
import type { ForewarnError } from '../../../runtime/forewarn-error.ts';
import { EmbeddedLog } from '../../../runtime/log/embedded-log.ts';
import type { Log } from '../../../runtime/log/log.ts';
import { silentObserver } from '../../../runtime/task-observer.ts';
import { createThreadedEngine } from '../../../runtime/threads/threaded-engine.ts';
import { crashPipelines, crashRows } from '../../support/crash-pipelines.ts';
import { crashOptions, type CrashThreadSettings } from '../../support/crash-threads.ts';
import { type Death, deaths, MortalLog } from '../../support/mortal-log.ts';
import { SeenRecords } from '../../support/seen-records.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { until } from '../../support/until.ts';

const topics = { left: 2, right: 2, notes: 1, out: 2, letters: 1 };
const rows = crashRows(60);

/** What one life of a process has: its threads, and what ends it early. */
interface Life {
  readonly threads: number;
  readonly death?: Death;
  readonly endsAfterRows?: number;
  readonly failsToBegin?: boolean;
  /** Rows of the input that it gets at most. */
  readonly rows?: number;
}

const engineOf = (
  folder: string,
  log: Log & { readonly clock: EmbeddedLog['clock'] },
  { threads, endsAfterRows, failsToBegin = false }: Life,
  onError: (error: unknown) => void,
): Engine => {
  const pipelines = crashPipelines();
  const stateFolder = join(folder, 'state');
  if (threads === 0)
    return createEngine({
      ...crashOptions,
      pipelines,
      log,
      stateFolder,
      observer: silentObserver,
      wall: wallClock,
      onError,
    });
  const value: CrashThreadSettings = { stateFolder, failsToBegin, endsAfterRows: endsAfterRows ?? null };
  return createThreadedEngine({
    pipelines,
    log,
    topics,
    threads,
    module: {
      file: new URL('../../support/crash-pipelines-worker.ts', import.meta.url),
      settings: () => ({ value, transfer: [] }),
    },
    onError,
  });
};

interface Lived {
  readonly content: SeenRecords['content'];
  readonly failures: readonly unknown[];
  /** By life, whether it died as was planned. */
  readonly died: readonly boolean[];
}

/** One process after the other on one folder. Answers what the log has then, and what went wrong. */
const live = async (lives: readonly Life[]): Promise<Lived> => {
  const folder = await tempFolder();
  const seen = new SeenRecords(topics);
  const failures: unknown[] = [];
  const died: boolean[] = [];
  for (const life of lives) {
    const within = await EmbeddedLog.open({ folder: join(folder, 'log'), topics, time: 'recorded' });
    const mortal = new MortalLog(within, life.death);
    const log = life.death === undefined ? within : Object.assign(mortal, { clock: within.clock });
    const before = failures.length;
    const engine = engineOf(folder, log, life, (error) => failures.push(error));
    try {
      await engine.start();
      for (const [index, { topic, heardAt, row }] of rows.slice(0, life.rows).entries()) {
        const record = { key: topic.key(row), value: topic.write(row) };
        await within.append(topic.name, record, { heardAt, documentId: `d${index}` });
      }
      await until(
        'settled',
        () => mortal.isDead || failures.length > before || engine.settled(within.closedUntil),
      );
    } finally {
      died.push(mortal.isDead);
      await engine.stop();
      await seen.readOn(within);
      await within.close();
    }
  }
  return { content: seen.content, failures, died };
};

let known: Promise<Lived> | undefined;
/** What one life in one thread writes; lived in the first test that asks. */
const inOneThread = (): Promise<Lived> => (known ??= live([{ threads: 0 }]));

describe('tasks in threads', () => {
  it('write what they write in the main one', async () => {
    const { content, failures } = await live([{ threads: 2 }]);
    expect(failures).toEqual([]);
    expect((await inOneThread()).content.get('out/0')!.length).toBeGreaterThan(20);
    expect((await inOneThread()).content.get('letters/0')!.length).toBeGreaterThan(0);
    expect(content).toEqual((await inOneThread()).content);
  });

  it('go on where others stopped, however many they are', async () => {
    const { content, failures } = await live([
      { threads: 2, rows: 17 },
      { threads: 0, rows: 35 },
      { threads: 1 },
    ]);
    expect(failures).toEqual([]);
    expect(content).toEqual((await inOneThread()).content);
  });

  it.each(Object.entries(deaths))(
    'do again what was being committed when the process died, %s it was durable',
    async (_, how) => {
      const { content, died } = await live([{ threads: 1, death: { atWrite: 9, how } }, { threads: 0 }]);
      expect(died).toEqual([true, false]);
      expect(content).toEqual((await inOneThread()).content);
    },
  );

  it('end the process where one falls over, and are done again by the next', async () => {
    const { content, failures } = await live([{ threads: 2, endsAfterRows: 25 }, { threads: 0 }]);
    const [first] = failures as ForewarnError[];
    expect(first).toMatchObject({ code: 'FW617', retry: true });
    expect(first!.message).toMatch(
      /^FW617 worker thread [12] \(partition numbers: [01]\): it has fallen over;/,
    );
    expect(content).toEqual((await inOneThread()).content);
  });

  it('that cannot begin say why at the start', async () => {
    await expect(live([{ threads: 1, failsToBegin: true }])).rejects.toThrow('it cannot begin');
  });
});
