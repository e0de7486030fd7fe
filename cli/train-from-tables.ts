import type { Config } from '../runtime/config/config.ts';
import type { ModelsControl } from '../runtime/wire/models-in-force.ts';
import { modelsOf } from '../runtime/wire/models-of.ts';
import { trainVersion } from '../runtime/wire/learning/train-version.ts';
import { trainingRowsOf } from '../sinks/clickhouse/training-rows.ts';
import { withTables } from './with-tables.ts';

export interface FromTablesOptions {
  readonly champion?: boolean;
}

/**
 * `forewarn train --from-tables`: learns from predictions as they were logged and what became of those that nobody treated.
 * The card says exactly which rows they were. The model becomes the challenger, unless it is to be the champion at once.
 */
export const trainFromTables = async (
  config: Config,
  { champion = false }: FromTablesOptions,
): Promise<void> => {
  const { rows, lineage } = await withTables(config, (client) =>
    trainingRowsOf(client, { population: 'untreated' }),
  );
  console.log(
    `${lineage.rows} predictions of ${lineage.shipments} shipments that nobody treated have a known truth`,
  );
  const registry = modelsOf(config);
  const model = config.models.lateDelivery;
  const decide: ModelsControl['decide'] = (decision) => registry.decide({ ...decision, at: Date.now() });
  const by = 'forewarn train';
  const data = { kind: 'logged outcomes, untreated', ...lineage };
  const { version, card } = await trainVersion({ registry, decide, model, rows, data, by });
  const [kind, alias] = champion
    ? (['promoted', 'champion'] as const)
    : (['challenged', 'challenger'] as const);
  await decide({ model, version, kind, by, reason: 'trained by hand', numbers: {} });
  const { auc, averagePrecision, brier } = card.validation;
  console.log(
    `${model}@${version} is the ${alias}: ${card.trees} trees, threshold ${card.threshold.toFixed(3)}; on the newest fifth AUC ${auc.toFixed(3)}, PR-AUC ${averagePrecision.toFixed(3)}, Brier ${brier.toFixed(3)}`,
  );
};
