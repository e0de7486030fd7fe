import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LineRun, recordedDays, runLine, tableNames } from './line-run.ts';
import { canRunLine, killLeftovers } from './running-line.ts';

/** What a line says of itself when all is done. */
interface Said {
  /** Counters of what was decided, as `/metrics` has them. */
  readonly counts: readonly string[];
  /** By task, records that it has not taken. */
  readonly tasks: readonly (readonly [name: string, lag: number])[];
  readonly why: { readonly status: number; readonly tasks: readonly string[] };
  readonly savepoint: { readonly status: number; readonly tasks: number };
}

const COUNTED = /^forewarn_(records|signals|exceptions|actions|outcomes|dead_letters|step_rows)_total/;

const askedOf = async (url: string): Promise<Said> => {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const status = (await (await fetch(`${url}/v1/status`)).json()) as {
    readonly tasks: readonly { readonly name: string; readonly lag: number }[];
  };
  const why = await fetch(`${url}/v1/why/watch`);
  const { tasks } = (await why.json()) as { readonly tasks: readonly { readonly task: string }[] };
  const savepoint = await fetch(`${url}/v1/savepoints`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'at-the-end' }),
  });
  const made = (await savepoint.json()) as { readonly tasks: readonly unknown[] };
  return {
    counts: metrics
      .split('\n')
      .filter((line) => COUNTED.test(line))
      .toSorted(),
    tasks: status.tasks.map(({ name, lag }) => [name, lag]),
    why: { status: why.status, tasks: tasks.map(({ task }) => task) },
    savepoint: { status: savepoint.status, tasks: made.tasks.length },
  };
};

describe.skipIf(!canRunLine())('a line on worker threads', () => {
  const documents = recordedDays(1);
  const runs: LineRun[] = [];
  const said: Said[] = [];
  let folder: string;

  const play = async (workers: number, busyAfter?: ReadonlySet<number>): Promise<LineRun> => {
    const beforeEnd = async (url: string): Promise<void> => void said.push(await askedOf(url));
    const run = await runLine({
      folder,
      name: `workers-${workers}`,
      documents,
      workers,
      beforeEnd,
      ...(busyAfter === undefined ? {} : { busyAfter }),
    });
    runs.push(run);
    return run;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'forewarn-threads-'));
    const { busyAfter } = (await play(0)).played;
    await play(2, busyAfter);
  });

  afterAll(async () => {
    killLeftovers();
    for (const { receiver } of runs) await receiver.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('has in every table what a line without them has', () => {
    const [none, two] = runs.map(({ contents }) => contents);
    for (const table of ['exceptions', 'actions', 'predictions'])
      expect(none![table]!.rows, table).toBeGreaterThan(0);
    for (const table of tableNames) expect([table, two![table]]).toEqual([table, none![table]]);
  });

  it('counts what a line without them counts', () => {
    expect(said[0]!.counts.length).toBeGreaterThan(50);
    expect(said[1]!.counts).toEqual(said[0]!.counts);
  });

  it('says how each task stands, why, and makes a savepoint of all', () => {
    expect(said[0]!.why.tasks).toEqual(['watch/0', 'watch/1']);
    for (const { tasks, why, savepoint } of said) {
      expect(tasks).toEqual(said[0]!.tasks);
      expect(why).toEqual(said[0]!.why);
      expect(savepoint).toEqual({ status: 201, tasks: said[0]!.savepoint.tasks });
    }
  });

  it('ends in order when it is asked to', () => {
    for (const { played } of runs) expect(played.end).toEqual({ code: 0, signal: null });
  });
});
