import { nothingPredicted } from '../../domain/nothing-predicted.ts';
import { nothingSaid } from '../../../domain/nothing-said.ts';
import type { z } from 'zod';
import type { Action } from '../../../domain/action.ts';
import type { ShipmentException } from '../../../domain/exception.ts';
import type { Outcome } from '../../../domain/outcome.ts';
import type { Prediction } from '../../../domain/prediction.ts';
import type { ClickHouseClient } from '@clickhouse/client';
import { insertRows } from '../../../sinks/clickhouse/insert-rows.ts';
import { rowEncoder } from '../../../sinks/clickhouse/row-encoder.ts';
import { columnsOf } from '../../../sinks/clickhouse/columns.ts';
import { type TableName, tables } from '../../../sinks/clickhouse/tables.ts';
import { plainAction, plainException, plainOutcome } from '../../support/plain-fields.ts';

export const NOON = Date.UTC(2026, 4, 1, 12);
export const MINUTE = 60_000;

export const exceptionOf = (
  shipment: string,
  category: string,
  fields: Partial<ShipmentException> = {},
): ShipmentException => ({
  ...plainException,
  id: `${shipment}/${category}`,
  version: 1,
  at: NOON,
  heardAt: NOON,
  shipmentId: shipment,
  leg: 0,
  category,
  family: 'delay',
  episode: 1,
  state: 'open',
  kind: 'predicted',
  severity: 50,
  severityTerms: { category: 50, lateness: 0, tier: 0, value: 0, contents: 0, certainty: 0 },
  cause: 'none',
  effect: 'delay',
  party: 'carrier',
  evidence: { events: [], alerts: [], ports: [], predictions: [] },
  probability: 0.8,
  modelVersion: 'm1',
  ...nothingSaid,
  expectedAt: null,
  leadTimeMin: 120,
  planKnown: true,
  customerId: 'c1',
  tier: 'standard',
  contractVersion: 1,
  carrier: 'SAIA',
  service: 'std',
  mode: 'ltl',
  lane: 'CHI-NYC',
  promisedAt: NOON + 120 * MINUTE,
  valueMinor: 100,
  currency: 'USD',
  contentsClass: 'general',
  playbook: null,
  raisedAt: NOON,
  acknowledgedAt: null,
  mitigatedAt: null,
  resolvedAt: null,
  closedAt: null,
  withdrawnAt: null,
  responseDueAt: NOON + MINUTE,
  resolutionDueAt: NOON + MINUTE,
  ...fields,
});

export const outcomeOf = (shipment: string, minutesLate: number, fields: Partial<Outcome> = {}): Outcome => ({
  ...plainOutcome,
  id: `outcome/${shipment}`,
  version: 1,
  at: NOON + 200 * MINUTE,
  heardAt: NOON + 200 * MINUTE,
  shipmentId: shipment,
  customerId: 'c1',
  tier: 'standard',
  carrier: 'SAIA',
  lane: 'CHI-NYC',
  service: 'std',
  result: 'delivered',
  promisedAt: NOON + 120 * MINUTE,
  deliveredAt: NOON + (120 + minutesLate) * MINUTE,
  minutesLate,
  breached: minutesLate > 0,
  exceptions: [],
  actions: [],
  peakProbability: null,
  predicted: false,
  customerToldAt: null,
  toldBeforeBreach: false,
  ...fields,
});

export const actionOf = (
  exception: ShipmentException,
  state: Action['state'],
  fields: Partial<Action> = {},
): Action => ({
  ...plainAction,
  id: `action/${exception.id}`,
  version: 1,
  at: NOON,
  heardAt: NOON,
  exceptionId: exception.id,
  shipmentId: exception.shipmentId,
  customerId: 'c1',
  type: 'notify_customer',
  playbook: 'late',
  step: 'tell',
  destination: 'desk',
  template: 'late',
  authority: 'auto',
  state,
  role: null,
  approvalDueAt: null,
  expiresAt: null,
  costMinor: 0,
  decidedBy: null,
  decidedReason: null,
  dueAt: null,
  sentAt: null,
  facts: { category: exception.category },
  ...fields,
});

export const predictionOf = (shipment: string, fields: Partial<Prediction> = {}): Prediction => ({
  id: `p/${shipment}`,
  at: NOON,
  heardAt: NOON,
  shipmentId: shipment,
  customerId: 'c1',
  carrier: 'SAIA',
  lane: 'CHI-NYC',
  stage: 'pickup',
  modelVersion: 'm1',
  ...nothingPredicted,
  answered: 'model',
  probability: 0.8,
  threshold: 0.5,
  promisedAt: NOON + 120 * MINUTE,
  expectedAt: NOON + 150 * MINUTE,
  featureSet: '',
  features: [1, null, 0.5],
  eventId: 'e',
  ...fields,
});

/** Writes rows as the mirror does: encoded by the schema of the table, under a token of their own. */
export const rowsInto = (client: ClickHouseClient) => {
  const insert = insertRows(client);
  let tokens = 0;
  return async <T>(table: TableName, rows: readonly T[]): Promise<void> =>
    insert(
      table,
      rows.map(rowEncoder(columnsOf(tables[table].schema as z.ZodObject))),
      `fixture ${tokens++}`,
    );
};
