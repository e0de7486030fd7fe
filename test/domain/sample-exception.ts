import { type ShipmentException, shipmentException } from '../../domain/exception.ts';

const none = { category: 50, lateness: 0, tier: 0, value: 0, contents: 0, certainty: 1 };
const evidence = {
  events: [],
  alerts: [],
  ports: [],
  predictions: [],
};

const sample = shipmentException.parse({
  id: 'E1',
  version: 1,
  at: 0,
  heardAt: 0,
  shipmentId: 'S1',
  leg: null,
  category: 'weather',
  family: 'environment',
  episode: 0,
  state: 'open',
  kind: 'predicted',
  severity: 50,
  severityTerms: none,
  cause: 'weather',
  effect: 'delay',
  party: 'force_majeure',
  evidence,
  probability: null,
  modelVersion: null,
  expectedAt: null,
  leadTimeMin: null,
  planKnown: true,
  customerId: 'acme',
  tier: 'standard',
  contractVersion: null,
  carrier: 'ACME',
  service: 'standard',
  mode: 'ltl',
  lane: 'AAA-ZZZ',
  promisedAt: 1_000,
  valueMinor: 10_000,
  currency: 'USD',
  contentsClass: 'general',
  impact: undefined,
  playbook: null,
  raisedAt: 0,
  acknowledgedAt: null,
  mitigatedAt: null,
  resolvedAt: null,
  closedAt: null,
  withdrawnAt: null,
  responseDueAt: 0,
  resolutionDueAt: 0,
});

/** An open exception of shipment S1 as `resolve` writes them; what a test is about is changed. */
export const exceptionOf = (changes: Partial<ShipmentException> = {}): ShipmentException => ({
  ...sample,
  ...changes,
});
