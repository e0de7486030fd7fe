import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { feed, startRecorded } from '../cli/recorded-line.ts';
import { latestRetrainings, type Retraining } from '../domain/retraining.ts';
import { auc, calibrationError } from '../models/quality.ts';
import { retrainings } from '../pipelines/topics.ts';
import { config } from '../runtime/config/config.ts';
import { rowsOf } from '../runtime/log/topic-rows.ts';
import { packageRoot } from '../runtime/package-root.ts';
import { modelsOf } from '../runtime/wire/models-of.ts';
import type { Forewarn } from '../runtime/wire/start-forewarn.ts';
import { askOf } from '../sinks/clickhouse/ask.ts';
import { trainingRowsOf } from '../sinks/clickhouse/training-rows.ts';
import { createWorld } from '../sources/simulated/world.ts';
import type { Part } from './part.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const START = Date.UTC(2026, 2, 2);
const SHIPMENTS_A_DAY = 180;
/** The carrier with the most parcels goes bad on this day, and nothing else is done to the world. */
const COLLAPSE = { scac: 'QTRQ', day: 28 } as const;
const DAYS = 90;
/** Live quality of so many days is compared: whole waves of weather, of which ten days may have none or two. */
const COMPARED_DAYS = 20;
const BACK_WITHIN = 0.02;
const MODEL = 'late-delivery';

/** From the collapse of a carrier to a promoted model, through the whole line and with no hand. */
export const collapse: Part = {
  name: 'collapse',
  about: `a carrier collapses on day ${COLLAPSE.day} of ${DAYS}: alarm, training, promotion, and live quality back within ${BACK_WITHIN}`,
  run: async (print) => {
    const folder = await mkdtemp(join(tmpdir(), 'forewarn-collapse-'));
    try {
      const models = join(folder, 'models');
      await cp(join(packageRoot, 'models', 'registry'), models, { recursive: true });
      const settings = config.parse({
        rules: join(packageRoot, 'rules'),
        models: { folder: models, promotion: { minShipments: 200, minOfEachLabel: 20 } },
      });
      const line = await startRecorded(settings, join(folder, 'data'), { learns: true });
      try {
        const world = createWorld({
          seed: 11,
          startAt: START,
          shipmentsPerDay: SHIPMENTS_A_DAY,
          collapse: COLLAPSE,
          keepTruth: false,
        });
        for (let day = 1; day <= DAYS; day++) {
          await feed(line, world.advance(START + day * DAY_MS));
          await learned(line, join(folder, 'data', 'learning.json'));
          if (day % 7 === 0) print(`day ${day} of ${DAYS}`);
        }
        const faults = await faultsOf(line, modelsOf(settings), print);
        for (const fault of faults) print(fault);
        return { passed: faults.length === 0 ? 1 : 0, failed: faults.length === 0 ? 0 : 1, skipped: 0 };
      } finally {
        await line.stop();
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** Resolves when learning has looked at what is there, so that a day is not over before it was learned from. */
const learned = async ({ log }: Pick<Forewarn, 'log'>, file: string): Promise<void> => {
  for (;;) {
    const text = await readFile(file, 'utf8').catch(() => '{}');
    const { carriersUntil = 0 } = JSON.parse(text) as { readonly carriersUntil?: number };
    if (carriersUntil >= log.closedUntil - HOUR_MS) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};

interface Live {
  readonly rows: number;
  readonly auc: number;
  readonly calibration: number;
}

/** What was live, whichever version it was, in the rows of some days whose end is known. */
const liveOf = async ({ storage }: Forewarn, fromDay: number, toDay: number): Promise<Live> => {
  const period = { from: START + fromDay * DAY_MS, to: START + toDay * DAY_MS };
  // Nobody acts in this world, so that no label is altered by what was raised.
  const { rows } = await trainingRowsOf(storage.client, period);
  const labels = rows.map(({ label }) => label);
  const scores = rows.map(({ probability }) => probability);
  return { rows: rows.length, auc: auc(labels, scores), calibration: calibrationError(labels, scores) };
};

const faultsOf = async (
  line: Forewarn,
  registry: ReturnType<typeof modelsOf>,
  print: (line: string) => void,
): Promise<readonly string[]> => {
  const dayOf = (at: number): string => ((at - START) / DAY_MS).toFixed(1);
  const findings = await askOf(line.storage.client)<{
    readonly day: number;
    readonly model: string;
    readonly text: string;
  }>(
    `SELECT toUnixTimestamp64Milli(heard_at) AS day, model, text FROM drift_findings WHERE grade = 'retrain' ORDER BY heard_at`,
    {},
  );
  for (const { day, model, text } of findings) print(`day ${dayOf(day)}: ${model}: ${text}`);
  const asked: Retraining[] = [];
  for await (const row of rowsOf(line.log, retrainings)) asked.push(row);
  for (const { at, model, state, by, reason } of latestRetrainings(asked))
    print(`retraining of ${model}, ${state} on day ${dayOf(at)}, by ${by}: ${reason}`);
  const decisions = (await registry.decisions(MODEL)).filter(({ at }) => at >= START);
  for (const { at, kind, version, reason } of decisions)
    print(`day ${dayOf(at)}: ${MODEL}@${version} ${kind}: ${reason}`);
  const found = findings.find(({ day }) => day >= START + COLLAPSE.day * DAY_MS);
  const promoted = decisions.findLast(({ kind }) => kind === 'promoted');
  const before = await liveOf(line, COLLAPSE.day - COMPARED_DAYS, COLLAPSE.day);
  const during = await liveOf(line, COLLAPSE.day, COLLAPSE.day + 7);
  const after = await liveOf(line, DAYS - 5 - COMPARED_DAYS, DAYS - 5);
  for (const [name, live] of Object.entries({ before, during, after }))
    print(
      `${name}: AUC ${live.auc.toFixed(3)}, calibration error ${live.calibration.toFixed(3)}, ${live.rows} rows`,
    );
  return [
    ...(findings.some(({ day }) => day < START + COLLAPSE.day * DAY_MS)
      ? ['an alarm before the collapse']
      : []),
    ...(found === undefined ? ['the collapse was not found'] : []),
    ...(promoted === undefined ? ['no version was promoted'] : []),
    ...(after.auc < before.auc - BACK_WITHIN ? ['the AUC is not back'] : []),
    ...(after.calibration > before.calibration + BACK_WITHIN ? ['the calibration is not back'] : []),
  ];
};
