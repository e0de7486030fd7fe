import type { ClickHouseClient } from '@clickhouse/client';
import { featureSet } from '../../../domain/feature-set.ts';
import { featureNames } from '../../../domain/features.ts';
import { familyQuality } from '../../../models/drift/family-quality.ts';
import type { ModelReference } from '../../../models/drift/model-watch.ts';
import { familyOf } from '../../../models/families/family.ts';
import type { ModelRegistry } from '../../../models/registry.ts';
import { askOf } from '../../../sinks/clickhouse/ask.ts';
import { endedShipments, predictedRows, servedRows } from '../../../sinks/clickhouse/learning-rows.ts';
import { unmappedCodes } from '../../../sinks/clickhouse/unmapped-codes.ts';
import type { WatchOptions } from './watch-drift.ts';

export type DriftTables = Pick<WatchOptions, 'day' | 'ended' | 'reference' | 'served' | 'unmapped'>;

/** Champions of all families, and those that they replace. */
const KEPT = 16;

/** What drift is watched in: predictions, their ends, and what versions were like when they were made. */
export const driftTables = (client: ClickHouseClient, registry: ModelRegistry): DriftTables => {
  // Written by `referenceOf` beside the version, whose files never change: read once.
  const references = new Map<string, Promise<ModelReference | null>>();
  const read = (model: string, version: string): Promise<ModelReference | null> =>
    registry.reference(model, version) as Promise<ModelReference | null>;
  return {
    day: async (model, version, from, to) => {
      const rows = await predictedRows(client, `${model}@${version}`, featureSet, { from, to });
      return {
        scores: rows.map(({ probability }) => probability),
        labels: rows.map(({ label }) => label),
        features: Object.fromEntries(
          featureNames.map((name, column) => [name, rows.map(({ features }) => features[column] ?? NaN)]),
        ),
      };
    },
    served: async (model, version, from, to) => {
      const rows = await servedRows(client, `${model}@${version}`, { from, to });
      if (rows.length === 0) return { predictions: 0, quality: null };
      const { signature } = await registry.describe(model, version);
      const labels = signature.outputs[0]?.labels ?? [];
      return { predictions: rows.length, quality: familyQuality(familyOf(model), rows, labels) };
    },
    ended: (from, to) => endedShipments(client, { from, to }),
    unmapped: async (from, to) =>
      (await unmappedCodes(client, { from, to })).map(({ feed, standard, place, code, events }) => ({
        code: [feed, standard, place, code].filter((part) => part !== null).join(' '),
        events,
      })),
    reference: (model, version) => {
      const name = `${model}@${version}`;
      const known = references.get(name) ?? read(model, version);
      references.delete(name);
      references.set(name, known);
      known.catch(() => references.delete(name));
      for (const oldest of references.keys()) if (references.size > KEPT) references.delete(oldest);
      return known;
    },
  };
};

/** Log time of the first prediction that a model made; null while there is none. */
export const firstPrediction = async (client: ClickHouseClient): Promise<number | null> => {
  const [row] = await askOf(client)<{ readonly rows: number; readonly at: number }>(
    `SELECT count() AS rows, toUnixTimestamp64Milli(min(heard_at)) AS at FROM predictions WHERE answered = 'model'`,
    {},
  );
  return row === undefined || row.rows === 0 ? null : row.at;
};

/** Log time of the last label that was told; null while there is none. */
export const lastLabel = async (client: ClickHouseClient): Promise<number | null> => {
  const [row] = await askOf(client)<{ readonly rows: number; readonly at: number }>(
    'SELECT count() AS rows, toUnixTimestamp64Milli(max(heard_at)) AS at FROM labelled',
    {},
  );
  return row === undefined || row.rows === 0 ? null : row.at;
};
