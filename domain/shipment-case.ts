import type { Action, ActionResult } from './action.ts';
import type { ContentsClass, Mode } from './codes.ts';
import type { Contract } from './contract.ts';
import type { TrackingEvent } from './tracking-event.ts';
import type { Decision } from './decision.ts';
import type { ShipmentException } from './exception.ts';
import type { Inquiry } from './inquiry.ts';
import type { Outcome } from './outcome.ts';
import type { OutcomeReport } from './outcome-report.ts';
import type { Prediction } from './prediction.ts';
import type { Rules } from './rules.ts';
import type { ShipmentOrder } from './shipment-order.ts';
import type { ShipmentPlan } from './shipment-plan.ts';
import type { Signal } from './signal.ts';
import type { EffectiveTerms } from './sla.ts';
import type { TmsChange } from './tms-change.ts';

/** What of a plan the resolution needs. */
export interface PlanSummary {
  readonly customerId: string;
  readonly carrier: string;
  readonly service: string;
  readonly mode: Mode;
  readonly lane: string;
  readonly legs: readonly { readonly carrier: string; readonly mode: Mode }[];
  readonly firstPromisedAt: number;
  readonly latestPromisedAt: number;
  readonly appointment: { readonly from: number; readonly to: number } | null;
  /** Where it is to be delivered, as the plan's last leg names the place. */
  readonly site: string | null;
  readonly valueMinor: number;
  readonly currency: string;
  readonly contentsClass: ContentsClass;
}

export interface ShipmentEnd {
  readonly eventId: string;
  readonly result: 'delivered' | 'returned' | 'cancelled' | 'lost';
  readonly at: number;
}

/** What an action waits for before it is due; it has waited enough at its `dueAt`. */
export interface ActionWait {
  readonly statuses: readonly TrackingEvent['status'][];
  /** What becomes of it when the shipment has one of them. */
  readonly onStatus: 'go' | 'drop';
  /** And when its time is over without. */
  readonly otherwise: 'go' | 'drop';
  /** How long an approval lasts once it is asked for; null where none is needed. */
  readonly approvalMs: number | null;
}

/** One more role that an approval goes to when the one before has not answered. */
export interface Rung {
  readonly role: string;
  readonly withinMs: number;
}

/** Everything that is known about the resolution of one shipment; plain JSON, replaced and never changed. */
export interface ShipmentCase {
  readonly shipmentId: string | null;
  readonly plan: PlanSummary | null;
  readonly exceptions: Readonly<Record<string, ShipmentException>>;
  readonly actions: Readonly<Record<string, Action>>;
  /** Number of the current episode by leg and category; see `episodeKey`. */
  readonly episodes: Readonly<Record<string, number>>;
  /** By exception: the last signal of each topic, raised or cleared but not withdrawn, latest last. */
  readonly standing: Readonly<Record<string, readonly Signal[]>>;
  /** Signals that wait for the plan. */
  readonly waiting: readonly Signal[];
  /** By action: what happens when nobody approves in time, and whom it goes to before that. */
  readonly otherwise: Readonly<Record<string, 'escalate' | 'expire'>>;
  readonly chains: Readonly<Record<string, readonly Rung[]>>;
  readonly waits: Readonly<Record<string, ActionWait>>;
  /** What rides on the shipment, by order. */
  readonly orders: Readonly<Record<string, ShipmentOrder>>;
  readonly inquiries: number;
  /** The last of them by id: a feed of contacts tells them at least once. */
  readonly inquiryIds: readonly string[];
  readonly firstInquiryAt: number | null;
  readonly peakProbability: number | null;
  readonly predicted: boolean;
  readonly customerToldAt: number | null;
  /** What was said to have ended the shipment, less what was taken back; the earliest counts. */
  readonly ends: readonly ShipmentEnd[];
  /** The terms under which the shipment ended: a later contract does not change the label. */
  readonly endTerms: EffectiveTerms | null;
  readonly outcome: Outcome | null;
  /** By action: whether it worked, as another system says. */
  readonly reported: Readonly<Record<string, 'worked' | 'did_not_work'>>;
  /** The claim about the shipment: what was asked, later what was paid. */
  readonly claim: { readonly minor: number; readonly currency: string } | null;
  /** Why it went wrong, as another system says in the end. */
  readonly reportedReason: string | null;
}

export const emptyCase: ShipmentCase = {
  shipmentId: null,
  plan: null,
  exceptions: {},
  actions: {},
  episodes: {},
  standing: {},
  waiting: [],
  otherwise: {},
  chains: {},
  waits: {},
  orders: {},
  inquiries: 0,
  inquiryIds: [],
  firstInquiryAt: null,
  peakProbability: null,
  predicted: false,
  customerToldAt: null,
  ends: [],
  endTerms: null,
  outcome: null,
  reported: {},
  claim: null,
  reportedReason: null,
};

export type CaseEvent =
  | { readonly kind: 'plan'; readonly plan: ShipmentPlan }
  | { readonly kind: 'orders'; readonly order: ShipmentOrder }
  | { readonly kind: 'signal'; readonly signal: Signal }
  | { readonly kind: 'tracking'; readonly event: TrackingEvent }
  | { readonly kind: 'prediction'; readonly prediction: Prediction }
  | { readonly kind: 'decision'; readonly decision: Decision }
  | { readonly kind: 'action_result'; readonly result: ActionResult }
  | { readonly kind: 'tms_change'; readonly change: TmsChange }
  | { readonly kind: 'outcome_report'; readonly report: OutcomeReport }
  | { readonly kind: 'inquiry'; readonly inquiry: Inquiry }
  | { readonly kind: 'contract'; readonly contract: Contract | null }
  | { readonly kind: 'timer'; readonly name: string };

export interface CaseContext {
  /** Log time. */
  readonly now: number;
  readonly rules: Rules;
  /** The customer's contract in force at `now`. */
  readonly contract: Contract | null;
  /** Destinations whose receivers keep an alert open until they hear that it is over; none where left out. */
  readonly keepsOpen?: ReadonlySet<string>;
}

export interface CaseTimer {
  readonly name: string;
  readonly at: number;
}

export interface CaseStep {
  readonly case: ShipmentCase;
  /** New versions to publish. */
  readonly exceptions: readonly ShipmentException[];
  readonly actions: readonly Action[];
  readonly outcomes: readonly Outcome[];
  /** Timers to set; one of the same name is replaced. */
  readonly timers: readonly CaseTimer[];
  readonly cancelTimers: readonly string[];
  /** What was not allowed and therefore not done, in words for the log. */
  readonly refusals: readonly string[];
}

/** The earliest of what was said to have ended it; that it is given up for lost holds until anything else is said. */
export const endOf = ({ ends }: Pick<ShipmentCase, 'ends'>): ShipmentEnd | null =>
  (ends.length > 1 ? ends.filter(({ result }) => result !== 'lost') : ends).reduce<ShipmentEnd | null>(
    (first, end) => (first === null || end.at < first.at ? end : first),
    null,
  );

/** Own entries only: ids come from outside, and `__proto__` is nobody's exception. */
export const entryOf = <T>(entries: Readonly<Record<string, T>>, key: string | null): T | undefined =>
  key !== null && Object.hasOwn(entries, key) ? entries[key] : undefined;
