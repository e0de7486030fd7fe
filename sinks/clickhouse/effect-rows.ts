import type { ClickHouseClient } from '@clickhouse/client';
import type { EffectRow } from '../../domain/effect.ts';
import { askOf, type OpenPeriod } from './ask.ts';

/** What the covariates of a row are, in their order. What is not known is 0, and its `…_unknown` 1. */
export const effectCovariates = [
  'severity',
  'probability',
  'probability_unknown',
  'hours_until_promise',
  'promise_unknown',
  'log_value',
  'is_priority',
  'is_guaranteed',
  'is_detected',
  'actions_before',
] as const;

/**
 * Decisions of a period about steps whose shipments have ended, as `EffectRow`s: covariates as they were known when the action's
 * first version was written, and the outcome as it stands.
 *
 * Where chance decided (0 < propensity < 1), treated is what chance let go ahead, whatever became of it: an action that
 * is called off because the trouble mended itself has its like among the withheld, and leaving it out would take good
 * endings from one arm alone. Elsewhere treated is what left the house, and withheld what a person refused or let
 * lapse; what failed, was called off or suppressed is neither.
 *
 *     held_out, propensity 0.8 → withheld · cancelled, 0.8 → treated · refused, null → withheld · failed, null → left out
 */
export const effectRows = (
  client: ClickHouseClient,
  period: OpenPeriod = {},
): Promise<readonly EffectRow[]> => askOf(client)<EffectRow>(effectSql, period);

const effectSql = `
WITH
  decided AS (
    SELECT id, min(version) AS first_version, argMin(heard_at, version) AS decided_at
    FROM action_history GROUP BY id
    HAVING decided_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
      AND decided_at < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
  ),
  now AS (
    SELECT a.*, d.decided_at AS decided_at,
      ifNull(a.propensity > 0 AND a.propensity < 1, false) AS by_chance,
      a.state IN ('sent', 'confirmed', 'uncertain') AS has_left
    FROM (SELECT * FROM actions FINAL) AS a
    INNER JOIN decided AS d ON d.id = a.id
    WHERE a.compensates IS NULL
  ),
  known AS (
    SELECT n.id AS id,
      argMax(h.category, h.version) AS category,
      argMax(h.severity, h.version) AS severity,
      argMax(tuple(h.probability), h.version).1 AS probability,
      argMax(tuple(h.promised_at), h.version).1 AS promised_at,
      argMax(tuple(h.value_minor), h.version).1 AS value_minor,
      argMax(h.tier, h.version) AS tier,
      argMax(h.kind, h.version) AS kind
    FROM now AS n
    INNER JOIN exception_history AS h ON h.id = n.exception_id
    WHERE h.heard_at <= n.decided_at
    GROUP BY id
  ),
  earlier AS (
    SELECT n.id AS id, count() AS actions
    FROM now AS n
    INNER JOIN (SELECT shipment_id, sent_at FROM actions FINAL WHERE sent_at IS NOT NULL) AS o
      ON o.shipment_id = n.shipment_id
    WHERE o.sent_at < n.decided_at
    GROUP BY id
  ),
  asked AS (SELECT shipment_id, max(at) AS last_at FROM inquiries GROUP BY shipment_id)
SELECT
  n.id AS actionId,
  k.category AS category,
  n.type AS actionType,
  n.playbook AS playbook,
  n.step AS step,
  n.cause_id AS causeId,
  n.shipment_id AS shipmentId,
  toBool(if(n.by_chance, n.state != 'held_out', n.has_left)) AS treated,
  n.propensity AS propensity,
  [
    toFloat64(k.severity),
    ifNull(k.probability, 0),
    toFloat64(k.probability IS NULL),
    ifNull(dateDiff('millisecond', n.decided_at, k.promised_at) / 3600000, 0),
    toFloat64(k.promised_at IS NULL),
    log1p(greatest(0, ifNull(k.value_minor, 0))),
    toFloat64(k.tier = 'priority'),
    toFloat64(k.tier = 'guaranteed'),
    toFloat64(k.kind = 'detected'),
    toFloat64(e.actions)
  ] AS covariates,
  o.breached AS breached,
  o.minutes_late AS minutesLate,
  toBool(ifNull(o.first_inquiry_at > n.decided_at, false) OR q.last_at > n.decided_at) AS asked
FROM now AS n
INNER JOIN known AS k ON k.id = n.id
INNER JOIN (SELECT * FROM outcomes FINAL) AS o ON o.shipment_id = n.shipment_id
LEFT JOIN earlier AS e ON e.id = n.id
LEFT JOIN asked AS q ON q.shipment_id = n.shipment_id
WHERE n.by_chance OR n.has_left OR n.state IN ('held_out', 'refused', 'expired')
ORDER BY actionId`;
