import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { featureNames } from '../domain/features.ts';
import { modelRegistry } from '../models/registry.ts';
import { trainRiskInWorker } from '../models/training/train-in-worker.ts';
import type { RecordedDocument } from '../sources/recorded-document.ts';
import { createWorld } from '../sources/simulated/world.ts';
import { ForewarnError } from '../runtime/forewarn-error.ts';
import { codeVersion } from '../runtime/package-root.ts';
import { configFrom, type ConfigOptions } from './config-options.ts';
import { trainingRows } from './logged-rows.ts';
import { feed, startRecorded } from './recorded-line.ts';
import { trainFromTables } from './train-from-tables.ts';

export interface TrainOptions extends ConfigOptions {
  readonly days: number;
  readonly seed: number;
  readonly shipmentsPerDay: number;
  readonly fromTables?: boolean;
  readonly champion?: boolean;
}

const DAY_MS = 86_400_000;
const MATURE_MS = 3 * DAY_MS;
/** Of ten alarms at least so many tenths should come true, when nobody acts: a desk that is called in vain stops listening. */
const ALARM_PRECISION = 0.65;
/** Probabilities are calibrated for each kind of last milestone: what is known differs most by it. */
const stageColumn = featureNames.indexOf('last_kind');
const START = Date.UTC(2025, 0, 6);

/**
 * `forewarn train`: a past in which nobody acted, run through the pipelines themselves, so that the model learns from
 * features as they are served; the trained model becomes the champion. With `--from-tables` from what really happened.
 */
export const trainCommand = async (options: TrainOptions): Promise<void> => {
  const { days, seed, shipmentsPerDay } = options;
  const config = configFrom(options);
  if (options.fromTables === true) return trainFromTables(config, { threshold: ALARM_PRECISION, ...options });
  const folder = await mkdtemp(join(tmpdir(), 'forewarn-train-'));
  try {
    const forewarn = await startRecorded(config, folder);
    const count = await feed(forewarn, pastOf(seed, days, shipmentsPerDay));
    const rows = await trainingRows(forewarn.log, MATURE_MS);
    await forewarn.stop();
    console.log(`${count} documents gave ${rows.length} predictions whose outcome is known`);
    const { model: trained, card } = await trainRiskInWorker(rows, {
      threshold: ALARM_PRECISION,
      stageColumn,
    });
    if (card.validatedRows === 0) {
      throw new ForewarnError(
        'FW604',
        `${rows.length} rows leave none to judge the model on; give more --days (at least 10)`,
      );
    }
    const registry = modelRegistry(resolve(config.models.folder));
    const data = { kind: 'simulated world, nobody acting', seed, days, shipmentsPerDay };
    const model = config.models.lateDelivery;
    const version = await registry.publish(model, {
      trained,
      features: featureNames,
      threshold: card.threshold,
      card: { ...card, data, codeVersion },
    });
    await registry.setAlias(model, 'champion', version);
    const { auc, averagePrecision, brier } = card.validation;
    console.log(
      `${model}@${version} is the champion: ${card.trees} trees, threshold ${card.threshold.toFixed(3)}; on the newest fifth AUC ${auc.toFixed(3)}, PR-AUC ${averagePrecision.toFixed(3)}, Brier ${brier.toFixed(3)}`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

function* pastOf(seed: number, days: number, shipmentsPerDay: number): Generator<RecordedDocument> {
  const world = createWorld({ seed, startAt: START, shipmentsPerDay, keepTruth: false });
  for (let hour = 1; hour <= days * 24; hour++) yield* world.advance(START + (hour * DAY_MS) / 24);
}
