import type { Migration } from '../migration.ts';

/** The view behind reports and dashboards: exception ↔ prediction ↔ action ↔ outcome, one row per exception and action. */
export const shipmentStory: Migration = {
  id: 2,
  name: 'shipment-story',
  statements: [
    `CREATE VIEW IF NOT EXISTS shipment_story AS
SELECT
  e.id AS exception_id, e.shipment_id AS shipment_id, e.category AS category, e.family AS family,
  e.kind AS kind, e.state AS exception_state, e.severity AS severity, e.tier AS tier,
  e.customer_id AS customer_id, e.carrier AS carrier, e.lane AS lane,
  e.raised_at AS raised_at, e.promised_at AS promised_at, e.lead_time_min AS lead_time_min,
  p.id AS prediction_id, p.at AS predicted_at, p.stage AS stage, p.probability AS probability,
  p.threshold AS threshold, p.model_version AS model_version, p.answered AS answered,
  a.id AS action_id, a.type AS action_type, a.playbook AS playbook, a.step AS step,
  a.authority AS authority, a.state AS action_state, a.sent_at AS sent_at, a.decided_by AS decided_by,
  o.id AS outcome_id, o.result AS result, o.delivered_at AS delivered_at, o.minutes_late AS minutes_late,
  o.breached AS breached, o.customer_told_at AS customer_told_at, o.told_before_breach AS told_before_breach
FROM (SELECT * FROM exceptions FINAL) AS e
LEFT JOIN (SELECT * FROM predictions LIMIT 1 BY id) AS p ON p.id = e.evidence_predictions[1]
LEFT JOIN (SELECT * FROM actions FINAL) AS a ON a.exception_id = e.id
LEFT JOIN (SELECT * FROM outcomes FINAL) AS o ON o.shipment_id = e.shipment_id
SETTINGS join_use_nulls = 1`,
  ],
};
