import { dashboardOf } from './dashboard.ts';
import { chart, figure, table } from './panels.ts';
import { sql } from './queries.ts';

/** A line over days, one for each version. */
const byVersion = (column: string): ReturnType<typeof sql> =>
  sql(`
SELECT at AS time, model_version AS metric, ${column} AS value
FROM model_qualities
WHERE $__timeFilter(at) AND ${column} IS NOT NULL
ORDER BY time
`);

/** The error by which a family is watched, of one model. */
const errorOf = (model: string): ReturnType<typeof sql> =>
  sql(`
SELECT at AS time, model_version AS metric, error AS value
FROM model_qualities
WHERE model = '${model}' AND $__timeFilter(at) AND error IS NOT NULL
ORDER BY time
`);

/** The models: how well they do, what has moved, what was decided about them, and what they rest on. */
export const modelsDashboard = () =>
  dashboardOf({
    uid: 'forewarn-models',
    title: 'Forewarn: models',
    description:
      'Quality by day of predictions, drift, versions and what they learn from. All panels run on log time: in a replayed or simulated world choose that time range.',
    sources: ['clickhouse'],
    rows: [
      {
        title: 'Now',
        panels: [
          figure({
            title: 'Versions that answered',
            unit: 'short',
            description: 'Versions that predictions of the range name.',
            queries: [
              sql(
                `SELECT uniqExact(model_version) AS versions FROM predictions WHERE $__timeFilter(heard_at) AND answered = 'model'`,
              ),
            ],
          }),
          figure({
            title: 'Answered by the rule of thumb',
            unit: 'percentunit',
            description: 'Share of the predictions of the range for which no model answered in time.',
            queries: [
              sql(
                `SELECT countIf(answered = 'fallback') / count() AS share FROM predictions WHERE $__timeFilter(heard_at)`,
              ),
            ],
          }),
          figure({
            title: 'Asked for training',
            unit: 'short',
            description: 'Findings of the range that ask for a new version.',
            queries: [
              sql(
                `SELECT countIf(grade = 'retrain') AS findings FROM drift_findings WHERE $__timeFilter(heard_at)`,
              ),
            ],
          }),
          figure({
            title: 'Labels known',
            unit: 'short',
            description: 'Predictions of the range whose end is known by now.',
            queries: [
              sql(
                `SELECT uniqExact(id) AS labels FROM labelled WHERE $__timeFilter(predicted_at) AND label IS NOT NULL`,
              ),
            ],
          }),
        ],
      },
      {
        title: 'Quality',
        panels: [
          chart({
            title: 'Brier score by day',
            unit: 'none',
            description:
              'Mean squared distance of risk and truth, of what nobody treated, once its end is known; lower is better.',
            queries: [byVersion('brier')],
          }),
          chart({
            title: 'AUC by day',
            unit: 'none',
            description: 'Chance that a late shipment had the higher risk; higher is better.',
            queries: [byVersion('auc')],
          }),
          chart({
            title: 'Arrivals: pinball loss by day',
            unit: 'm',
            description:
              'Minutes by which the quantiles of arrivals missed, those too early and too late weighed by their level; lower is better.',
            queries: [errorOf('eta')],
          }),
          chart({
            title: 'Arrivals inside of their interval',
            unit: 'percentunit',
            description:
              'Share of deliveries between the first and the last quantile; four of five should be.',
            queries: [byVersion('coverage')],
          }),
          chart({
            title: 'Causes told wrong',
            unit: 'percentunit',
            description: 'Share of the late shipments that were late of another cause than the likeliest.',
            queries: [errorOf('cause')],
          }),
          chart({
            title: 'Off its word',
            unit: 'percentunit',
            description:
              'How far probabilities were from what came true, and intervals of arrivals from holding as often as they say; lower is better.',
            queries: [byVersion('calibration')],
          }),
          chart({
            title: 'Brier score that the model expects',
            unit: 'none',
            description:
              'By its own probabilities, before any end is known; it sees other inputs, and never that they have come to mean something else.',
            queries: [byVersion('estimated_brier')],
          }),
        ],
      },
      {
        title: 'What has moved',
        panels: [
          table({
            title: 'Findings',
            unit: 'none',
            description: 'What has moved, the newest first; only the grade retrain asks for a new version.',
            queries: [
              sql(`
SELECT heard_at, grade, kind, model, subject, since, text
FROM drift_findings
WHERE $__timeFilter(heard_at)
ORDER BY heard_at DESC
LIMIT 200
`),
            ],
          }),
          table({
            title: 'Carriers',
            unit: 'percentunit',
            description: 'Share of each carrier that came in time over 28 days, as it is known now.',
            queries: [
              sql(`
SELECT carrier, argMax(share, heard_at) AS in_time, argMax(shipments, heard_at) AS shipments
FROM carrier_rates
WHERE lane = '*' AND service = '*' AND carrier != '*' AND $__timeFilter(heard_at)
GROUP BY carrier
ORDER BY in_time
`),
            ],
          }),
        ],
      },
      {
        title: 'Versions',
        panels: [
          table({
            title: 'Decisions',
            unit: 'none',
            description: 'What was decided about versions, by whom and why, the newest first.',
            queries: [
              sql(`
SELECT heard_at, model, version, kind, by, reason
FROM model_decisions
WHERE $__timeFilter(heard_at)
ORDER BY heard_at DESC
LIMIT 200
`),
            ],
          }),
          table({
            title: 'Retrainings',
            unit: 'none',
            description: 'What was to be trained anew, and what became of it.',
            queries: [
              sql(`
SELECT heard_at, model, state, by, model_version, reason
FROM retrainings FINAL
WHERE $__timeFilter(heard_at)
ORDER BY heard_at DESC
LIMIT 200
`),
            ],
          }),
        ],
      },
    ],
  });
