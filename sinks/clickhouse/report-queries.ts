/** Exceptions as they are now beside how they began, and how their shipments ended. */
export const cases = `
  SELECT
    e.category AS category, e.family AS family, e.shipment_id AS shipment_id, e.lead_time_min AS lead_time_min,
    e.tier AS tier, e.carrier AS carrier, e.state AS state,
    b.first_kind = 'predicted' AS was_predicted,
    o.shipment_id != '' AS has_ended,
    has_ended AND o.breached AS was_breached,
    e.kind = 'detected' OR was_breached AS came_true,
    was_predicted AND e.raised_at < o.promised_at AS in_time
  FROM (SELECT * FROM exceptions FINAL) AS e
  LEFT JOIN (SELECT id, argMin(kind, version) AS first_kind FROM exception_history GROUP BY id) AS b ON b.id = e.id
  LEFT JOIN (SELECT * FROM outcomes FINAL) AS o ON o.shipment_id = e.shipment_id
  WHERE e.raised_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
    AND e.raised_at < fromUnixTimestamp64Milli({to:Int64}, 'UTC')`;

export const categorySql = (category: string): string => `
SELECT
  ${category} AS category, any(e.family) AS family,
  count() AS raised,
  countIf(was_predicted) AS predicted,
  quantileExactInclusive(0.5)(e.lead_time_min) AS median_lead_min,
  countIf(was_predicted AND has_ended AND came_true) AS precision_hits,
  countIf(was_predicted AND has_ended) AS precision_of,
  uniqExactIf(shipment_id, was_breached AND in_time) AS recall_hits,
  uniqExactIf(shipment_id, was_breached) AS recall_of
FROM (${cases}) AS e
GROUP BY category
ORDER BY raised DESC, category`;

export const actionSql = `
SELECT e.category AS category, a.state AS state, count() AS actions
FROM (SELECT * FROM actions FINAL) AS a
INNER JOIN (SELECT id, category, raised_at FROM exceptions FINAL) AS e ON e.id = a.exception_id
WHERE e.raised_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
  AND e.raised_at < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
GROUP BY category, state
ORDER BY category, state`;

export const totalSql = `
SELECT
  count() AS ended,
  countIf(o.breached) AS breached,
  countIf(o.breached AND p.shipment_id != '' AND p.first_raised_at < o.promised_at) AS recalled,
  countIf(o.breached AND o.told_before_breach) AS told,
  countIf(o.inquiries > 0) AS asked
FROM (SELECT * FROM outcomes FINAL) AS o
LEFT JOIN (
  SELECT shipment_id, min(raised_at) AS first_raised_at
  FROM (
    SELECT id, any(shipment_id) AS shipment_id, min(raised_at) AS raised_at, argMin(kind, version) AS first_kind
    FROM exception_history GROUP BY id
  )
  WHERE first_kind = 'predicted' GROUP BY shipment_id
) AS p ON p.shipment_id = o.shipment_id
WHERE o.at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND o.at < fromUnixTimestamp64Milli({to:Int64}, 'UTC')`;
