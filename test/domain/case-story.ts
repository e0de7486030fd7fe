import { nothingPredicted } from './nothing-predicted.ts';
import { nothingSaid } from '../../domain/nothing-said.ts';
import type { ActionResult } from '../../domain/action.ts';
import type { Contract } from '../../domain/contract.ts';
import type { Decision } from '../../domain/decision.ts';
import type { Prediction } from '../../domain/prediction.ts';
import { advanceCase } from '../../domain/resolution.ts';
import type { Rules } from '../../domain/rules.ts';
import { type CaseEvent, type CaseStep, emptyCase, type ShipmentCase } from '../../domain/shipment-case.ts';
import type { ShipmentPlan } from '../../domain/shipment-plan.ts';
import type { Signal } from '../../domain/signal.ts';
import type { TrackingEvent } from '../../domain/tracking-event.ts';
import { rules as shippedRules } from '../rules/shipped-rules.ts';
import { plainDecision } from '../support/plain-fields.ts';

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
/** A Monday, 10:00 five hours west of UTC: nobody has quiet hours. */
export const start = Date.parse('2026-03-02T15:00:00Z');
export const promisedAt = start + 30 * hourMs;

const source = { feed: 'test', document: 'doc', position: 0, decoder: 'json', mapping: null };
const base = { at: start, heardAt: start, source };

export const planOf = (change: Partial<ShipmentPlan> = {}): ShipmentPlan => ({
  ...base,
  id: 'plan-1',
  shipmentId: 'S1',
  identifiers: [],
  customerId: 'acme',
  carrier: 'SAIA',
  service: 'standard',
  mode: 'ltl',
  lane: 'CHI-NYC',
  legs: [
    {
      carrier: 'SAIA',
      mode: 'ltl',
      from: 'CHI',
      to: 'CLE',
      zones: [],
      corridors: [],
      departAt: start,
      arriveAt: start,
      port: null,
      cutoffAt: null,
    },
    {
      carrier: 'PTNR',
      mode: 'truckload',
      from: 'CLE',
      to: 'NYC',
      zones: [],
      corridors: [],
      departAt: start,
      arriveAt: promisedAt,
      port: null,
      cutoffAt: null,
    },
  ],
  milestones: [],
  promisedAt,
  promisePrecision: 'instant',
  appointment: null,
  valueMinor: 500_000,
  currency: 'USD',
  contentsClass: 'general',
  temperature: null,
  mergedInto: null,
  cancelled: false,
  ...change,
});

export const signalOf = (change: Partial<Signal> = {}): Signal => ({
  id: 'signal-1',
  at: start,
  heardAt: start,
  shipmentId: 'S1',
  leg: null,
  category: 'delay',
  topic: 'late-delivery',
  kind: 'predicted',
  state: 'raised',
  cause: 'traffic',
  effect: 'delay',
  party: 'carrier',
  evidence: { events: ['event-1'], alerts: [], ports: [], predictions: [] },
  probability: 0.8,
  expectedAt: promisedAt + 12 * hourMs,
  modelVersion: 'late-delivery@1',
  ...nothingSaid,
  ...change,
});

export const trackingOf = (change: Partial<TrackingEvent>): TrackingEvent => ({
  ...base,
  id: 'event-9',
  shipmentId: 'S1',
  identifiers: [],
  carrier: 'SAIA',
  status: 'in_transit',
  cause: 'none',
  effect: 'none',
  party: 'none',
  category: null,
  code: null,
  place: null,
  leg: null,
  milestone: null,
  estimatedAt: null,
  text: null,
  zoneSource: 'utc',
  precision: 'instant',
  expects: null,
  temperatureC: null,
  retracts: null,
  ...change,
});

export const contractOf = (change: Partial<Contract> = {}): Contract => ({
  ...base,
  id: 'contract-1',
  customerId: 'acme',
  version: 1,
  tier: 'priority',
  terms: {},
  effectiveFrom: 0,
  effectiveTo: null,
  ...change,
});

export const decisionOf = (change: Partial<Decision>): Decision => ({
  ...plainDecision,
  ...base,
  id: 'decision-1',
  shipmentId: 'S1',
  exceptionId: 'none',
  actionId: null,
  verdict: 'approve',
  by: 'kim',
  reason: 'worth_it',
  note: '',
  ...change,
});

export const resultOf = (change: Partial<ActionResult>): ActionResult => ({
  id: 'result-1',
  at: start,
  heardAt: start,
  actionId: 'none',
  shipmentId: 'S1',
  exceptionId: 'none',
  result: 'sent',
  attempts: 1,
  httpStatus: 200,
  error: null,
  ...change,
});

export const predictionOf = (change: Partial<Prediction>): Prediction => ({
  id: 'prediction-1',
  at: start,
  heardAt: start,
  shipmentId: 'S1',
  customerId: 'acme',
  carrier: 'SAIA',
  lane: 'CHI-NYC',
  stage: 'departure',
  modelVersion: 'late-delivery@1',
  ...nothingPredicted,
  answered: 'model',
  probability: 0.3,
  threshold: 0.5,
  promisedAt,
  expectedAt: promisedAt,
  featureSet: '',
  features: [],
  eventId: 'event-1',
  ...change,
});

/** Plays one case as the operator of `resolve` does: keeps state, timers and what was published. */
export interface Story {
  readonly state: ShipmentCase;
  readonly timers: ReadonlyMap<string, number>;
  readonly published: CaseStep[];
  tell(event: CaseEvent, now?: number): CaseStep;
  /** Moves log time and fires every timer on the way, in order. */
  until(now: number): void;
}

export const storyOf = (
  contract: Contract | null = null,
  rules: Rules = shippedRules,
  keepsOpen: ReadonlySet<string> = new Set(),
): Story => {
  let state = emptyCase;
  let clock = start;
  let current = contract;
  const timers = new Map<string, number>();
  const published: CaseStep[] = [];
  const tell = (event: CaseEvent, now = clock): CaseStep => {
    clock = Math.max(clock, now);
    if (event.kind === 'contract') current = event.contract;
    const step = advanceCase(state, event, { now: clock, rules, contract: current, keepsOpen });
    state = step.case;
    for (const name of step.cancelTimers) timers.delete(name);
    for (const { name, at } of step.timers) timers.set(name, at);
    published.push(step);
    return step;
  };
  return {
    get state() {
      return state;
    },
    timers,
    published,
    tell,
    until: (now) => {
      for (;;) {
        const [next] = [...timers].toSorted(([a, x], [b, y]) => x - y || a.localeCompare(b));
        if (next === undefined || next[1] > now) break;
        timers.delete(next[0]);
        tell({ kind: 'timer', name: next[0] }, next[1]);
      }
      clock = Math.max(clock, now);
    },
  };
};
