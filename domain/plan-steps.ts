import type { ActionType } from './action.ts';
import type { MatchFacts } from './choose-playbook.ts';
import type { ContentsClass } from './codes.ts';
import { durationMs } from './duration.ts';
import type { ActionState } from './lifecycle.ts';
import { convertedTo, type Rates } from './money.ts';
import type { Approval, Playbook, PlaybookStep, StepGuard, StepWait } from './playbook.ts';
import type { Audience } from './sla.ts';
import { stableId } from './stable-id.ts';

/** What decides which steps of a playbook are taken, and until when they make sense. */
export interface PlaybookFacts extends MatchFacts {
  readonly exceptionId: string;
  readonly probability: number | null;
  /** Null while the plan is unknown: then nothing ends with the promise. */
  readonly promisedAt: number | null;
  readonly valueMinor: number | null;
  /** Of the value; left out or null: that of the playbook. */
  readonly valueCurrency?: string | null;
  readonly rates?: Rates | undefined;
  readonly contentsClass: ContentsClass | null;
  /** The category is one of safety: grave, or about the state or the loss of the goods. */
  readonly isSafety: boolean;
  /** Whom the contract's terms allow to be told. */
  readonly told: readonly Audience[];
  /** What became of the steps that were planned before, by step id. */
  readonly history: ReadonlyMap<string, StepHistory>;
}

export interface StepHistory {
  /** How far the last occurrence has come. */
  readonly result: ActionState;
  /** How often it was planned: where the next occurrence is among them, it is not planned again. */
  readonly planned: number;
  /** How often it was cancelled before it began: the next occurrence has another id. */
  readonly neverBegun: number;
}

export interface PlannedStep {
  readonly id: string;
  readonly step: string;
  readonly type: ActionType;
  readonly destination: string | null;
  readonly template: string;
  readonly authority: 'auto' | 'approve' | 'recommend';
  readonly role: string | null;
  readonly approvalDueAt: number | null;
  /** What happens when nobody has approved in time; null where no approval is needed. */
  readonly otherwise: 'escalate' | 'expire' | null;
  readonly expiresAt: number | null;
  readonly costMinor: number;
  readonly costCurrency: string;
  readonly approvalsNeeded: number;
  readonly chain: Approval['chain'];
  readonly news: string | null;
  readonly mandatory: boolean;
  /** See `action.propensity`; `isHeldOut` is what chance said. */
  readonly propensity: number | null;
  readonly isHeldOut: boolean;
  readonly waitFor: StepWait | null;
  readonly compensates: string | null;
}

/** What a step has that leaves by itself, at once, for nothing. */
export const plainStep = {
  authority: 'auto',
  role: null,
  approvalDueAt: null,
  otherwise: null,
  expiresAt: null,
  costMinor: 0,
  costCurrency: 'USD',
  approvalsNeeded: 0,
  chain: [],
  news: null,
  mandatory: false,
  propensity: 1,
  isHeldOut: false,
  waitFor: null,
  compensates: null,
} as const satisfies Partial<PlannedStep>;

const audienceOf: Partial<Record<ActionType, Audience>> = {
  notify_customer: 'customer',
  notify_consignee: 'consignee',
  notify_carrier: 'carrier',
};

export const leadTimeMin = ({ promisedAt, now }: Pick<PlaybookFacts, 'promisedAt' | 'now'>): number | null =>
  promisedAt === null ? null : (promisedAt - now) / 60_000;

const atLeast = (least: number | undefined, value: number | null): boolean =>
  least === undefined || (value !== null && value >= least);

/** In the currency of the playbook; null, as if nobody knew it, where there is no rate between the two. */
const valueIn = (currency: string, { valueMinor, valueCurrency, rates }: PlaybookFacts): number | null =>
  valueMinor === null
    ? null
    : convertedTo({ minor: valueMinor, currency: valueCurrency ?? currency }, currency, rates);

/** Whether a guard holds; what it says of money is in the currency of its playbook. */
export const allows = (guard: StepGuard, facts: PlaybookFacts, currency: string): boolean =>
  atLeast(guard.minSeverity, facts.severity) &&
  (guard.maxSeverity === undefined || facts.severity <= guard.maxSeverity) &&
  (facts.kind === 'detected' || atLeast(guard.minProbability, facts.probability)) &&
  atLeast(guard.minLeadTimeMin, leadTimeMin(facts)) &&
  atLeast(guard.minValueMinor, valueIn(currency, facts)) &&
  (guard.maxValueMinor === undefined || (valueIn(currency, facts) ?? 0) <= guard.maxValueMinor) &&
  (guard.tiers?.includes(facts.tier) ?? true) &&
  (guard.modes === undefined || (facts.mode !== null && guard.modes.includes(facts.mode))) &&
  (guard.kinds?.includes(facts.kind) ?? true) &&
  (guard.contents === undefined ||
    (facts.contentsClass !== null && guard.contents.includes(facts.contentsClass)));

const expiryOf = ({ expiresAfter }: PlaybookStep, { now, promisedAt }: PlaybookFacts): number | null => {
  if (expiresAfter === undefined) return null;
  return expiresAfter === 'promise' ? promisedAt : now + durationMs(expiresAfter);
};

/** An approval that came after the expiry would be of no use. */
const approvalEnd = (within: string, expiresAt: number | null, now: number): number =>
  Math.min(now + durationMs(within), expiresAt ?? Infinity);

const wanted = (step: PlaybookStep, facts: PlaybookFacts, currency: string): boolean => {
  const audience = audienceOf[step.action];
  if (audience !== undefined && !facts.told.includes(audience)) return false;
  if (step.guard !== undefined && !allows(step.guard, facts, currency)) return false;
  if (step.after !== undefined && facts.history.get(step.after.step)?.result !== step.after.result)
    return false;
  const expiresAt = expiryOf(step, facts);
  return expiresAt === null || expiresAt > facts.now;
};

/**
 * The id under which an action is known everywhere, and can be planned only once. `occurrence` counts from 0
 * and goes up only after one that was cancelled before it began: what may have left is never repeated.
 */
export const actionIdOf = (exceptionId: string, playbook: string, step: string, occurrence = 0): string =>
  stableId(exceptionId, playbook, step, occurrence);

/**
 * The share of cases in which chance withholds a step. Never of what is owed (guaranteed, mandatory), of safety, or of
 * what spoils or endangers; then the step is always taken.
 */
const holdOutOf = (step: PlaybookStep, { tier, contentsClass, isSafety }: PlaybookFacts): number =>
  step.authority !== 'auto' ||
  step.mandatory ||
  isSafety ||
  tier === 'guaranteed' ||
  contentsClass === 'perishable' ||
  contentsClass === 'hazardous'
    ? 0
    : step.holdOut;

/** A number in [0; 1) that only the action's id decides, so that a replay draws the same lot. */
export const lotOf = (actionId: string): number =>
  Number.parseInt(stableId('hold-out', actionId).slice(0, 13), 16) / 2 ** 52;

/** Occurrences count from 0, and each was planned before the next. */
const isPlanned = ({ id }: PlaybookStep, { history }: PlaybookFacts): boolean => {
  const past = history.get(id);
  return past !== undefined && past.planned > past.neverBegun;
};

/** The steps to take now that were not planned before, in the playbook's order. */
export const planSteps = (playbook: Playbook, facts: PlaybookFacts): PlannedStep[] =>
  playbook.steps
    .filter((step) => !isPlanned(step, facts) && wanted(step, facts, playbook.currency))
    .map((step) => {
      const expiresAt = expiryOf(step, facts);
      const approve = typeof step.authority === 'string' ? null : step.authority.approve;
      const occurrence = facts.history.get(step.id)?.neverBegun ?? 0;
      const id = actionIdOf(facts.exceptionId, playbook.name, step.id, occurrence);
      const holdOut = holdOutOf(step, facts);
      return {
        id,
        step: step.id,
        type: step.action,
        destination: step.destination ?? null,
        template: step.template,
        authority: typeof step.authority === 'string' ? step.authority : 'approve',
        role: approve?.role ?? null,
        approvalDueAt: approve === null ? null : approvalEnd(approve.within, expiresAt, facts.now),
        otherwise: approve?.otherwise ?? null,
        expiresAt,
        costMinor: step.costMinor,
        costCurrency: playbook.currency,
        approvalsNeeded: approve?.persons ?? 0,
        chain: approve?.chain ?? [],
        news: audienceOf[step.action] === undefined ? null : (step.news ?? step.template),
        mandatory: step.mandatory,
        propensity: step.authority === 'auto' ? 1 - holdOut : null,
        isHeldOut: holdOut > 0 && lotOf(id) < holdOut,
        waitFor: step.waitFor ?? null,
        compensates: null,
      };
    });
