import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as passed } from 'node:timers/promises';
import { wallClock } from '../../runtime/clock.ts';
import { createEngine, type Engine } from '../../runtime/engine.ts';
import type { Task } from '../../runtime/task.ts';
import { silentObserver } from '../../runtime/task-observer.ts';
import {
  CREDIT,
  MOST_AHEAD_BYTES_AN_INPUT,
  MOST_GATHERED_BYTES,
  type Outcome,
  type Sample,
  type Scenario,
  type Situation,
} from './scenario.ts';
import { scenarios, type Size } from './scenarios.ts';

const MB = 1 << 20;
const HANGS_AFTER_SECS = 300;
const SAMPLES = 20;

/** Runs one scenario in this process and tells what was held at each moment. */
const run = async (name: string, scenario: Scenario, secs: number): Promise<Outcome> => {
  const situation = scenario.make(secs);
  const folder = await mkdtemp(join(tmpdir(), 'forewarn-memory-'));
  const failures: unknown[] = [];
  const engine = createEngine({
    pipelines: situation.pipelines,
    log: situation.log,
    stateFolder: folder,
    services: {
      scorer: () => {
        if (situation.scorer === undefined) throw new Error('there is no scorer');
        return situation.scorer;
      },
    },
    observer: silentObserver,
    wall: wallClock,
    deadLetter: ({ error }) => {
      throw error;
    },
    onError: (error) => failures.push(error),
    credit: CREDIT,
  });
  const samples: Sample[] = [];
  const faults = new Set<string>();
  try {
    await engine.start();
    const begun = performance.now();
    const everySecs = secs / SAMPLES;
    for (;;) {
      const sec = (performance.now() - begun) / 1_000;
      situation.goOn(sec);
      const sample = measure(engine, situation, sec);
      for (const fault of faultsOf(sample, scenario, situation, engine)) faults.add(fault);
      const last = samples.at(-1);
      if (last === undefined || sec - last.sec >= everySecs) samples.push(sample);
      if (failures.length > 0) throw failures[0];
      if (situation.isDone() && engine.settled(situation.log.closedUntil)) break;
      if (sec > secs + HANGS_AFTER_SECS) {
        faults.add(`it does not come to its end: ${JSON.stringify(sample)}`);
        break;
      }
      await passed(20);
    }
    samples.push(measure(engine, situation, (performance.now() - begun) / 1_000));
    const left = samples.at(-1)!.stateRows;
    if (situation.state !== undefined && left > situation.state.left)
      faults.add(`${left} rows of state are left, more than ${situation.state.left}`);
    if (situation.log.written === 0) faults.add('nothing was written');
    await engine.stop();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return { name, samples, faults: [...faults] };
};

const measure = (engine: Engine<Task>, { log, state }: Situation, sec: number): Sample => {
  const { rss, heapUsed } = process.memoryUsage();
  const sum = (of: (task: Task) => number): number =>
    engine.tasks.reduce((total, task) => total + of(task), 0);
  const isOfState = (name: string): boolean =>
    (state?.steps ?? []).some((step) => name.startsWith(`${step}\u0000`));
  return {
    sec: Math.round(sec * 100) / 100,
    rssMB: Math.round(rss / MB),
    heapMB: Math.round(heapUsed / MB),
    aheadRows: sum((task) => task.ahead.rows),
    aheadBytes: sum((task) => task.ahead.bytes),
    gatheredBytes: sum((task) => task.gatheredBytes),
    committingBytes: log.committing,
    underWay: sum((task) => task.begun.underWay),
    stateRows: sum((task) =>
      [...task.stateKeys()].reduce((rows, [name, size]) => (isOfState(name) ? rows + size : rows), 0),
    ),
    lag: sum((task) => task.lag),
    written: log.written,
  };
};

const faultsOf = (
  sample: Sample,
  { rssMB }: Scenario,
  { pipelines, state }: Situation,
  engine: Engine,
): readonly string[] => {
  const inputs = pipelines.reduce(
    (sum, { stages }) => sum + stages.reduce((all, { sources }) => all + sources.length, 0),
    0,
  );
  const tasks = engine.tasks.length;
  const bounds: readonly (readonly [what: string, found: number, most: number])[] = [
    ['bytes read ahead', sample.aheadBytes, inputs * MOST_AHEAD_BYTES_AN_INPUT],
    ['bytes gathered', sample.gatheredBytes, tasks * MOST_GATHERED_BYTES],
    ['bytes in commits', sample.committingBytes, 2 * tasks * MOST_GATHERED_BYTES],
    ['batches under way', sample.underWay, tasks * CREDIT],
    ['rows of state', sample.stateRows, state?.most ?? Infinity],
    ['MB in all', sample.rssMB, rssMB],
  ];
  return bounds.flatMap(([what, found, most]) => (found > most ? [`${what}: more than ${most}`] : []));
};

const [name = '', size = 'short', secs = '2'] = process.argv.slice(2);
const scenario = scenarios(size as Size)[name];
if (scenario === undefined) throw new Error(`no scenario "${name}"`);
console.log(JSON.stringify(await run(name, scenario, Number(secs))));
