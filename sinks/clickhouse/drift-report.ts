import type { ClickHouseClient } from '@clickhouse/client';
import type { DriftFinding, ModelQuality } from '../../domain/drift-finding.ts';
import type { Retraining } from '../../domain/retraining.ts';
import { askOf, type OpenPeriod } from './ask.ts';

/** How a version did in the days of a period: sums, and of the rest the mean of the days by their rows, null where none had enough. */
export interface WatchedVersion extends Pick<
  ModelQuality,
  | 'model'
  | 'modelVersion'
  | 'predictions'
  | 'rows'
  | 'measure'
  | 'error'
  | 'calibration'
  | 'auc'
  | 'estimatedAuc'
> {
  readonly days: number;
}

/** The newest last; `at` of a finding is when it was heard. */
export interface DriftReport {
  readonly versions: readonly WatchedVersion[];
  readonly findings: readonly Pick<
    DriftFinding,
    'at' | 'grade' | 'model' | 'kind' | 'subject' | 'since' | 'text'
  >[];
  readonly retrainings: readonly Pick<
    Retraining,
    'at' | 'model' | 'state' | 'by' | 'reason' | 'modelVersion'
  >[];
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
  `sum(q.${column} * q.rows) / nullIf(sumIf(q.rows, q.${column} IS NOT NULL), 0)`;

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
