import { describe, expect, it } from 'vitest';
import { engineAlone } from '../../bench/engine-alone.ts';
import { flatMap } from '../../operators/flat-map.ts';
import { keyedProcess, rowsOf } from '../../operators/keyed-process.ts';
import { map } from '../../operators/map.ts';
import { wallClock } from '../../runtime/clock.ts';
import { createEngine, type Engine } from '../../runtime/engine.ts';
import { pipeline } from '../../runtime/pipeline.ts';
import type { Log } from '../../runtime/log/log.ts';
import { type CommitFacts, silentObserver, type TaskObserver } from '../../runtime/task-observer.ts';
import { hear, newLog, startRun } from '../support/law-run.ts';
import { heard, left, letters, type Noted, out, right, type Said } from '../support/law-topics.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const said = ({ at, key, n }: Noted): Said => ({ at, key, what: `${n}` });

/** One stage of two inputs that says again what it hears. */
const copying = pipeline('copy', { from: { left, right } }, (from) => [
  keyedProcess('copy', {
    inputs: { left: from.left.keyBy('key'), right: from.right.keyBy('key') },
    emits: rowsOf<Said>(),
    initial: null,
    on: {
      left: (row, context) => context.emit(said(row)),
      right: (row, context) => context.emit(said(row)),
    },
  }).to(out),
]);

const engineOn = async (log: Log, stateFolder: string, observer: TaskObserver): Promise<Engine> => {
  const engine = createEngine({
    pipelines: [copying],
    log,
    stateFolder,
    services: { scorer: () => undefined as never },
    observer,
    wall: wallClock,
    deadLetter: () => ({ topic: letters as never, row: {} }),
    onError: (error) => {
      throw error;
    },
    checkpointMs: 5,
    idleMs: 100,
    disorderMs: { left: 10 },
  });
  await engine.start();
  return engine;
};
const told = (at: number, heardAt: number, into = left) => ({
  ...heard(into, heardAt, 'a', 1),
  row: { at, key: 'a', n: 1 },
});

describe('a task', () => {
  it('keeps its watermark and what it knows of each input over a restart', async () => {
    const log = newLog();
    const folder = await tempFolder();
    let late = 0;
    const observer = { ...silentObserver, rowsIn: (_: unknown, __: number, n: number) => void (late += n) };
    const first = await engineOn(log, folder, observer);
    await hear(log, [told(500, 600), told(400, 601, right)]);
    await until('settled', () => first.settled(log.closedUntil));
    const [task] = first.tasks;
    expect(task!.watermark).toBe(400);
    // The right side falls silent: now the left one alone says how far event time is.
    await hear(log, [told(520, 800)]);
    await until('settled', () => first.settled(log.closedUntil));
    expect(task!.watermark).toBe(510);
    await hear(log, [told(515, 801)]);
    await until('settled', () => first.settled(log.closedUntil));
    await first.stop();

    const second = await engineOn(log, folder, observer);
    expect(second.tasks[0]!.watermark).toBe(510);
    expect(late).toBe(0);
    // Late by the left input's own highest event time, of which this run has seen nothing.
    await hear(log, [told(509, 810)]);
    await until('settled', () => second.settled(log.closedUntil));
    expect(late).toBe(1);
    // The right input was given up for idle when the watermark stood at 510: what it brings below is late too.
    await hear(log, [told(450, 820, right)]);
    await until('settled', () => second.settled(log.closedUntil));
    expect(late).toBe(2);
    expect(second.tasks[0]!.watermark).toBe(510);
    await second.stop();
  });

  it('that has failed stops, commits nothing more, and says so once', async () => {
    const log = newLog();
    const commit = log.commit.bind(log);
    log.commit = () => Promise.reject(new Error('disk full'));
    const errors: unknown[] = [];
    const engine = createEngine({
      pipelines: [copying],
      log,
      stateFolder: await tempFolder(),
      services: { scorer: () => undefined as never },
      observer: silentObserver,
      wall: wallClock,
      deadLetter: () => ({ topic: letters as never, row: {} }),
      onError: (error) => errors.push(error),
      checkpointMs: 5,
    });
    await engine.start();
    await hear(log, [heard(left, 1, 'a', 1)]);
    await until('failed', () => errors.length > 0);
    log.commit = commit;
    await hear(log, [heard(left, 2, 'a', 2)]);
    await engine.stop();
    expect(errors.map(String)).toEqual(['Error: disk full']);
    expect(log.all('out')).toEqual([]);
  });

  it('takes a backlog of any length in the order of log time, in batches of 256', async () => {
    const log = newLog();
    const rows = Array.from({ length: 3_000 }, (_, index) =>
      heard(index % 3 === 0 ? right : left, index + 1, 'abc'[(index % 7) % 3]!, index),
    );
    await hear(log, rows);
    const run = await startRun([copying], log, { stateFolder: await tempFolder() });
    await run.settle(log.closedUntil);
    await run.stop();
    const words = log.all('out').map(({ value }) => (JSON.parse(Buffer.from(value).toString()) as Said).what);
    expect(words).toEqual(rows.map(({ row }) => `${row.n}`));
  });

  // Seen red with beats that end anywhere: 12 log times of 700 rows were one commit.
  it('sets its barriers between two log times, however many rows share one', async () => {
    const log = newLog();
    const times = Array.from({ length: 12 }, (_, index) => index + 1);
    await hear(
      log,
      times.map((at) => heard(left, at, 'a', at)),
    );
    const stateFolder = await tempFolder();
    const rowsOfTime = 700;
    const many = pipeline('many', { from: { left } }, (from) => [
      from.left.through(flatMap((row) => Array.from({ length: rowsOfTime }, () => row))).to(right),
    ]);
    const first = await startRun([many], log, { stateFolder });
    await first.settle(log.closedUntil);
    await first.stop();
    const commits: CommitFacts[] = [];
    const again = pipeline('again', { from: { right } }, (from) => [from.right.through(map(said)).to(out)]);
    // A barrier is always due, and no turn ever over.
    const { engine, failures } = engineAlone({
      pipelines: [many, again],
      log,
      stateFolder,
      wall: { now: () => 0 },
      checkpointMs: 0,
      observer: {
        ...silentObserver,
        committed: ({ name }, facts) => void (name === 'again/0' && commits.push(facts)),
      },
    });
    await engine.start();
    await until('all is done', () => failures.length > 0 || engine.settled(log.closedUntil));
    await engine.stop();
    expect(failures).toEqual([]);
    expect(commits.map(({ rows }) => rows)).toEqual(times.map(() => rowsOfTime));
  });
});
