import { resolve } from 'node:path';
import { predictableIn } from '../domain/taxonomy.ts';
import type { Config } from '../runtime/config/config.ts';
import { durationMs } from '../runtime/duration.ts';
import { lastLabel } from '../runtime/wire/learning/drift-tables.ts';
import { loadRules } from '../runtime/rules/load-rules.ts';
import type { ModelsControl } from '../runtime/wire/models-in-force.ts';
import { modelsOf } from '../runtime/wire/models-of.ts';
import { trainFamilies } from '../runtime/wire/learning/train-families.ts';
import { trainingRowsOf } from '../sinks/clickhouse/training-rows.ts';
import { formatFamilies } from './format-families.ts';
import { withTables } from './with-tables.ts';

export interface FromTablesOptions {
  readonly champion?: boolean;
}

/**
 * `forewarn train --from-tables`: learns from predictions as they were logged and what became of those that nobody treated.
 * The card says exactly which rows they were. Models become challengers, unless they are to be champions at once.
 */
export const trainFromTables = async (
  config: Config,
  { champion = false }: FromTablesOptions,
): Promise<void> => {
  const { rows, lineage } = await withTables(config, async (client) =>
    trainingRowsOf(client, {
      population: 'untreated',
      // Of the newest days only what ended at once, or should have, has a label yet.
      to: Math.max(0, ((await lastLabel(client)) ?? 0) - durationMs(config.models.watch.settle)),
    }),
  );
  console.log(
    `${lineage.rows} predictions of ${lineage.shipments} shipments that nobody treated have a known truth`,
  );
  const registry = modelsOf(config);
  const decide: ModelsControl['decide'] = (decision) => registry.decide({ ...decision, at: Date.now() });
  const by = 'forewarn train';
  const results = await trainFamilies({
    registry,
    decide,
    judged: config.models.lateDelivery,
    predictable: predictableIn(loadRules(resolve(config.rules)).taxonomy),
    rows,
    data: { kind: 'logged outcomes, untreated', ...lineage },
    by,
  });
  const [kind, alias] = champion
    ? (['promoted', 'champion'] as const)
    : (['challenged', 'challenger'] as const);
  for (const { model, version } of results)
    if (version !== null) await decide({ model, version, kind, by, reason: 'trained by hand', numbers: {} });
  console.log(formatFamilies(results, alias));
};
