import type { z } from 'zod';
import { action, actionResult } from '../../domain/action.ts';
import { auditEntry } from '../../domain/audit-entry.ts';
import { causeRecord } from '../../domain/cause-record.ts';
import { contract } from '../../domain/contract.ts';
import { deadLetter } from '../../domain/dead-letter.ts';
import { decision } from '../../domain/decision.ts';
import { directory } from '../../domain/directory.ts';
import { driftFinding, modelQuality } from '../../domain/drift-finding.ts';
import { dispatch } from '../../domain/dispatch.ts';
import { ediFinding } from '../../domain/edi-finding.ts';
import { shipmentException } from '../../domain/exception.ts';
import { identityFinding } from '../../domain/identity-finding.ts';
import { inquiry } from '../../domain/inquiry.ts';
import { allocation, order } from '../../domain/order.ts';
import { modelDecision } from '../../domain/model-decision.ts';
import { labelled } from '../../domain/labelled.ts';
import { outcome } from '../../domain/outcome.ts';
import { portStatus } from '../../domain/port-status.ts';
import { retraining } from '../../domain/retraining.ts';
import { prediction } from '../../domain/prediction.ts';
import { shipmentOrder } from '../../domain/shipment-order.ts';
import { shipmentPlan } from '../../domain/shipment-plan.ts';
import { signal } from '../../domain/signal.ts';
import { trackingEvent } from '../../domain/tracking-event.ts';
import { weatherObservation } from '../../domain/weather-observation.ts';
import { roadStatus } from '../../domain/road-status.ts';
import { carrierRate } from '../../domain/carrier-rate.ts';
import { carrierUpdate } from '../../domain/carrier-update.ts';
import { portCall } from '../../domain/port-call.ts';
import { vesselPosition } from '../../domain/vessel-position.ts';
import { tmsChange } from '../../domain/tms-change.ts';
import { outcomeReport } from '../../domain/outcome-report.ts';
import { weatherAlert } from '../../domain/weather-alert.ts';

/** A table as data. It has exactly the columns of its schema; migrations make it, and a test compares the two. */
export interface Table {
  readonly name: TableName;
  readonly schema: z.ZodObject;
  /** `current` keeps the highest version of each id, by merging: read it with FINAL. `history` keeps every row. */
  readonly keeps: 'current' | 'history';
  readonly orderBy: readonly string[];
  /** On the disk before an insert is answered: what decisions, actions and audits rest on. */
  readonly audited: boolean;
  readonly comment: string;
}

export type TableName =
  | 'tracking_events'
  | 'shipment_plans'
  | 'contracts'
  | 'weather_alerts'
  | 'port_status'
  | 'orders'
  | 'allocations'
  | 'shipment_orders'
  | 'directories'
  | 'inquiries'
  | 'identity_findings'
  | 'edi_findings'
  | 'weather_observations'
  | 'road_status'
  | 'carrier_updates'
  | 'port_calls'
  | 'vessel_positions'
  | 'tms_changes'
  | 'outcome_reports'
  | 'carrier_rates'
  | 'predictions'
  | 'signals'
  | 'exceptions'
  | 'exception_history'
  | 'actions'
  | 'action_history'
  | 'decisions'
  | 'dispatches'
  | 'dispatch_history'
  | 'action_results'
  | 'causes'
  | 'cause_history'
  | 'outcomes'
  | 'labelled'
  | 'audits'
  | 'model_decisions'
  | 'retrainings'
  | 'drift_findings'
  | 'model_qualities'
  | 'dead_letters';

const events = { keeps: 'history', audited: false } as const;
const current = { keeps: 'current', audited: true, orderBy: ['id'] } as const;
const audit = { keeps: 'history', audited: true } as const;

export const tables: { readonly [name in TableName]: Table } = {
  tracking_events: {
    ...events,
    name: 'tracking_events',
    schema: trackingEvent,
    orderBy: ['at', 'id'],
    comment: 'Scans and statuses, as carriers told them.',
  },
  shipment_plans: {
    ...events,
    name: 'shipment_plans',
    schema: shipmentPlan,
    orderBy: ['shipment_id', 'heard_at'],
    comment: 'What the TMS says should happen; a later plan replaces an earlier one.',
  },
  contracts: {
    ...events,
    name: 'contracts',
    schema: contract,
    orderBy: ['customer_id', 'version'],
    comment: 'Customer contracts with their tier and terms.',
  },
  weather_alerts: {
    ...events,
    name: 'weather_alerts',
    schema: weatherAlert,
    orderBy: ['at', 'id'],
    comment: 'NWS and CAP alerts.',
  },
  port_status: {
    ...events,
    name: 'port_status',
    schema: portStatus,
    orderBy: ['port', 'at'],
    comment: 'How ports do.',
  },
  orders: {
    ...events,
    name: 'orders',
    schema: order,
    orderBy: ['order_id', 'heard_at'],
    comment: 'What customers ordered; a later one of the same order replaces an earlier one.',
  },
  allocations: {
    ...events,
    name: 'allocations',
    schema: allocation,
    orderBy: ['shipment_id', 'order_id', 'heard_at'],
    comment: 'Which order lines ride on which shipment.',
  },
  shipment_orders: {
    ...events,
    name: 'shipment_orders',
    schema: shipmentOrder,
    orderBy: ['shipment_id', 'order_id', 'heard_at'],
    comment: 'Orders and allocations joined: what of an order rides on a shipment; the latest row counts.',
  },
  directories: {
    ...events,
    name: 'directories',
    schema: directory,
    orderBy: ['customer_id', 'heard_at'],
    comment: 'Whom to tell for a customer; the latest row of a customer counts.',
  },
  inquiries: {
    ...events,
    name: 'inquiries',
    schema: inquiry,
    orderBy: ['shipment_id', 'at'],
    comment: 'When customers asked or answered.',
  },
  weather_observations: {
    ...events,
    name: 'weather_observations',
    schema: weatherObservation,
    orderBy: ['station', 'at'],
    comment: 'What weather stations measured.',
  },
  road_status: {
    ...events,
    name: 'road_status',
    schema: roadStatus,
    orderBy: ['road_id', 'at'],
    comment: 'Works on roads, and how long corridors take.',
  },
  carrier_updates: {
    ...events,
    name: 'carrier_updates',
    schema: carrierUpdate,
    orderBy: ['carrier', 'at'],
    comment: 'Advisories, capacity and score cards of carriers.',
  },
  port_calls: {
    ...events,
    name: 'port_calls',
    schema: portCall,
    orderBy: ['port', 'at'],
    comment: 'Vessels at anchor and at berth.',
  },
  vessel_positions: {
    ...events,
    name: 'vessel_positions',
    schema: vesselPosition,
    orderBy: ['mmsi', 'at'],
    comment: 'Where vessels were.',
  },
  tms_changes: {
    ...events,
    name: 'tms_changes',
    schema: tmsChange,
    orderBy: ['shipment_id', 'at'],
    comment: 'What people changed in the TMS.',
  },
  outcome_reports: {
    ...events,
    name: 'outcome_reports',
    schema: outcomeReport,
    orderBy: ['shipment_id', 'at'],
    comment: 'How things ended, as other systems know it.',
  },
  identity_findings: {
    ...events,
    name: 'identity_findings',
    schema: identityFinding,
    orderBy: ['event_id', 'heard_at'],
    comment: 'Events that no plan claimed at once, and what became of them; events whose names disagree.',
  },
  carrier_rates: {
    ...events,
    name: 'carrier_rates',
    schema: carrierRate,
    orderBy: ['carrier', 'lane', 'service', 'heard_at'],
    comment: 'How often shipments came in time, by carrier, lane and service, as it was known at each time.',
  },
  edi_findings: {
    ...events,
    name: 'edi_findings',
    schema: ediFinding,
    orderBy: ['source_feed', 'heard_at'],
    comment: 'What is odd about the envelopes of EDI documents and cost no message.',
  },
  predictions: {
    ...events,
    name: 'predictions',
    schema: prediction,
    orderBy: ['shipment_id', 'at'],
    comment: 'Every score of every live shipment, with its features.',
  },
  signals: {
    ...events,
    name: 'signals',
    schema: signal,
    orderBy: ['shipment_id', 'at'],
    comment: 'What detectors saw, raised and cleared.',
  },
  exceptions: {
    ...current,
    name: 'exceptions',
    schema: shipmentException,
    comment: 'Exceptions as they stand now.',
  },
  exception_history: {
    ...audit,
    name: 'exception_history',
    schema: shipmentException,
    orderBy: ['id', 'version'],
    comment: 'Every version of every exception.',
  },
  actions: { ...current, name: 'actions', schema: action, comment: 'Actions as they stand now.' },
  action_history: {
    ...audit,
    name: 'action_history',
    schema: action,
    orderBy: ['id', 'version'],
    comment: 'Every version of every action.',
  },
  decisions: {
    ...audit,
    name: 'decisions',
    schema: decision,
    orderBy: ['exception_id', 'heard_at', 'id'],
    comment: 'What people decided about exceptions and actions.',
  },
  dispatches: {
    ...current,
    name: 'dispatches',
    schema: dispatch,
    comment: 'Actions on their way out as they stand now: whom they go to, held until when, suppressed why.',
  },
  dispatch_history: {
    ...audit,
    name: 'dispatch_history',
    schema: dispatch,
    orderBy: ['id', 'version', 'heard_at'],
    comment: 'Every version of every action on its way out.',
  },
  action_results: {
    ...audit,
    name: 'action_results',
    schema: actionResult,
    orderBy: ['action_id', 'heard_at', 'id'],
    comment: 'What the dispatcher found out about each action.',
  },
  causes: {
    ...current,
    name: 'causes',
    schema: causeRecord,
    comment: 'What stands behind many exceptions, as it stands now.',
  },
  cause_history: {
    ...audit,
    name: 'cause_history',
    schema: causeRecord,
    orderBy: ['id', 'version'],
    comment: 'Every version of every cause.',
  },
  outcomes: {
    ...current,
    name: 'outcomes',
    schema: outcome,
    comment: 'How shipments ended, against their promise.',
  },
  labelled: {
    ...events,
    name: 'labelled',
    schema: labelled,
    orderBy: ['predicted_at', 'id', 'version'],
    comment: 'Predictions with what came of them, and what was done meanwhile; the highest version counts.',
  },
  audits: {
    ...audit,
    name: 'audits',
    schema: auditEntry,
    orderBy: ['heard_at', 'id'],
    comment: 'Who changed what decides, and why.',
  },
  model_decisions: {
    ...audit,
    name: 'model_decisions',
    schema: modelDecision,
    orderBy: ['model', 'heard_at', 'id'],
    comment: 'Which version of a model was published, tried, promoted, rejected or taken back, and why.',
  },
  retrainings: {
    ...current,
    name: 'retrainings',
    schema: retraining,
    comment: 'What was to be trained anew, and what became of it.',
  },
  drift_findings: {
    ...audit,
    name: 'drift_findings',
    schema: driftFinding,
    orderBy: ['heard_at', 'id'],
    comment: 'What has moved: errors of models, their inputs, carriers.',
  },
  model_qualities: {
    ...audit,
    name: 'model_qualities',
    schema: modelQuality,
    orderBy: ['model', 'at', 'model_version'],
    comment: 'How well a version did by day, realised and as its own probabilities expect it.',
  },
  dead_letters: {
    ...audit,
    name: 'dead_letters',
    schema: deadLetter,
    orderBy: ['heard_at', 'id'],
    comment: 'Input that could not be used, with its bytes and the reason.',
  },
};
