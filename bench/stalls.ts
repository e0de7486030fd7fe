import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { config } from '../runtime/config/config.ts';
import { packageRoot } from '../runtime/package-root.ts';
import { startForewarn } from '../runtime/wire/start-forewarn.ts';
import type { Bench } from './bench.ts';
import { type LoopDelay, watchLoopDelay } from './loop-delay.ts';
import { withTempFolder } from './temp-folder.ts';

const PHASE_MS = 15_000;
const PHASES = ['idle', 'warm-up', 'as shipped'] as const;
type Phase = (typeof PHASES)[number];

interface Watched extends LoopDelay {
  readonly phase: Phase;
  readonly simulatedHours: number;
  readonly recordsPerSec: number;
  readonly cpuCores: number;
  readonly heapMb: number;
}

/** Simulated seconds in one second, and how long the fast part lasts. `idle`: documents by HTTP, and none comes. */
const sourcesOf = (phase: Phase) => {
  if (phase === 'idle') return { http: true };
  return { simulated: phase === 'warm-up' ? { warmUpDays: 365 } : { warmUpDays: 0 } };
};

const watchPhase = (phase: Phase): Promise<Watched> =>
  withTempFolder(async (folder) => {
    const line = await startForewarn({
      config: config.parse({
        dataFolder: folder,
        rules: join(packageRoot, 'rules'),
        http: { port: 0 },
        sources: sourcesOf(phase),
        models: { folder: join(packageRoot, 'models', 'registry'), timeoutMs: 60_000 },
      }),
      environment: process.env,
      sendsActions: phase !== 'idle',
      note: () => undefined,
      onFailure: (error) => {
        throw error;
      },
    });
    await sleep(2_000);
    const begunAt = line.progress().at;
    const cpu = process.cpuUsage();
    const begun = performance.now();
    const read = watchLoopDelay();
    await sleep(PHASE_MS);
    const delay = read();
    const tookMs = performance.now() - begun;
    const used = process.cpuUsage(cpu);
    const { at, recordsPerSec } = line.progress();
    await line.stop();
    return {
      phase,
      ...delay,
      simulatedHours: (at - begunAt) / 3_600_000,
      recordsPerSec,
      cpuCores: (used.user + used.system) / 1_000 / tookMs,
      heapMb: process.memoryUsage().heapUsed / 1e6,
    };
  });

/** Whether the one thread that everything shares is ever held up for long. */
export const stallsBench: Bench = {
  name: 'stalls',
  about: 'how long the main thread is held up, idle and while the simulated world runs',
  run: async (say) => {
    const watched: Watched[] = [];
    for (const phase of PHASES) {
      say(`stalls: ${phase}, ${PHASE_MS / 1_000} s`);
      watched.push(await watchPhase(phase));
    }
    return {
      tables: [
        {
          title: `Event loop of the main thread over ${PHASE_MS / 1_000} s`,
          columns: [
            { name: 'line' },
            { name: 'p50 ms', digits: 1 },
            { name: 'p99 ms', digits: 1 },
            { name: 'max ms', digits: 1 },
            { name: 'simulated hours', digits: 1 },
            { name: 'records/s' },
            { name: 'cores busy', digits: 2 },
            { name: 'heap MB' },
          ],
          rows: watched.map((one) => [
            one.phase,
            one.p50Ms,
            one.p99Ms,
            one.maxMs,
            one.simulatedHours,
            one.recordsPerSec,
            one.cpuCores,
            one.heapMb,
          ]),
        },
      ],
      notes: [
        'warm-up: 3,600 simulated seconds a second, from an empty world; as shipped: 120.',
        'Simulated world, receiver of actions, ingest, tasks and page share the thread; ClickHouse and scoring do not.',
      ],
    };
  },
};
