import type { Action } from '../../../domain/action.ts';
import type { Dispatch } from '../../../domain/dispatch.ts';

type Fact = Action['facts'][string];
type Facts = Readonly<Record<string, Fact>>;

/**
 * Every fact that a template may name, as one example has it: what an exception says (`factsFor` in
 * `domain/case-actions.ts`), and what is made of it here. A template that names another does not load.
 */
export const sampleFacts: Facts = {
  category: 'delay',
  kind: 'predicted',
  cause: 'weather',
  effect: 'delay',
  severity: 68,
  band: 'high',
  tier: 'priority',
  carrier: 'SAIA',
  service: 'LTL',
  mode: 'ltl',
  lane: 'Chicago, IL > Dallas, TX',
  leg: 1,
  promisedAt: Date.parse('2026-01-06T23:00:00Z'),
  expectedAt: Date.parse('2026-01-07T05:30:00Z'),
  probability: 0.83,
  leadTimeMin: 600,
  valueMinor: 1_250_000,
  currency: 'USD',
  causeId: 'weather:winter_storm',
  /** What hangs on it downstream: orders, and of their lines those that will be late, what they are worth, the first due. */
  ordersAffected: 2,
  linesLate: 3,
  valueLateMinor: 480_000,
  firstDueAt: Date.parse('2026-01-07T01:00:00Z'),
  /** Minutes from the promise to what is expected; null when either is unknown or it is in time. */
  lateMin: 390,
};

/** What stands beside the facts of the exception. */
export const messageNames = [
  'actionId',
  'actionType',
  'shipmentId',
  'exceptionId',
  'customerId',
  'template',
  'recipient',
  'shipments',
  'count',
] as const;

/** A fact stands in one line, whatever a partner's document put into it. */
const inOneLine = (fact: Fact): Fact =>
  typeof fact === 'string' ? fact.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim() : fact;

const noFacts: Facts = Object.fromEntries(Object.keys(sampleFacts).map((name) => [name, null]));

const lateMin = ({ promisedAt, expectedAt }: Facts): number | null =>
  typeof promisedAt === 'number' && typeof expectedAt === 'number' && expectedAt > promisedAt
    ? (expectedAt - promisedAt) / 60_000
    : null;

const whole = (facts: Facts): Facts => {
  const all = { ...noFacts, ...facts };
  const late = { ...all, lateMin: all['lateMin'] ?? lateMin(all) };
  return Object.fromEntries(Object.entries(late).map(([name, fact]) => [name, inOneLine(fact)]));
};

export interface ShipmentFacts extends Record<string, Fact> {
  readonly shipmentId: string;
}

export interface MessageFacts {
  readonly [name: string]: Fact | readonly ShipmentFacts[];
  readonly shipments: readonly ShipmentFacts[];
  readonly count: number;
}

/**
 * All that a template can say about an action. One shipment is a list of one; a digest is about those that it covers, and
 * where it has no facts of its own it has those of the first.
 */
export const messageFacts = (action: Dispatch): MessageFacts => {
  const own = { shipmentId: action.shipmentId, facts: action.facts };
  const covered = action.covers.length === 0 ? [own] : action.covers;
  const facts = whole({ ...covered[0]?.facts, ...action.facts });
  return {
    ...facts,
    actionId: inOneLine(action.id),
    actionType: action.type,
    shipmentId: inOneLine(action.shipmentId) as string,
    exceptionId: inOneLine(action.exceptionId),
    customerId: inOneLine(action.customerId),
    template: inOneLine(action.template),
    shipments: covered.map((one) => ({
      ...whole(one.facts),
      shipmentId: inOneLine(one.shipmentId) as string,
    })),
    count: covered.length,
  };
};
