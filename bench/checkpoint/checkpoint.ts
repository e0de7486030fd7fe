import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bench, BenchOptions } from '../bench.ts';
import { jsonLines, runProcess } from '../nexmark/child-process.ts';
import { median } from '../quantile.ts';
import type { Cell } from '../table.ts';
import { type Windows, windows } from './count-keys.ts';
import { type Pause, pauseMs } from './pauses.ts';
import type { CheckpointRun } from './run-one.ts';

const script = fileURLToPath(new URL(`run-one${extname(import.meta.url)}`, import.meta.url));

const start = async (kind: Windows, keys: number): Promise<CheckpointRun> => {
  const args = [...process.execArgv, '--max-old-space-size=4096', script, kind, String(keys)];
  return jsonLines(await runProcess(process.execPath, args))[0] as CheckpointRun;
};

const keysOf = (given: BenchOptions): readonly number[] =>
  (given['keys'] ?? '200000,2000000').split(',').map((text) => {
    const keys = Number(text);
    if (!Number.isInteger(keys) || keys < 100)
      throw new Error(`--keys: "${text}" is not a number from 100 on`);
    return keys;
  });

/** The parts of a pause lie in turns of their own, and others have theirs between. */
const turns = ['barrierMs', 'frameMs', 'admitMs'] as const;

const pauseCells = (pauses: readonly Pause[]): readonly Cell[] => [
  pauses.length,
  median(pauses.map(({ bytes }) => bytes / 1e6)),
  ...turns.map((turn) => median(pauses.map((pause) => pause[turn]))),
  median(pauses.map(pauseMs)),
  Math.max(...pauses.map(pauseMs)),
];

/** What a checkpoint of many keys costs, beside `v8.serialize` of a Map. */
export const checkpointBench: Bench = {
  name: 'checkpoint',
  about: 'pause, bytes, cost and restore of checkpoints, beside v8.serialize of a Map',
  options: { keys: 'numbers of keys; 200000,2000000 if left out' },
  run: async (say, given) => {
    const runs: CheckpointRun[] = [];
    for (const keys of keysOf(given)) {
      for (const kind of windows) {
        say(`checkpoint: ${kind}, ${keys} keys`);
        runs.push(await start(kind, keys));
      }
    }
    const rows = runs.flatMap((run) =>
      (['sparse', 'dense'] as const).map((touched) => [
        run.windows,
        run.keys,
        touched,
        ...pauseCells(run[touched]),
        run.mapMs,
        run.mapBytes / 1e6,
      ]),
    );
    return {
      tables: [
        {
          title:
            'Milliseconds that the thread gave to a checkpoint (medians), and v8.serialize of a Map of as many entries',
          columns: [
            { name: 'windows' },
            { name: 'keys' },
            { name: 'touched' },
            { name: 'barriers' },
            { name: 'MB', digits: 2 },
            { name: 'state', digits: 2 },
            { name: 'frame', digits: 2 },
            { name: 'admit', digits: 2 },
            { name: 'pause', digits: 2 },
            { name: 'longest', digits: 2 },
            { name: 'Map ms', digits: 1 },
            { name: 'Map MB', digits: 2 },
          ],
          rows,
        },
        {
          title: 'Cost of a barrier every 250 ms while a hundredth of the keys is touched, and restore',
          columns: [
            { name: 'windows' },
            { name: 'keys' },
            { name: 'thousand rows/s' },
            { name: 'without' },
            { name: 'cost %', digits: 1 },
            { name: 'CPU cost %', digits: 1 },
            { name: 'loop p99 ms', digits: 1 },
            { name: 'without', digits: 1 },
            { name: 'loop max ms', digits: 1 },
            { name: 'without', digits: 1 },
            { name: 'restore ms' },
          ],
          rows: runs.map(({ rate, rateWithout, cpuMs, cpuMsWithout, loop, loopWithout, ...run }) => [
            run.windows,
            run.keys,
            median(rate)! / 1_000,
            median(rateWithout)! / 1_000,
            // Each round against its own: the machine changes from one to the next.
            100 * (median(rate.map((one, round) => rateWithout[round]! / one))! - 1),
            100 * (median(cpuMs.map((one, round) => one / cpuMsWithout[round]!))! - 1),
            loop.p99Ms,
            loopWithout.p99Ms,
            loop.maxMs,
            loopWithout.maxMs,
            run.restoreMs,
          ]),
        },
      ],
      notes: [
        'A task counts rows by key in one window that stays open (tumbling, or hopping with three panes to a window) on the embedded log and the disk of this machine.',
        'sparse: one key in a hundred is touched between two barriers; dense: every key is.',
        'state: from the barrier to the changed state as bytes; frame: from there to the frame of the log that the disk is given; admit: from the answer of the disk to the frame being visible. Each is a turn of its own; pause is their sum. Writing and fsync are not in it, since the thread does not wait for them.',
        'Where a barrier also begins a new base, the copy of all state is in `state`; its bytes are made between turns.',
        'loop: the delay of the event loop while rows flow, in turns of 5 ms. restore: from opening the state to the first row taken, with all keys.',
      ],
    };
  },
};
