import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { predictableIn } from '../domain/taxonomy.ts';
import type { RecordedDocument } from '../sources/recorded-document.ts';
import { createWorld } from '../sources/simulated/world.ts';
import { modelsOf } from '../runtime/wire/models-of.ts';
import type { ModelsControl } from '../runtime/wire/models-in-force.ts';
import { durationMs } from '../runtime/duration.ts';
import { trainFamilies } from '../runtime/wire/learning/train-families.ts';
import { configFrom, type ConfigOptions } from './config-options.ts';
import { formatFamilies } from './format-families.ts';
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
 * `forewarn train`: a past in which nobody acted, run through the pipelines themselves, so that models learn from
 * features as they are served; what was trained become the champions, at the time at which that past ends, so that the same
 * command makes the same folder. With `--from-tables` from what really happened.
 */
export const trainCommand = async (options: TrainOptions): Promise<void> => {
  const { days, seed, shipmentsPerDay } = options;
  const config = configFrom(options);
  if (options.fromTables === true) return trainFromTables(config, options);
  const folder = await mkdtemp(join(tmpdir(), 'forewarn-train-'));
  try {
    const forewarn = await startRecorded(config, folder);
    const count = await feed(forewarn, pastOf(seed, days, shipmentsPerDay));
    const at = Math.floor(forewarn.log.closedUntil);
    const rows = await labelledRows(forewarn.log, at - durationMs(config.models.watch.settle));
    const scoredBy = forewarn.scoring.service(config.models.lateDelivery).modelVersion;
    await forewarn.stop();
    console.log(`${count} documents gave ${rows.length} predictions whose outcome is known`);
    const registry = modelsOf(config);
    const decide: ModelsControl['decide'] = (decision) => registry.decide({ ...decision, at });
    const by = 'forewarn train';
    const results = await trainFamilies({
      registry,
      decide,
      judged: config.models.lateDelivery,
      predictable: predictableIn(forewarn.rules.taxonomy),
      rows,
      // What was foreseen is no longer news when it is detected: causes and categories depend on who foresaw.
      data: { kind: 'simulated world, nobody acting', seed, days, shipmentsPerDay, scoredBy },
      by,
    });
    const reason = `forewarn train --days ${days} --shipments-per-day ${shipmentsPerDay} --seed ${seed}`;
    for (const { model, version } of results)
      if (version !== null) await decide({ model, version, kind: 'promoted', by, reason, numbers: {} });
    console.log(formatFamilies(results, 'champion'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

function* pastOf(seed: number, days: number, shipmentsPerDay: number): Generator<RecordedDocument> {
  const world = createWorld({ seed, startAt: START, shipmentsPerDay, keepTruth: false });
  for (let hour = 1; hour <= days * 24; hour++) yield* world.advance(START + (hour * DAY_MS) / 24);
}
