import { readdir, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EmbeddedLog } from '../../runtime/log/embedded-log.ts';
import type { Log } from '../../runtime/log/log.ts';
import { crashPipelines, crashRows } from '../support/crash-pipelines.ts';
import { type Answer, answerIn, type LawRun, newLog, startRun } from '../support/law-run.ts';
import { type Heard, lawTopics } from '../support/law-topics.ts';
import { type Death, deaths, MortalLog } from '../support/mortal-log.ts';
import { tempFolder } from '../support/temp-folder.ts';

const ALMOST_NOTHING = 300;

interface Life {
  readonly log: Log;
  readonly rows: readonly Heard[];
  readonly stateFolder: string;
  readonly death?: Death | undefined;
  /** Called now and then while it runs. */
  readonly meanwhile?: (run: LawRun) => Promise<void>;
}

/** Sends what was not acknowledged and runs until all is done, or until it dies. Answers how many writes it took. */
const live = async (
  { log, rows, stateFolder, death, meanwhile }: Life,
  acknowledged: Set<number>,
): Promise<{ readonly died: boolean; readonly writes: number }> => {
  const mortal = new MortalLog(log, death);
  const run = await startRun(crashPipelines(), mortal, {
    stateFolder,
    checkpointMs: 4,
    compactAtBytes: ALMOST_NOTHING,
  });
  try {
    for (const [index, { topic, heardAt, row }] of rows.entries()) {
      if (acknowledged.has(index)) continue;
      const record = { key: topic.key(row), value: topic.write(row) };
      await mortal.append(topic.name, record, { heardAt, documentId: `d${index}` });
      acknowledged.add(index);
      if (index % 3 === 2) await run.settle(mortal.closedUntil);
      if (index % 5 === 4) await meanwhile?.(run);
    }
    await run.settle(mortal.closedUntil);
  } catch (error) {
    if (!mortal.isDead) throw error;
  }
  await run.stop();
  return { died: mortal.isDead, writes: mortal.writes };
};

/** One life after the other on a log in memory, until one comes to its end. */
const answerWith = async (
  rows: readonly Heard[],
  death?: Death,
): Promise<{ readonly died: boolean; readonly answer: Answer }> => {
  const log = newLog();
  const stateFolder = await tempFolder();
  const acknowledged = new Set<number>();
  const { died } = await live({ log, rows, stateFolder, death }, acknowledged);
  if (died) await live({ log, rows, stateFolder }, acknowledged);
  return { died, answer: await answerIn(log) };
};

const undisturbed = async (rows: readonly Heard[]): Promise<Answer> => (await answerWith(rows)).answer;

/** Dies at the first write, at the second, and so on, until there is no such write in a run. */
const everyWrite = async (trial: (atWrite: number) => Promise<boolean>): Promise<number> => {
  for (let atWrite = 1; ; atWrite++) if (!(await trial(atWrite))) return atWrite - 1;
};

const openOnDisk = (folder: string, segmentBytes?: number): Promise<EmbeddedLog> =>
  EmbeddedLog.open({
    folder,
    topics: lawTopics,
    time: 'recorded',
    ...(segmentBytes === undefined ? {} : { segmentBytes }),
  });

describe('a run that dies', () => {
  it('says something worth keeping when it does not', async () => {
    const { rows, letters } = await undisturbed(crashRows(26));
    expect(rows.length).toBeGreaterThan(25);
    expect(rows.some((row) => row.includes('note'))).toBe(true);
    expect(rows.some((row) => row.includes('silent'))).toBe(true);
    expect(letters).toHaveLength(1);
  });

  it.each(['before', 'after'] as const)('%s any write of it became durable says the same', async (moment) => {
    const sent = crashRows(26);
    const expected = await undisturbed(sent);
    const tried = await everyWrite(async (atWrite) => {
      const { died, answer } = await answerWith(sent, { atWrite, how: deaths[moment] });
      expect(answer, `died ${moment} write ${atWrite}`).toEqual(expected);
      return died;
    });
    expect(tried).toBeGreaterThan(sent.length);
  });

  it('with its last write torn says the same', async () => {
    const sent = crashRows(15);
    const expected = await undisturbed(sent);
    await everyWrite(async (atWrite) => {
      const folder = await tempFolder();
      const path = async (): Promise<string> => join(folder, 'log', (await readdir(join(folder, 'log')))[0]!);
      let tornAt: number | undefined;
      const log = await openOnDisk(join(folder, 'log'));
      const how = async (write: () => Promise<unknown>): Promise<void> => {
        const { size: before } = await stat(await path());
        await write();
        const { size: after } = await stat(await path());
        tornAt = before + Math.ceil(((after - before) * (atWrite % 5)) / 5);
      };
      const acknowledged = new Set<number>();
      const { died } = await live(
        { log, rows: sent, stateFolder: folder, death: { atWrite, how } },
        acknowledged,
      );
      await log.close();
      if (tornAt !== undefined) await truncate(await path(), tornAt);
      const again = await openOnDisk(join(folder, 'log'));
      if (died) await live({ log: again, rows: sent, stateFolder: folder }, acknowledged);
      expect(await answerIn(again), `torn at write ${atWrite}`).toEqual(expected);
      await again.close();
      return died;
    });
  });

  it('while old segments are dropped says the same, from a base and what came after it', async () => {
    const sent = crashRows(15);
    const expected = await undisturbed(sent);
    let dropped = 0;
    await everyWrite(async (atWrite) => {
      const moment = atWrite % 2 === 0 ? 'before' : 'after';
      const folder = await tempFolder();
      const logFolder = join(folder, 'log');
      const acknowledged = new Set<number>();
      const said: { readonly [topic in 'out' | 'letters']: string[] } = { out: [], letters: [] };
      const gather = async (log: EmbeddedLog): Promise<void> => {
        for (const topic of ['out', 'letters'] as const) {
          const records = await log.read(topic, 0, said[topic].length);
          for (const { heardAt, value } of records)
            said[topic].push(`${heardAt} ${Buffer.from(value).toString()}`);
        }
        const { out, letters } = said;
        log.hold(
          'reader',
          new Map([
            ['out/0', out.length],
            ['letters/0', letters.length],
          ]),
        );
      };
      const meanwhile =
        (log: EmbeddedLog) =>
        async (run: LawRun): Promise<void> => {
          await gather(log);
          for (const task of run.engine.tasks) log.hold(task.name, task.holds);
          await log.retain(0);
        };
      const log = await openOnDisk(logFolder, 1_500);
      const death = { atWrite, how: deaths[moment] };
      const { died } = await live(
        { log, rows: sent, stateFolder: folder, death, meanwhile: meanwhile(log) },
        acknowledged,
      );
      await gather(log);
      await log.close();
      if (died) {
        const again = await openOnDisk(logFolder, 1_500);
        await live(
          { log: again, rows: sent, stateFolder: folder, meanwhile: meanwhile(again) },
          acknowledged,
        );
        await gather(again);
        await again.close();
      }
      const rows = said.out.map((line) => line.replace(/ \{.*"key":"(\w+)","what":"(.*)"\}$/, ' $1 $2'));
      expect(rows, `died ${moment} write ${atWrite}`).toEqual(expected.rows);
      expect(said.letters).toHaveLength(expected.letters.length);
      const first = (await readdir(logFolder)).sort()[0]!;
      if (Number(first.slice(0, -4)) > 0) dropped += 1;
      return died;
    });
    expect(dropped).toBeGreaterThan(0);
  });
});
