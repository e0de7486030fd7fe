import { cases } from './report-queries.ts';

/** `[from; to)` of a column of instants. */
const within = (column: string): string => `${column} >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
    AND ${column} < fromUnixTimestamp64Milli({to:Int64}, 'UTC')`;

/** What was raised in the period by a column of exceptions, or by `'all'`. */
export const volumeSql = (key: string): string => `
SELECT
  toString(ifNull(${key}, '')) AS key,
  count() AS raised,
  countIf(was_predicted) AS predicted,
  countIf(state = 'withdrawn') AS withdrawn,
  countIf(was_predicted AND has_ended AND came_true) AS precision_hits,
  countIf(was_predicted AND has_ended) AS precision_of,
  uniqExactIf(shipment_id, was_breached AND in_time) AS recall_hits,
  uniqExactIf(shipment_id, was_breached) AS recall_of,
  quantileExactInclusive(0.5)(lead_time_min) AS median_lead_min,
  countIf(lead_time_min > 0) AS before_promise_hits,
  countIf(lead_time_min IS NOT NULL) AS before_promise_of
FROM (${cases})
GROUP BY key
ORDER BY raised DESC, key`;

/** Broken promises of shipments that ended in the period, also of those that nobody raised anything about. */
export const recallSql = (key: string): string => `
SELECT
  ${key} AS key,
  countIf(o.breached AND p.shipment_id != '' AND p.first_raised_at < o.promised_at) AS recall_hits,
  countIf(o.breached) AS recall_of
FROM (SELECT * FROM outcomes FINAL) AS o
LEFT JOIN (
  SELECT shipment_id, min(raised_at) AS first_raised_at
  FROM (
    SELECT id, any(shipment_id) AS shipment_id, min(raised_at) AS raised_at, argMin(kind, version) AS first_kind
    FROM exception_history GROUP BY id
  )
  WHERE first_kind = 'predicted' GROUP BY shipment_id
) AS p ON p.shipment_id = o.shipment_id
WHERE ${within('o.at')}
GROUP BY key`;

export const endingsSql = `
SELECT
  count() AS ended,
  countIf(o.breached) AS breached,
  countIf(o.breached AND o.told_before_breach) AS told,
  countIf(o.inquiries > 0) AS asked
FROM (SELECT * FROM outcomes FINAL) AS o
WHERE ${within('o.at')}`;

/** Actions first planned in the period, as they are now. */
const planned = `
  SELECT a.* FROM (SELECT * FROM actions FINAL) AS a
  INNER JOIN (SELECT id, min(heard_at) AS first_at FROM action_history GROUP BY id) AS b ON b.id = a.id
  WHERE ${within('b.first_at')}`;

export const plannedSql = `
SELECT type, state, count() AS actions FROM (${planned}) GROUP BY type, state ORDER BY type, state`;

export const spentSql = `
SELECT cost_currency AS currency, sum(cost_minor) AS minor
FROM (${planned}) WHERE sent_at IS NOT NULL AND cost_minor > 0 GROUP BY currency ORDER BY currency`;

export const penaltySql = `
SELECT currency, sum(penalty) AS penalties, sum(late) AS value
FROM (
  SELECT penalty_currency AS currency, penalty_minor AS penalty, 0 AS late FROM outcomes FINAL WHERE ${within('at')}
  UNION ALL
  SELECT currency, 0 AS penalty, if(breached, value_minor, 0) AS late FROM outcomes FINAL WHERE ${within('at')}
)
GROUP BY currency HAVING penalties != 0 OR value != 0 ORDER BY currency`;

/** Actions that a person was asked about first in the period, and the last word about each. */
export const approvalSql = `
SELECT asked.id AS id, a.state AS state, d.verdict AS verdict, d.reason AS reason,
  if(d.id = '', NULL, dateDiff('millisecond', asked.first_at, d.heard_at) / 60000) AS waited_min
FROM (
  SELECT id, min(heard_at) AS first_at FROM action_history WHERE state = 'awaiting_approval' GROUP BY id
) AS asked
INNER JOIN (SELECT id, state FROM actions FINAL) AS a ON a.id = asked.id
LEFT JOIN (
  SELECT * FROM decisions WHERE verdict IN ('approve', 'refuse') ORDER BY heard_at DESC, id LIMIT 1 BY action_id
) AS d ON d.action_id = asked.id
WHERE ${within('asked.first_at')}`;

/** What courtesy withheld, as the step that knows the customer said why. */
export const suppressedSql = `
SELECT type, toString(suppressed_because) AS reason, count() AS actions
FROM dispatches FINAL
WHERE suppressed_because IS NOT NULL AND ${within('heard_at')}
GROUP BY type, reason ORDER BY actions DESC, type, reason`;

export const unmappedSql = `
SELECT t.source_feed AS feed, t.code_standard AS standard, t.code_status AS status, t.code_reason AS reason,
  count() AS events
FROM tracking_events AS t
WHERE (t.status = 'unmapped' OR t.cause = 'unmapped') AND ${within('t.heard_at')}
GROUP BY feed, standard, status, reason ORDER BY events DESC, feed, standard, status, reason LIMIT 100`;

/** `late@3` and `late@4` are one playbook. */
const nameOf = (playbook: string): string => `replaceRegexpOne(${playbook}, '@[0-9]+$', '')`;

export const playbookUseSql = `
SELECT ${nameOf('playbook')} AS name, uniqExact(id) AS exceptions
FROM exception_history WHERE playbook IS NOT NULL AND ${within('heard_at')}
GROUP BY name ORDER BY name`;

export const stepUseSql = `
SELECT p.playbook AS playbook, p.step AS step, count() AS planned, countIf(d.verdict = 'approve') AS approved
FROM (${planned}) AS p
LEFT JOIN (
  SELECT action_id, verdict FROM decisions WHERE verdict IN ('approve', 'refuse')
  ORDER BY heard_at DESC, id LIMIT 1 BY action_id
) AS d ON d.action_id = p.id
GROUP BY playbook, step ORDER BY playbook, step`;

/** More labels than these make no threshold surer; the latest ones count. */
const LABELS = 100_000;

/** Predicted exceptions at their most probable, of shipments that ended in the period. */
export const predictedCasesSql = `
SELECT x.*, o.breached AS breached, o.penalty_minor AS penalty_minor, o.penalty_currency AS currency
FROM (
  SELECT id, any(h.shipment_id) AS shipment_id, any(h.category) AS category,
    argMax((h.cause_id, ${nameOf("ifNull(h.playbook, '')")}, h.severity, h.tier, h.mode, h.contents_class, h.value_minor,
      h.promised_at, h.heard_at, h.currency), (h.probability, h.version)) AS peak,
    max(h.probability) AS probability
  FROM exception_history AS h WHERE h.kind = 'predicted' AND h.probability IS NOT NULL GROUP BY id
) AS x
INNER JOIN (SELECT * FROM outcomes FINAL) AS o ON o.shipment_id = x.shipment_id
WHERE o.result != 'cancelled' AND ${within('o.at')}
ORDER BY o.at DESC, x.id LIMIT ${LABELS}`;

/** Shipments that ended in the period, by the highest risk that each version of a model predicted before the promise. */
export const alarmCasesSql = `
SELECT o.shipment_id AS shipment_id, p.probability AS probability, p.threshold AS threshold, p.at AS at,
  p.model AS model,
  o.breached AS breached, o.predicted AS predicted, o.penalty_minor AS penalty_minor, o.cost_minor AS cost_minor,
  o.currency AS cost_currency, o.penalty_currency AS currency
FROM (SELECT * FROM outcomes FINAL) AS o
INNER JOIN (
  SELECT shipment_id, max(probability) AS probability, argMax(threshold, heard_at) AS threshold, max(heard_at) AS at,
    model_version AS model
  FROM predictions WHERE answered = 'model' AND heard_at < promised_at GROUP BY shipment_id, model
) AS p ON p.shipment_id = o.shipment_id
WHERE o.result != 'cancelled' AND ${within('o.at')}
ORDER BY o.at DESC, o.shipment_id, model LIMIT ${LABELS}`;
