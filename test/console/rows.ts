import { nothingSaid } from '../../domain/nothing-said.ts';
import type { Action } from '../../domain/action.ts';
import type { CauseRecord } from '../../domain/cause-record.ts';
import type { Decision } from '../../domain/decision.ts';
import type { Dispatch } from '../../domain/dispatch.ts';
import type { ShipmentException } from '../../domain/exception.ts';
import type { Outcome } from '../../domain/outcome.ts';
import type { ActionView } from '../../console/page/contract.ts';
import { plainAction, plainDecision, plainException, plainOutcome } from '../support/plain-fields.ts';

/** Tuesday 14 January 2025, 09:30 UTC: the day on which everything in these tests happens. */
export const noon = Date.UTC(2025, 0, 14, 9, 30);
const hour = 3_600_000;

export const anException = (over: Partial<ShipmentException> = {}): ShipmentException => ({
  ...plainException,
  id: 'x1',
  version: 1,
  at: noon - hour,
  heardAt: noon - hour,
  shipmentId: 'S-1',
  leg: 1,
  category: 'delay_predicted',
  family: 'delay',
  episode: 0,
  state: 'open',
  kind: 'predicted',
  severity: 72,
  severityTerms: { category: 40, lateness: 12, tier: 10, value: 4, contents: 0, certainty: 6 },
  cause: 'weather',
  effect: 'delay',
  party: 'force_majeure',
  evidence: { events: ['e1', 'e2'], alerts: ['a1'], ports: [], predictions: ['p1'] },
  probability: 0.82,
  modelVersion: 'late-delivery@3',
  ...nothingSaid,
  expectedAt: noon + 8 * hour,
  leadTimeMin: 300,
  planKnown: true,
  customerId: 'acme-medical',
  tier: 'priority',
  contractVersion: 2,
  carrier: 'SAIA',
  service: 'ground',
  mode: 'ltl',
  lane: 'CHI-DAL',
  promisedAt: noon + 4 * hour,
  valueMinor: 1_250_000,
  currency: 'USD',
  contentsClass: 'general',
  playbook: 'delay-predicted@1',
  raisedAt: noon - hour,
  acknowledgedAt: null,
  mitigatedAt: null,
  resolvedAt: null,
  closedAt: null,
  withdrawnAt: null,
  responseDueAt: noon + hour,
  resolutionDueAt: noon + 6 * hour,
  ...over,
});

export const anAction = (over: Partial<Action> = {}): Action => ({
  ...plainAction,
  id: 'a1',
  version: 1,
  at: noon - hour,
  heardAt: noon - hour,
  exceptionId: 'x1',
  shipmentId: 'S-1',
  customerId: 'acme-medical',
  type: 'notify_customer',
  playbook: 'delay-predicted',
  step: 'tell-customer',
  destination: 'customer-webhook',
  template: 'delay',
  authority: 'auto',
  state: 'due',
  role: null,
  approvalDueAt: null,
  expiresAt: null,
  costMinor: 0,
  decidedBy: null,
  decidedReason: null,
  dueAt: noon - hour,
  sentAt: null,
  facts: {},
  ...over,
});

export const anActionView = (over: Partial<ActionView> = {}): ActionView => ({
  ...anAction(),
  dispatch: null,
  ...over,
});

export const aDecision = (over: Partial<Decision> = {}): Decision => ({
  ...plainDecision,
  id: 'd1',
  at: noon,
  heardAt: noon,
  source: { feed: 'console', document: 'd1', position: 0, decoder: 'console', mapping: null },
  shipmentId: 'S-1',
  exceptionId: 'x1',
  actionId: null,
  verdict: 'comment',
  by: 'Dana',
  reason: 'none',
  note: 'carrier called back',
  ...over,
});

export const aDispatch = (over: Partial<Dispatch> = {}): Dispatch => ({
  ...anAction(),
  recipients: [],
  thread: '',
  covers: [],
  heldUntil: null,
  heldBecause: null,
  suppressedBecause: null,
  ...over,
});

export const aCauseRecord = (over: Partial<CauseRecord> = {}): CauseRecord => ({
  id: 'weather:KLOT.BZ.W.1',
  version: 1,
  at: noon,
  heardAt: noon,
  kind: 'weather',
  state: 'open',
  category: 'weather_on_path',
  open: 2,
  raised: 2,
  shipments: 2,
  customers: 1,
  linesLate: 0,
  valueByCurrency: {},
  worstSeverity: 72,
  firstRaisedAt: noon - 2 * hour,
  ...over,
});

export const anOutcome = (over: Partial<Outcome> = {}): Outcome => ({
  ...plainOutcome,
  id: 'o1',
  version: 1,
  at: noon,
  heardAt: noon,
  shipmentId: 'S-1',
  customerId: 'acme-medical',
  tier: 'priority',
  carrier: 'SAIA',
  lane: 'CHI-DAL',
  service: 'ground',
  result: 'delivered',
  promisedAt: noon,
  deliveredAt: noon + hour,
  minutesLate: 60,
  breached: true,
  exceptions: ['x1'],
  actions: ['a1'],
  peakProbability: 0.82,
  predicted: true,
  customerToldAt: noon - hour,
  toldBeforeBreach: true,
  ...over,
});
