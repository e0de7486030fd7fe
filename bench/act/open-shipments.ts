import { nothingSaid } from '../../domain/nothing-said.ts';
import type { Contract } from '../../domain/contract.ts';
import type { ShipmentPlan } from '../../domain/shipment-plan.ts';
import type { Signal } from '../../domain/signal.ts';
import { stableId } from '../../domain/stable-id.ts';

const HOUR_MS = 3_600_000;
const source = { feed: 'bench', document: 'bench', position: 0, decoder: 'bench', mapping: null };

export const planAt = (shipmentId: string, customerId: string, at: number): ShipmentPlan => ({
  id: `plan-${shipmentId}`,
  at,
  heardAt: at,
  source,
  shipmentId,
  identifiers: [],
  customerId,
  carrier: 'ACME',
  service: 'standard',
  mode: 'ltl',
  lane: 'CHI-NYC',
  legs: [
    {
      carrier: 'ACME',
      mode: 'ltl',
      from: 'CHI',
      to: 'NYC',
      zones: [],
      corridors: [],
      departAt: at,
      arriveAt: at + 24 * HOUR_MS,
      port: null,
      cutoffAt: null,
    },
  ],
  milestones: [],
  promisedAt: at + 36 * HOUR_MS,
  promisePrecision: 'instant',
  appointment: null,
  valueMinor: 250_000,
  currency: 'USD',
  contentsClass: 'general',
  temperature: null,
  mergedInto: null,
  cancelled: false,
});

/** A delay that has happened: one open exception for each shipment, with the steps of its playbook. */
export const delayOf = (shipmentId: string, at: number): Signal => ({
  id: stableId('bench-signal', shipmentId),
  at,
  heardAt: at,
  shipmentId,
  leg: null,
  category: 'delay',
  topic: 'promise',
  kind: 'detected',
  state: 'raised',
  cause: 'carrier_operations',
  effect: 'delay',
  party: 'carrier',
  evidence: { events: [`event-${shipmentId}`], alerts: [], ports: [], predictions: [] },
  probability: null,
  expectedAt: at + 44 * HOUR_MS,
  modelVersion: null,
  ...nothingSaid,
});

/** A tier above, in force at once: severity, clocks and what the playbook allows change for every open exception. */
export const contractAt = (customerId: string, tier: Contract['tier'], at: number): Contract => ({
  id: `contract-${customerId}`,
  at,
  heardAt: at,
  source,
  customerId,
  version: 1,
  tier,
  terms: {},
  effectiveFrom: at,
  effectiveTo: null,
});
