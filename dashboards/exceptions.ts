import { dashboardOf } from './dashboard.ts';
import { chart, figure, stacked, table } from './panels.ts';
import { prom, quantile, sql } from './queries.ts';

/** Per minute, because exceptions are rarer than records. */
const perMinute = (label: string, selector: string) =>
  prom(`60 * sum by (${label}) (rate(${selector}[$__rate_interval]))`, `{{${label}}}`);

/** The business: what goes wrong, how early we knew, what was done, and whether it helped. */
export const exceptionsDashboard = () =>
  dashboardOf({
    uid: 'forewarn-exceptions',
    title: 'Forewarn: exceptions',
    description:
      'Exceptions, actions and outcomes. ClickHouse panels run on log time: in a replayed or simulated world choose that time range.',
    sources: ['prometheus', 'clickhouse'],
    rows: [
      {
        title: 'Now',
        panels: [
          figure({
            title: 'Open',
            unit: 'short',
            description: 'Exceptions that are open now.',
            queries: [prom('sum(forewarn_exceptions_open)')],
          }),
          figure({
            title: 'Open, guaranteed tier',
            unit: 'short',
            description: 'Open exceptions of customers with a guaranteed promise.',
            queries: [prom('forewarn_exceptions_open{tier="guaranteed"}')],
          }),
          figure({
            title: 'Wait for approval',
            unit: 'short',
            description: 'Actions that a person must allow or refuse.',
            queries: [prom('forewarn_approvals_waiting')],
          }),
          figure({
            title: 'Foreseen',
            unit: 'percentunit',
            description: 'Share of the exceptions raised in the last hour that were predicted, not seen.',
            queries: [
              prom(
                'sum(increase(forewarn_exceptions_total{kind="predicted"}[1h])) / sum(increase(forewarn_exceptions_total[1h]))',
              ),
            ],
          }),
          figure({
            title: 'Promises kept',
            unit: 'percentunit',
            description: 'Share of the shipments that ended in the last hour without a breach.',
            queries: [
              prom(
                'sum(increase(forewarn_outcomes_total{breached="false"}[1h])) / sum(increase(forewarn_outcomes_total[1h]))',
              ),
            ],
          }),
          figure({
            title: 'Told before the breach',
            unit: 'percentunit',
            description: 'Share of the breached shipments in the range whose customer had been told in time.',
            queries: [
              sql(`
SELECT countIf(told_before_breach) / count() AS told
FROM outcomes FINAL
WHERE breached AND $__timeFilter(heard_at)
`),
            ],
          }),
        ],
      },
      {
        title: 'What goes wrong',
        panels: [
          stacked({
            title: 'Open by tier',
            unit: 'short',
            description: 'Open exceptions of each tier.',
            queries: [prom('forewarn_exceptions_open', '{{tier}}')],
          }),
          stacked({
            title: 'Raised, foreseen and seen',
            unit: 'cpm',
            description: 'Exceptions raised per minute, by whether they were predicted or detected.',
            queries: [perMinute('kind', 'forewarn_exceptions_total')],
          }),
          chart({
            title: 'Raised by category',
            unit: 'cpm',
            description: 'The eight busiest categories, exceptions per minute.',
            queries: [
              prom(
                'topk(8, 60 * sum by (category) (rate(forewarn_exceptions_total[$__rate_interval])))',
                '{{category}}',
              ),
            ],
          }),
          chart({
            title: 'Signals by category',
            unit: 'cpm',
            description:
              'What detectors saw per minute, before one shipment and category became one exception.',
            queries: [
              prom(
                'topk(8, 60 * sum by (category) (rate(forewarn_signals_total[$__rate_interval])))',
                '{{category}}',
              ),
            ],
          }),
          chart({
            title: 'From ingest',
            unit: 's',
            description: 'Time from a document to what came of it, for 99 of 100, by hop.',
            queries: [prom(quantile(0.99, 'forewarn_end_to_end_seconds', 'hop'), '{{hop}}')],
          }),
          chart({
            title: 'Shipments ended',
            unit: 'cpm',
            description: 'Shipments per minute that ended, by whether the promise was breached.',
            queries: [
              prom(
                '60 * sum by (breached) (rate(forewarn_outcomes_total[$__rate_interval]))',
                'breached: {{breached}}',
              ),
            ],
          }),
          table({
            title: 'Gravest open exceptions',
            unit: 'none',
            description:
              'The twenty gravest that are open now, with their promise and when delivery is expected.',
            queries: [
              sql(`
SELECT
  severity, category, kind, tier, shipment_id, customer_id, lane, carrier, cause, probability,
  promised_at, expected_at, raised_at, state
FROM exceptions FINAL
WHERE state IN ('open', 'acknowledged', 'mitigated')
ORDER BY severity DESC, raised_at
LIMIT 20
`),
            ],
            width: 24,
          }),
        ],
      },
      {
        title: 'How early we knew',
        panels: [
          stacked({
            title: 'Raised over log time',
            unit: 'short',
            description: 'Exceptions per interval of log time, by how they were first known.',
            queries: [
              sql(`
SELECT
  $__timeInterval(first_at) AS time,
  countIf(first_kind = 'predicted') AS foreseen,
  countIf(first_kind = 'detected') AS seen
FROM (
  SELECT id, min(raised_at) AS first_at, argMin(kind, version) AS first_kind
  FROM exception_history
  WHERE $__timeFilter(raised_at)
  GROUP BY id
)
GROUP BY time
ORDER BY time
`),
            ],
          }),
          table({
            title: 'By category',
            unit: 'none',
            description: 'Raised, first foreseen, and median minutes between the first word and the promise.',
            queries: [
              sql(`
SELECT
  category,
  count() AS raised,
  countIf(first_kind = 'predicted') AS foreseen,
  round(median(lead_time_min)) AS median_lead_min,
  round(avg(severity), 1) AS mean_severity
FROM (
  SELECT id, any(category) AS category, argMin(kind, version) AS first_kind,
    argMax(lead_time_min, version) AS lead_time_min, argMax(severity, version) AS severity
  FROM exception_history
  WHERE $__timeFilter(raised_at)
  GROUP BY id
)
GROUP BY category
ORDER BY raised DESC
`),
            ],
            width: 16,
          }),
          table({
            title: 'Predictions against outcomes',
            unit: 'none',
            description:
              'Per tenth of predicted risk: how many shipments, and how many of them did breach; the two shares should match.',
            queries: [
              sql(`
SELECT
  floor(10 * p.peak) / 10 AS risk_from,
  count() AS shipments,
  round(avg(p.peak), 3) AS predicted_share,
  round(avg(o.breached), 3) AS breached_share
FROM (
  SELECT shipment_id, max(probability) AS peak FROM predictions WHERE $__timeFilter(heard_at) GROUP BY shipment_id
) AS p
INNER JOIN (SELECT shipment_id, breached FROM outcomes FINAL) AS o USING (shipment_id)
GROUP BY risk_from
ORDER BY risk_from
`),
            ],
            width: 12,
          }),
          chart({
            title: 'Scores over log time',
            unit: 'percentunit',
            description: 'Mean predicted risk and share above the threshold, per interval of log time.',
            queries: [
              sql(`
SELECT
  $__timeInterval(heard_at) AS time,
  avg(probability) AS mean_risk,
  avg(probability >= threshold) AS above_threshold
FROM predictions
WHERE $__timeFilter(heard_at)
GROUP BY time
ORDER BY time
`),
            ],
            width: 12,
          }),
        ],
      },
      {
        title: 'What was done',
        panels: [
          chart({
            title: 'Actions by state',
            unit: 'cpm',
            description: 'Actions per minute that entered each state.',
            queries: [perMinute('state', 'forewarn_actions_total')],
          }),
          chart({
            title: 'Actions by type',
            unit: 'cpm',
            description: 'Actions per minute that left the house, by type.',
            queries: [perMinute('type', 'forewarn_actions_total{state="sent"}')],
          }),
          chart({
            title: 'Due to sent',
            unit: 's',
            description: 'Wall seconds from an action being due to its being sent, half and 99 of 100.',
            queries: [
              prom(quantile(0.5, 'forewarn_action_duration_seconds'), 'half within'),
              prom(quantile(0.99, 'forewarn_action_duration_seconds'), '99 % within'),
            ],
          }),
          chart({
            title: 'Waiting for approval',
            unit: 'short',
            description: 'Actions that wait for a person; a line that only rises means that nobody looks.',
            queries: [prom('forewarn_approvals_waiting', 'waiting')],
          }),
          table({
            title: 'Actions by category and result',
            unit: 'none',
            description: 'How the actions of each category of exception stand.',
            queries: [
              sql(`
SELECT
  e.category AS category,
  a.type AS action,
  count() AS actions,
  countIf(a.state IN ('sent', 'confirmed')) AS sent,
  countIf(a.state = 'awaiting_approval') AS waiting,
  countIf(a.state IN ('failed', 'uncertain')) AS failed,
  countIf(a.state IN ('refused', 'cancelled', 'expired')) AS not_done
FROM (SELECT * FROM actions FINAL) AS a
INNER JOIN (SELECT id, category FROM exceptions FINAL) AS e ON e.id = a.exception_id
WHERE $__timeFilter(a.heard_at)
GROUP BY category, action
ORDER BY actions DESC
LIMIT 50
`),
            ],
            width: 16,
          }),
        ],
      },
      {
        title: 'How it ended',
        panels: [
          chart({
            title: 'Breaches over log time',
            unit: 'percentunit',
            description:
              'Share of ended shipments that missed their promise, and share of those that were foreseen.',
            queries: [
              sql(`
SELECT
  $__timeInterval(heard_at) AS time,
  avg(breached) AS missed,
  countIf(breached AND predicted) / greatest(countIf(breached), 1) AS misses_foreseen
FROM outcomes FINAL
WHERE $__timeFilter(heard_at)
GROUP BY time
ORDER BY time
`),
            ],
            width: 12,
          }),
          table({
            title: 'Carriers',
            unit: 'none',
            description:
              'Shipments of each carrier that ended in the range, with the share on time and the median minutes late.',
            queries: [
              sql(`
SELECT
  carrier,
  count() AS ended,
  round(1 - avg(breached), 3) AS kept,
  round(median(minutes_late)) AS median_min_late,
  countIf(breached AND told_before_breach) AS told_in_time
FROM outcomes FINAL
WHERE $__timeFilter(heard_at)
GROUP BY carrier
ORDER BY ended DESC
LIMIT 50
`),
            ],
            width: 12,
          }),
        ],
      },
    ],
  });
