import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordedDocument } from '../sources/recorded-document.ts';
import { createWorld } from '../sources/simulated/world.ts';
import { modelsOf } from '../runtime/wire/models-of.ts';
import type { ModelsControl } from '../runtime/wire/models-in-force.ts';
import { trainVersion } from '../runtime/wire/learning/train-version.ts';
import { configFrom, type ConfigOptions } from './config-options.ts';
import { labelledRows } from './logged-rows.ts';
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
const START = Date.UTC(2025, 0, 6);

/**
 * `forewarn train`: a past in which nobody acted, run through the pipelines themselves, so that the model learns from
 * features as they are served; the trained model becomes the champion. With `--from-tables` from what really happened.
 */
export const trainCommand = async (options: TrainOptions): Promise<void> => {
  const { days, seed, shipmentsPerDay } = options;
  const config = configFrom(options);
  if (options.fromTables === true) return trainFromTables(config, options);
  const folder = await mkdtemp(join(tmpdir(), 'forewarn-train-'));
  try {
    const forewarn = await startRecorded(config, folder);
    const count = await feed(forewarn, pastOf(seed, days, shipmentsPerDay));
    const rows = await labelledRows(forewarn.log);
    await forewarn.stop();
    console.log(`${count} documents gave ${rows.length} predictions whose outcome is known`);
    const registry = modelsOf(config);
    const model = config.models.lateDelivery;
    const decide: ModelsControl['decide'] = (decision) => registry.decide({ ...decision, at: Date.now() });
    const by = 'forewarn train';
    const data = { kind: 'simulated world, nobody acting', seed, days, shipmentsPerDay };
    const { version, card } = await trainVersion({ registry, decide, model, rows, data, by });
    const { auc, averagePrecision, brier } = card.validation;
    await decide({
      model,
      version,
      kind: 'promoted',
      by,
      reason: 'trained by hand',
      numbers: { auc, brier },
    });
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
