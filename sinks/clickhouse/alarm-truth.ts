import type { ClickHouseClient } from '@clickhouse/client';
import { askOf, type OpenPeriod } from './ask.ts';
import { latest } from './labels-now.ts';

/** How true alarms were, by counting predictions as they ended or as they would have without us. */
export interface AlarmTruthLine {
  /** Predictions that are counted, and those that raised or kept an alarm; weighted ones are sums of weights. */
  readonly predictions: number;
  readonly alarms: number;
  readonly late: number;
  readonly hits: number;
  /** Hits ÷ alarms and hits ÷ late; null where there is nothing to divide by. */
  readonly precision: number | null;
  readonly recall: number | null;
}

/**
 * Both ways side by side. `naive` takes every prediction as it ended, so a shipment that was rescued is a false alarm.
 * `corrected` leaves the treated out and lets those that chance spared stand for them.
 */
export interface AlarmTruth {
  readonly naive: AlarmTruthLine;
  readonly corrected: AlarmTruthLine;
  /** Predictions that were treated, and those that chance spared. */
  readonly treated: number;
  readonly heldOut: number;
  /** Treated with certainty, or by people: no hold-out stands for them, and the correction says nothing of their like. */
  readonly unlike: number;
}

interface Row {
  readonly predictions: number;
  readonly alarms: number;
  readonly late: number;
  readonly hits: number;
  readonly treated_count: number;
  readonly held_out: number;
  readonly unlike: number;
  readonly weighted: number;
  readonly weighted_alarms: number;
  readonly weighted_late: number;
  readonly weighted_hits: number;
}

/** Precision and recall of the alarms of `[from; to)`, by predictions whose truth is known. */
export const alarmTruth = async (client: ClickHouseClient, period: OpenPeriod = {}): Promise<AlarmTruth> => {
  const [row] = await askOf(client)<Row>(sql, period);
  const {
    predictions = 0,
    alarms = 0,
    late = 0,
    hits = 0,
    weighted = 0,
    weighted_alarms: weightedAlarms = 0,
    weighted_late: weightedLate = 0,
    weighted_hits: weightedHits = 0,
  } = row ?? {};
  return {
    naive: lineOf(predictions, alarms, late, hits),
    corrected: lineOf(weighted, weightedAlarms, weightedLate, weightedHits),
    treated: row?.treated_count ?? 0,
    heldOut: row?.held_out ?? 0,
    unlike: row?.unlike ?? 0,
  };
};

const lineOf = (predictions: number, alarms: number, late: number, hits: number): AlarmTruthLine => ({
  predictions,
  alarms,
  late,
  hits,
  precision: alarms === 0 ? null : hits / alarms,
  recall: late === 0 ? null : hits / late,
});

const sql = `
SELECT
  count() AS predictions,
  countIf(is_alarm) AS alarms,
  countIf(label = 1) AS late,
  countIf(is_alarm AND label = 1) AS hits,
  countIf(t.treated) AS treated_count,
  countIf(t.hold_out AND NOT t.treated) AS held_out,
  countIf(t.treated AND ifNull(t.propensity = 1, true)) AS unlike,
  sum(weight) AS weighted,
  sumIf(weight, is_alarm) AS weighted_alarms,
  sumIf(weight, label = 1) AS weighted_late,
  sumIf(weight, is_alarm AND label = 1) AS weighted_hits
FROM (SELECT *, probability >= threshold AS is_alarm FROM (${latest})) AS t`;
