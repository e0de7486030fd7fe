import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ForewarnError } from '../runtime/forewarn-error.ts';
import {
  type EmbeddedClickHouse,
  startEmbeddedClickHouse,
} from '../sinks/clickhouse/embedded/embedded-clickhouse.ts';
import { crashEverywhere, type CrashOptions } from '../test/support/crash-everywhere.ts';
import { crashPipelines, crashRows } from '../test/support/crash-pipelines.ts';
import { failEverywhere } from '../test/support/fail-everywhere.ts';
import { out, right } from '../test/support/law-topics.ts';
import type { Outcome, Part } from './part.ts';

const SEEDS = 12;
const TABLE_SEEDS = 3;
const layouts: readonly CrashOptions[] = [
  {},
  { partitions: { left: 2, right: 2, out: 2 } },
  { segmentBytes: 700, compactAtBytes: 100, credit: 1 },
];

const counted = async (
  trials: readonly (readonly [what: string, trial: () => Promise<unknown>])[],
  print: (line: string) => void,
): Promise<Outcome> => {
  let failed = 0;
  for (const [what, trial] of trials) {
    try {
      await trial();
    } catch (error) {
      failed += 1;
      print(`${what}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { passed: trials.length - failed, failed, skipped: 0 };
};

const seedsTo = (count: number): readonly number[] => Array.from({ length: count }, (_, seed) => seed + 1);

/** Every point, with many seeds. */
export const crashes: Part = {
  name: 'crashes',
  about: `the process dies at every protocol point of log and engine, ${SEEDS} seeds`,
  run: (print) =>
    counted(
      seedsTo(SEEDS).flatMap((seed) =>
        layouts.map(
          (layout, index) =>
            [
              `seed ${seed}, layout ${index}`,
              () => crashEverywhere(crashPipelines(), crashRows(30), { ...layout, seed }),
            ] as const,
        ),
      ),
      print,
    ),
};

/** Every point with tables: the full product that CI takes a sample of. */
export const tableCrashes: Part = {
  name: 'tables',
  about: `the same with the embedded ClickHouse behind the mirrors, ${TABLE_SEEDS} seeds`,
  run: async (print) => {
    const folder = await mkdtemp(join(tmpdir(), 'forewarn-soak-'));
    let server: EmbeddedClickHouse | undefined;
    try {
      server = await startEmbeddedClickHouse({ folder });
      const { url } = server;
      return await counted(
        seedsTo(TABLE_SEEDS).map((seed) => [
          `seed ${seed}`,
          () =>
            crashEverywhere(crashPipelines(), crashRows(20), {
              seed,
              clickHouse: { url, topics: [out, right] },
            }),
        ]),
        print,
      );
    } catch (error) {
      if (!(error instanceof ForewarnError) || error.code !== 'FW106') throw error;
      print(error.message);
      return { passed: 0, failed: 0, skipped: TABLE_SEEDS };
    } finally {
      await server?.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** Every byte and every change of the disk. */
export const failures: Part = {
  name: 'disk',
  about: 'the disk is full at every seventh byte, and fails at every change',
  run: (print) =>
    counted(
      layouts.flatMap((layout, index) => [
        [
          `full, layout ${index}`,
          () =>
            failEverywhere(crashPipelines(), crashRows(20), {
              ...layout,
              disk: 'full',
              every: 7,
              seed: index,
            }),
        ] as const,
        [
          `broken, layout ${index}`,
          () =>
            failEverywhere(crashPipelines(), crashRows(20), { ...layout, disk: 'broken', seed: index + 1 }),
        ] as const,
      ]),
      print,
    ),
};
