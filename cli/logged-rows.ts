import type { Outcome } from '../domain/outcome.ts';
import type { Labelled } from '../domain/labelled.ts';
import type { EndedRow } from '../models/families/ended-row.ts';
import type { TrainingRow } from '../models/training/training-rows.ts';
import { labelled, outcomes, predictions } from '../pipelines/topics.ts';
import type { Log } from '../runtime/log/log.ts';
import { rowsOf } from '../runtime/log/topic-rows.ts';

/**
 * Predictions that the log has a label of, in a past in which nobody acted: of others the tables know who was treated. Made
 * before `settled`: of the days before the end only what ended at once, or should have, has a label, and that is late more
 * often than the rest.
 */
export const labelledRows = async (log: Log, settled: number): Promise<EndedRow[]> => {
  const known = new Map<string, Labelled>();
  for await (const row of rowsOf(log, labelled))
    if (row.version > (known.get(row.id)?.version ?? 0)) known.set(row.id, row);
  const rows: EndedRow[] = [];
  for await (const { id, features, heardAt, shipmentId, expectedAt } of rowsOf(log, predictions)) {
    const { label = null, deliveredAt = null, cause = 'unknown', happened = [] } = known.get(id) ?? {};
    if (label !== null && heardAt < settled)
      rows.push({
        features: Float32Array.from(features, (value) => value ?? NaN),
        label,
        at: heardAt,
        shipmentId,
        afterExpectedMin: deliveredAt === null ? null : (deliveredAt - expectedAt) / 60_000,
        cause,
        happened,
      });
  }
  return rows;
};

/**
 * The same of a log that ends before its labels could mature, which wait for log time: a past that is over. Shipments
 * that have not ended have no label, and those promised within the last `matureMs` would be there only if they came early:
 * both are left out, as are predictions made after the end.
 */
export const trainingRows = async (log: Log, matureMs: number): Promise<TrainingRow[]> => {
  const matureUntil = log.closedUntil - matureMs;
  const ended = new Map<string, Outcome>();
  for await (const outcome of rowsOf(log, outcomes)) ended.set(outcome.shipmentId, outcome);
  const rows: TrainingRow[] = [];
  for await (const prediction of rowsOf(log, predictions)) {
    const outcome = ended.get(prediction.shipmentId);
    if (outcome?.deliveredAt === undefined || outcome.deliveredAt === null) continue;
    if (prediction.at >= outcome.deliveredAt || prediction.promisedAt > matureUntil) continue;
    rows.push({
      features: Float32Array.from(prediction.features, (value) => value ?? NaN),
      label: outcome.deliveredAt > outcome.promisedAt ? 1 : 0,
      at: prediction.heardAt,
      shipmentId: prediction.shipmentId,
    });
  }
  return rows;
};
