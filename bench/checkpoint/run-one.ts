import { join } from 'node:path';
import { serialize } from 'node:v8';
import { nodeDisk } from '../../runtime/disk.ts';
import { EmbeddedLog } from '../../runtime/log/embedded-log.ts';
import { type LoopDelay, watchLoopDelay } from '../loop-delay.ts';
import { engineAlone } from '../engine-alone.ts';
import { withTempFolder } from '../temp-folder.ts';
import { countKeys, touch, type Windows, windows } from './count-keys.ts';
import { type Pause, Pauses } from './pauses.ts';

/** What one process found with so many keys. */
export interface CheckpointRun {
  readonly windows: Windows;
  readonly keys: number;
  /** Barriers while one key in a hundred is touched between two of them. */
  readonly sparse: readonly Pause[];
  /** A barrier after all keys were touched. */
  readonly dense: readonly Pause[];
  /** Event loop while rows flow, with barriers and without. */
  readonly loop: LoopDelay;
  readonly loopWithout: LoopDelay;
  /** Rows a second, with barriers and without, in turn. */
  readonly rate: readonly number[];
  readonly rateWithout: readonly number[];
  /** Processor time of the same, all threads, in ms. */
  readonly cpuMs: readonly number[];
  readonly cpuMsWithout: readonly number[];
  readonly restoreMs: number;
  /** A Map of as many entries by `v8.serialize`, in the same process. */
  readonly mapMs: number;
  readonly mapBytes: number;
}

const AT_ONCE = 10_000;
const CHECKPOINT_MS = 250;
const NEVER_MS = 1e9;
/** Rows of a run of the sparse kind: enough for some ten barriers. */
const SPARSE_ROWS = 1_000_000;
const ROUNDS = 3;
const SPARSE_SHARE = 100;

interface Taken {
  readonly restoreMs: number;
  readonly takingMs: number;
  readonly cpuMs: number;
  /** While rows flowed; the start before and the stop after are not in it. */
  readonly loop: LoopDelay;
}

class Line {
  readonly #folder: string;
  readonly #kind: Windows;
  readonly pauses = new Pauses();
  #log!: EmbeddedLog;
  #at = 1;
  #epoch = 0;

  constructor(folder: string, kind: Windows) {
    this.#folder = folder;
    this.#kind = kind;
  }

  async open(): Promise<void> {
    this.#log = await EmbeddedLog.open({
      folder: join(this.#folder, 'log'),
      topics: { touches: 1, counts: 1 },
      time: 'recorded',
      disk: this.pauses.disk(nodeDisk),
    });
  }

  close(): Promise<void> {
    return this.#log.close();
  }

  /** Puts touches into the log; nobody reads it meanwhile. */
  async append(rows: number, keyOf: (nth: number) => number): Promise<void> {
    for (let done = 0; done < rows; done += AT_ONCE) {
      const records = Array.from({ length: Math.min(AT_ONCE, rows - done) }, (_, nth) => {
        this.#at += 1;
        return touch(keyOf(done + nth), this.#at);
      });
      this.#epoch += 1;
      const writes = [{ topic: 'touches', partition: 0, records }];
      await this.#log.commit({ producer: 'external', epoch: this.#epoch, frontier: this.#at, writes });
    }
  }

  /** Runs an engine until it has taken all that is in the log, and stops it. */
  async run(checkpointMs: number): Promise<Taken> {
    const { engine, failures } = this.#engine(checkpointMs);
    const begun = performance.now();
    await engine.start();
    const started = performance.now();
    const read = watchLoopDelay();
    const cpu = process.cpuUsage();
    while (engine.tasks[0]!.lag > 0 && failures.length === 0)
      await new Promise((resolve) => setTimeout(resolve, 2));
    const done = performance.now();
    const loop = read();
    const { user, system } = process.cpuUsage(cpu);
    await engine.stop();
    if (failures.length > 0) throw failures[0];
    return { restoreMs: started - begun, takingMs: done - started, cpuMs: (user + system) / 1_000, loop };
  }

  #engine(checkpointMs: number): ReturnType<typeof engineAlone> {
    return engineAlone({
      pipelines: [countKeys(this.#kind)],
      log: this.pauses.log(this.#log),
      stateFolder: join(this.#folder, 'state'),
      wall: this.pauses.clock,
      checkpointMs,
    });
  }
}

const measure = (kind: Windows, keys: number): Promise<CheckpointRun> =>
  withTempFolder(async (folder) => {
    const line = new Line(folder, kind);
    const taken = <T>(list: T[]): T[] => list.splice(0);
    const { all } = line.pauses;
    await line.open();
    await line.append(keys, (nth) => nth);
    await line.run(CHECKPOINT_MS);
    taken(all);
    const spread = Math.max(1, Math.floor(keys / SPARSE_SHARE));
    const sparse: Pause[] = [];
    const rate: number[] = [];
    const rateWithout: number[] = [];
    const cpuMs: number[] = [];
    const cpuMsWithout: number[] = [];
    let loop: LoopDelay | undefined;
    let loopWithout: LoopDelay | undefined;
    for (let round = 0; round < ROUNDS; round++) {
      for (const checkpointMs of round % 2 === 0 ? [CHECKPOINT_MS, NEVER_MS] : [NEVER_MS, CHECKPOINT_MS]) {
        await line.append(SPARSE_ROWS, (nth) => (nth % spread) * SPARSE_SHARE);
        taken(all);
        const { takingMs, cpuMs: cpu, loop: delay } = await line.run(checkpointMs);
        if (checkpointMs === NEVER_MS) {
          rateWithout.push((SPARSE_ROWS * 1_000) / takingMs);
          cpuMsWithout.push(cpu);
          loopWithout = delay;
        } else {
          sparse.push(...taken(all));
          rate.push((SPARSE_ROWS * 1_000) / takingMs);
          cpuMs.push(cpu);
          loop = delay;
        }
      }
    }
    const dense: Pause[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      await line.append(keys, (nth) => nth);
      taken(all);
      await line.run(NEVER_MS);
      dense.push(...taken(all));
    }
    await line.close();
    await line.open();
    const { restoreMs } = await line.run(NEVER_MS);
    await line.close();
    const map = new Map(Array.from({ length: keys }, (_, key) => [key, { windowStart: 0, n: key }]));
    const begun = performance.now();
    const mapBytes = serialize(map).length;
    const mapMs = performance.now() - begun;
    return {
      windows: kind,
      keys,
      sparse,
      dense,
      loop: loop!,
      loopWithout: loopWithout!,
      rate,
      rateWithout,
      cpuMs,
      cpuMsWithout,
      restoreMs,
      mapMs,
      mapBytes,
    };
  });

/** One kind of window, one number of keys, in a process of its own. */
const main = async ([kind, keys]: readonly string[]): Promise<void> => {
  const wanted = windows.find((one) => one === kind);
  if (wanted === undefined) throw new Error(`run-one <${windows.join(' | ')}> <keys>`);
  const found = JSON.stringify(await measure(wanted, Number(keys)));
  // A timer for the barrier that was to come in eleven days is left behind.
  process.stdout.write(`${found}\n`, () => process.exit(0));
};

await main(process.argv.slice(2));
