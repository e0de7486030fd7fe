import { z } from 'zod';
import { action, actionResult } from '../domain/action.ts';
import { acknowledgement } from '../domain/acknowledgement.ts';
import { auditEntry } from '../domain/audit-entry.ts';
import { causeRecord } from '../domain/cause-record.ts';
import { contract } from '../domain/contract.ts';
import { deadLetter } from '../domain/dead-letter.ts';
import { decision } from '../domain/decision.ts';
import { driftFinding, modelQuality } from '../domain/drift-finding.ts';
import { directory } from '../domain/directory.ts';
import { dispatch } from '../domain/dispatch.ts';
import { ediFinding } from '../domain/edi-finding.ts';
import { ediInterchange } from '../domain/edi-interchange.ts';
import { shipmentException } from '../domain/exception.ts';
import { feedBeat, feedState } from '../domain/feed-state.ts';
import { identityFinding } from '../domain/identity-finding.ts';
import { inquiry } from '../domain/inquiry.ts';
import { allocation, order } from '../domain/order.ts';
import { labelled as labelledRow } from '../domain/labelled.ts';
import { outcome } from '../domain/outcome.ts';
import { planMerge } from '../domain/plan-merge.ts';
import { portStatus } from '../domain/port-status.ts';
import { prediction } from '../domain/prediction.ts';
import { id } from '../domain/schema.ts';
import { modelDecision } from '../domain/model-decision.ts';
import { modelsInForce as modelsInForceNow } from '../domain/models-in-force.ts';
import { retraining } from '../domain/retraining.ts';
import { scoringTime } from '../domain/scoring-time.ts';
import type { ReadingRules } from '../domain/reading-rules.ts';
import type { Rules } from '../domain/rules.ts';
import { scanRhythm } from '../domain/scan-rhythm.ts';
import { shipmentOrder } from '../domain/shipment-order.ts';
import { shipmentPlan } from '../domain/shipment-plan.ts';
import { signal } from '../domain/signal.ts';
import { trackingEvent } from '../domain/tracking-event.ts';
import { weatherObservation } from '../domain/weather-observation.ts';
import { roadStatus } from '../domain/road-status.ts';
import { carrierRate } from '../domain/carrier-rate.ts';
import { carrierUpdate } from '../domain/carrier-update.ts';
import { portCall } from '../domain/port-call.ts';
import { vesselPosition } from '../domain/vessel-position.ts';
import { tmsChange } from '../domain/tms-change.ts';
import { outcomeReport } from '../domain/outcome-report.ts';
import { weatherAlert } from '../domain/weather-alert.ts';
import type { RawDocument } from '../sources/decoders/decoder.ts';
import { type Topic, topic } from '../runtime/topic.ts';

const byShipment = (row: { readonly shipmentId: string }): string => row.shipmentId;

/** What came in, byte for byte, keyed by its source. Everything else can be made again from it. */
export const raw: Topic<RawDocument> = {
  name: 'raw',
  keyField: null,
  hasEventTime: true,
  disorderMs: 0,
  broadcast: false,
  replayable: true,
  internal: false,
  schema: null,
  layout: null,
  key: (row) => row.source,
  at: (row) => row.heardAt,
  read: (record) => ({
    source: record.headers['source'] ?? record.key,
    documentId: record.headers['documentId'] ?? `raw:${record.key}:${record.offset}`,
    contentType: record.headers['contentType'] ?? 'application/octet-stream',
    heardAt: record.heardAt,
    offset: record.offset,
    bytes: record.value,
  }),
  write: (row) => row.bytes,
};

/** Rules from this moment on, whole. Appended from outside when they were loaded or changed. */
export interface InForce<R> {
  readonly heardAt: number;
  readonly rules: R;
}
const decoder = new TextDecoder();
const encoder = new TextEncoder();
const inForce = <R>(name: string): Topic<InForce<R>> => ({
  name,
  keyField: null,
  hasEventTime: true,
  disorderMs: 0,
  broadcast: true,
  replayable: true,
  internal: false,
  schema: null,
  layout: null,
  key: () => 'rules',
  at: (row) => row.heardAt,
  // They were validated before they were appended: a bad file never comes here.
  read: (record) => ({
    heardAt: record.heardAt,
    rules: JSON.parse(decoder.decode(record.value)) as R,
  }),
  write: (row) => encoder.encode(JSON.stringify(row.rules)),
});
/** What the business decides. */
export type RulesInForce = InForce<Rules>;
export const rulesInForce = inForce<Rules>('rules');
/** How what comes in is read. */
export const readingInForce = inForce<ReadingRules>('reading-rules');

/** One name of a shipment, and either the plan that claims it or an event that goes by it. */
export const named = z.object({
  name: z.string(),
  at: z.number(),
  claim: z.object({ shipmentId: id, from: z.number(), to: z.number() }).nullable(),
  /** Beside the claim of a shipment's own id: what it was merged into. */
  into: id.nullable().default(null),
  /** Which of the event's names it is, best first. */
  asked: z.object({ eventId: id, index: z.int(), of: z.int() }).nullable(),
  /** The event itself, beside its best name only. */
  event: trackingEvent.nullable(),
});
export type Named = z.infer<typeof named>;
export const names = topic('names', { schema: named, key: (row) => row.name });

/** Events whose shipment was not plain: held, found later, given up, or claimed by several. */
export const identityFindings = topic('identity-findings', {
  schema: identityFinding,
  key: (row) => row.eventId,
});

/** Which shipments go on as others: every task follows the whole chain. */
export const merges = topic('merges', { schema: planMerge, key: byShipment, broadcast: true });

export const tracking = topic('tracking', { schema: trackingEvent, key: (row) => row.shipmentId ?? '' });
export const plans = topic('plans', { schema: shipmentPlan, key: byShipment });
export const contracts = topic('contracts', {
  schema: contract,
  key: (row) => row.customerId,
  broadcast: true,
});
export const weather = topic('weather', {
  schema: weatherAlert,
  key: (row) => row.hazardId,
  broadcast: true,
});
export const ports = topic('ports', { schema: portStatus, key: (row) => row.port, broadcast: true });

/** What customers ordered, and on which shipments it rides: joined by order into `shipment-orders`. */
export const orders = topic('orders', { schema: order, key: (row) => row.orderId });
export const allocations = topic('allocations', { schema: allocation, key: (row) => row.orderId });
export const shipmentOrders = topic('shipment-orders', { schema: shipmentOrder, key: byShipment });
/** Whom to tell for a customer, and who asked. */
export const directories = topic('directories', { schema: directory, key: (row) => row.customerId });
export const inquiries = topic('inquiries', { schema: inquiry, key: byShipment });

/** What stations measured; what says of itself or is known of a carrier; how roads are. */
export const observations = topic('observations', { schema: weatherObservation, key: (row) => row.station });
export const roads = topic('roads', { schema: roadStatus, key: (row) => row.roadId, broadcast: true });
export const carrierUpdates = topic('carrier-updates', {
  schema: carrierUpdate,
  key: (row) => row.updateId,
  broadcast: true,
});
/** Vessels, and what is made of where they lie. */
export const vesselPositions = topic('vessel-positions', { schema: vesselPosition, key: (row) => row.mmsi });
export const portCalls = topic('port-calls', { schema: portCall, key: (row) => row.port });
/** What people did in the TMS, and how things ended there. */
export const tmsChanges = topic('tms-changes', { schema: tmsChange, key: byShipment });
export const outcomeReports = topic('outcome-reports', { schema: outcomeReport, key: byShipment });

/** That a feed has sent a document, and what follows of whether it sends as it used to. */
export const feedBeats = topic('feed-beats', { schema: feedBeat, key: (row) => row.feed });
export const feeds = topic('feeds', { schema: feedState, key: (row) => row.feed, broadcast: true });
/** How long scans are usually awaited. */
export const scanRhythms = topic('scan-rhythms', { schema: scanRhythm, key: 'key', broadcast: true });

/** How often carriers came in time, as it is known by now. */
export const carrierRates = topic('carrier-rates', { schema: carrierRate, key: 'key', broadcast: true });

export const predictions = topic('predictions', { schema: prediction, key: byShipment });
export const signals = topic('signals', { schema: signal, key: byShipment });
export const decisions = topic('decisions', { schema: decision, key: byShipment });
export const exceptions = topic('exceptions', { schema: shipmentException, key: byShipment });
export const actions = topic('actions', { schema: action, key: byShipment });
export const actionResults = topic('action-results', { schema: actionResult, key: byShipment });
/** Actions after the step that knows the customer: what the outbox executes. */
export const dispatches = topic('dispatches', { schema: dispatch, key: byShipment });
/** What went out as EDI under which control number, and what the partners say about it. */
export const ediInterchanges = topic('edi-interchanges', {
  schema: ediInterchange,
  key: (row) => row.partnership,
});
export const acknowledgements = topic('acknowledgements', {
  schema: acknowledgement,
  key: (row) => `${row.sender.qualifier}:${row.sender.id}`,
});
/** What is odd about the envelopes that partners send. */
export const ediFindings = topic('edi-findings', { schema: ediFinding, key: (row) => row.source.feed });
/** Many exceptions, one cause. */
export const causes = topic('causes', { schema: causeRecord, key: (row) => row.id });
/** Who changed what decides, and why. */
export const audits = topic('audits', { schema: auditEntry, key: (row) => row.kind });
/** Which versions of models answer from which log time on, and the decisions behind it. */
export const modelsInForce = topic('models-in-force', {
  schema: modelsInForceNow,
  key: () => 'models',
  broadcast: true,
});
export const modelDecisions = topic('model-decisions', { schema: modelDecision, key: (row) => row.model });
/** What has moved, and how well versions do by day. */
export const driftFindings = topic('drift-findings', { schema: driftFinding, key: (row) => row.model });
export const modelQualities = topic('model-qualities', { schema: modelQuality, key: (row) => row.model });
/** How long versions take to score, by which a slow one is not promoted. */
export const scoringTimes = topic('scoring-times', { schema: scoringTime, key: (row) => row.modelVersion });
/** What is to be trained anew, and what became of it. */
export const retrainings = topic('retrainings', { schema: retraining, key: (row) => row.model });
export const outcomes = topic('outcomes', { schema: outcome, key: byShipment });
/** Predictions with what came of them. */
export const labelled = topic('labelled', { schema: labelledRow, key: byShipment });
export const deadLetters = topic('dead-letters', { schema: deadLetter, key: (row) => row.feed });

/** Partitions by topic: those keyed by shipment are joined with each other and have the same number. */
export const partitionsByTopic = (partitions: number): Readonly<Record<string, number>> => ({
  [raw.name]: partitions,
  [rulesInForce.name]: 1,
  [readingInForce.name]: 1,
  [names.name]: partitions,
  // Answers of an event's names, on their way to where they meet.
  '~normalise.by-event': partitions,
  // What plans say of merging, on their way to where those of a shipment meet.
  '~normalise.by-shipment': partitions,
  [merges.name]: 1,
  [identityFindings.name]: partitions,
  [tracking.name]: partitions,
  [plans.name]: partitions,
  [contracts.name]: 1,
  [weather.name]: 1,
  [ports.name]: 1,
  [orders.name]: partitions,
  [allocations.name]: partitions,
  [shipmentOrders.name]: partitions,
  [directories.name]: partitions,
  [inquiries.name]: partitions,
  [observations.name]: partitions,
  [roads.name]: 1,
  [carrierUpdates.name]: 1,
  [portCalls.name]: partitions,
  [vesselPositions.name]: partitions,
  [tmsChanges.name]: partitions,
  [outcomeReports.name]: partitions,
  [feedBeats.name]: partitions,
  [feeds.name]: 1,
  // How long scans were awaited, on their way to where those of a lane meet.
  '~rhythm.by-lane': partitions,
  [scanRhythms.name]: 1,
  // Arrivals on their way to where those of a carrier, a lane and a service meet.
  '~carriers.by-scope': partitions,
  [carrierRates.name]: 1,
  [predictions.name]: partitions,
  [signals.name]: partitions,
  [decisions.name]: partitions,
  [exceptions.name]: partitions,
  [actions.name]: partitions,
  [actionResults.name]: partitions,
  'action-attempts': partitions,
  [dispatches.name]: partitions,
  // What `causes` keeps for itself: shares of shipments on their way to their cause.
  '~causes.by-cause': partitions,
  // What `courtesy` sends from one of its steps to the next, by customer, by shipment and by step of a playbook.
  '~courtesy.customers': partitions,
  '~courtesy.shipments': partitions,
  '~courtesy.steps': partitions,
  '~courtesy.later-steps': partitions,
  [ediInterchanges.name]: 1,
  [acknowledgements.name]: 1,
  [ediFindings.name]: 1,
  [causes.name]: partitions,
  [audits.name]: 1,
  [modelsInForce.name]: 1,
  [modelDecisions.name]: 1,
  [scoringTimes.name]: 1,
  [retrainings.name]: 1,
  [driftFindings.name]: 1,
  [modelQualities.name]: 1,
  [outcomes.name]: partitions,
  [labelled.name]: partitions,
  [deadLetters.name]: 1,
  // How far foreign topics of Kafka have been taken.
  'source-positions': 1,
});
