import { resolve } from 'node:path';
import { featureNames } from '../domain/features.ts';
import { modelRegistry } from '../models/registry.ts';
import { trainRiskInWorker } from '../models/training/train-in-worker.ts';
import type { Config } from '../runtime/config/config.ts';
import { ForewarnError } from '../runtime/forewarn-error.ts';
import { codeVersion } from '../runtime/package-root.ts';
import { trainingRowsOf } from '../sinks/clickhouse/training-rows.ts';
import { withTables } from './with-tables.ts';

export interface FromTablesOptions {
  /** Precision that the alarm threshold is to have on the newest fifth. */
  readonly threshold: number;
  readonly champion?: boolean;
}

/**
 * `forewarn train --from-tables`: learns from predictions as they were logged and what became of those that nobody treated.
 * The card says exactly which rows they were. The model becomes the challenger, unless it is to be the champion at once.
 */
export const trainFromTables = async (
  config: Config,
  { threshold, champion = false }: FromTablesOptions,
): Promise<void> => {
  const { rows, lineage } = await withTables(config, (client) =>
    trainingRowsOf(client, { population: 'untreated' }),
  );
  console.log(
    `${lineage.rows} predictions of ${lineage.shipments} shipments that nobody treated have a known truth`,
  );
  const { model: trained, card } = await trainRiskInWorker(rows, {
    threshold,
    stageColumn: featureNames.indexOf('last_kind'),
  });
  if (card.validatedRows === 0)
    throw new ForewarnError(
      'FW604',
      `${rows.length} rows leave none to judge the model on; wait for more outcomes`,
    );
  const registry = modelRegistry(resolve(config.models.folder));
  const model = config.models.lateDelivery;
  const version = await registry.publish(model, {
    trained,
    features: featureNames,
    threshold: card.threshold,
    card: { ...card, data: { kind: 'logged outcomes, untreated', ...lineage }, codeVersion },
  });
  const alias = champion ? 'champion' : 'challenger';
  await registry.setAlias(model, alias, version);
  const { auc, averagePrecision, brier } = card.validation;
  console.log(
    `${model}@${version} is the ${alias}: ${card.trees} trees, threshold ${card.threshold.toFixed(3)}; on the newest fifth AUC ${auc.toFixed(3)}, PR-AUC ${averagePrecision.toFixed(3)}, Brier ${brier.toFixed(3)}`,
  );
};
