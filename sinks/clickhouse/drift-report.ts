import type { ClickHouseClient } from '@clickhouse/client';
import { askOf, type OpenPeriod } from './ask.ts';

/** How a version did in the days of a period, each day by as many of its predictions as have an end that was nobody's doing. */
export interface WatchedVersion {
  readonly model: string;
  readonly modelVersion: string;
  readonly days: number;
  readonly predictions: number;
  /** Of them with a known end. */
  readonly rows: number;
  /** What is watched of it, such as the Brier score; lower is better. */
  readonly measure: string;
  /** Null where no day had rows enough to tell. */
  readonly error: number | null;
  readonly calibration: number | null;
  readonly auc: number | null;
  /** By the version's own probabilities: blind to what the inputs have come to mean. */
  readonly estimatedAuc: number | null;
}

export interface DriftReport {
  readonly versions: readonly WatchedVersion[];
  /** The newest last. */
  readonly findings: readonly {
    readonly at: number;
    readonly grade: 'note' | 'warning' | 'retrain';
    readonly model: string;
    readonly kind: string;
    readonly subject: string;
    readonly since: number;
    readonly text: string;
  }[];
  readonly retrainings: readonly {
    readonly at: number;
    readonly model: string;
    readonly state: 'requested' | 'challenges' | 'failed';
    readonly by: string;
    readonly reason: string;
    readonly modelVersion: string | null;
  }[];
}

/** What has moved in a period, how well versions did in it, and what was asked to be trained anew. */
export const driftReport = async (client: ClickHouseClient, period: OpenPeriod): Promise<DriftReport> => {
  const ask = askOf(client);
  const [versions, findings, retrainings] = await Promise.all([
    ask<DriftReport['versions'][number]>(versionsSql, period),
    ask<DriftReport['findings'][number]>(findingsSql, period),
    ask<DriftReport['retrainings'][number]>(retrainingsSql, period),
  ]);
  return { versions, findings, retrainings };
};

const within = (column: string): string =>
  `${column} >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND ${column} < fromUnixTimestamp64Milli({to:Int64}, 'UTC')`;

/** Mean by rows of the days that have one. */
const byRows = (column: string): string =>
  `if(sumIf(q.rows, q.${column} IS NOT NULL) = 0, NULL, sumIf(q.${column} * q.rows, q.${column} IS NOT NULL) / sumIf(q.rows, q.${column} IS NOT NULL))`;

const versionsSql = `
SELECT q.model AS model, q.model_version AS modelVersion, count() AS days, sum(q.predictions) AS predictions, sum(q.rows) AS rows,
  any(q.measure) AS measure, ${byRows('error')} AS error, ${byRows('calibration')} AS calibration, ${byRows('auc')} AS auc,
  ${byRows('estimated_auc')} AS estimatedAuc
FROM (SELECT * FROM model_qualities WHERE ${within('at')} LIMIT 1 BY id) AS q
GROUP BY model, modelVersion ORDER BY model, min(q.at)`;

const findingsSql = `
SELECT toUnixTimestamp64Milli(heard_at) AS at, toString(grade) AS grade, model, kind, subject, toUnixTimestamp64Milli(f.since) AS since, text
FROM drift_findings AS f WHERE ${within('heard_at')} ORDER BY heard_at, id LIMIT 1 BY id`;

const retrainingsSql = `
SELECT toUnixTimestamp64Milli(r.at) AS at, r.model AS model, toString(r.state) AS state, r.by AS by, r.reason AS reason, r.model_version AS modelVersion
FROM retrainings AS r FINAL WHERE ${within('r.at')} ORDER BY r.at, r.id`;
