import { actionsOf, type CaseWork, moveAction, putAction, putException } from './case-work.ts';
import { type Action, type ActionType, NEVER_LEFT } from './action.ts';
import { choosePlaybook } from './choose-playbook.ts';
import { withEntry } from './entries.ts';
import type { ShipmentException } from './exception.ts';
import { durationMs } from './duration.ts';
import { ruleFor } from './judge-exception.ts';
import { PEOPLE } from './people-act.ts';
import { liveExceptionStates } from './lifecycle.ts';
import {
  actionIdOf,
  plainStep,
  type PlannedStep,
  type PlaybookFacts,
  planSteps,
  type StepHistory,
} from './plan-steps.ts';
import type { StepWait } from './playbook.ts';
import { type ActionWait, entryOf } from './shipment-case.ts';
import { bandOf, isSafety } from './taxonomy.ts';

/** Moves the freight itself: begun for one exception of a shipment, it is not begun again for another. */
const freightActs: ReadonlySet<ActionType> = new Set(['rebook', 'expedite', 'reroute', 'split_order']);
const underWay: ReadonlySet<Action['state']> = new Set([
  'awaiting_approval',
  'due',
  'sent',
  'uncertain',
  'confirmed',
  // Chance withheld it: another exception of the same shipment does not undo the draw.
  'held_out',
]);

const playbookName = (versioned: string | null): string | null =>
  versioned === null ? null : versioned.slice(0, versioned.lastIndexOf('@'));

/** What the receiver is told: flat, and as it was when the action was decided. */
const factsFor = (exception: ShipmentException): Action['facts'] => ({
  category: exception.category,
  kind: exception.kind,
  cause: exception.cause,
  effect: exception.effect,
  severity: exception.severity,
  band: bandOf(exception.severity),
  tier: exception.tier,
  carrier: exception.carrier,
  service: exception.service,
  mode: exception.mode,
  lane: exception.lane,
  leg: exception.leg,
  promisedAt: exception.promisedAt,
  expectedAt: exception.expectedAt,
  probability: exception.probability,
  leadTimeMin: exception.leadTimeMin,
  valueMinor: exception.valueMinor,
  currency: exception.currency,
  causeId: exception.causeId,
  ordersAffected: exception.impact.orders,
  linesLate: exception.impact.linesLate,
  // It is told beside `currency`, so an amount of another one cannot stand there.
  valueLateMinor:
    (exception.impact.currency ?? exception.currency) === exception.currency
      ? exception.impact.valueLateMinor
      : null,
  firstDueAt: exception.impact.firstDueAt,
});

type Beginning = Pick<Action, 'state' | 'dueAt' | 'decidedBy' | 'role' | 'approvalDueAt'>;

/** How a step begins its life: withheld by chance, waiting, asking, due at once, or a mere recommendation. */
const beginningOf = ({ now }: CaseWork, step: PlannedStep): Beginning => {
  const { role, approvalDueAt, authority } = step;
  if (step.isHeldOut) return { state: 'held_out', dueAt: null, decidedBy: 'hold_out', role, approvalDueAt };
  if (authority === 'recommend')
    return { state: 'proposed', dueAt: null, decidedBy: null, role, approvalDueAt };
  const decidedBy = authority === 'auto' ? 'playbook' : null;
  if (step.waitFor !== null) {
    const dueAt = now + durationMs('for' in step.waitFor ? step.waitFor.for : step.waitFor.within);
    return { state: 'proposed', dueAt, decidedBy, role, approvalDueAt: null };
  }
  return authority === 'auto'
    ? { state: 'due', dueAt: now, decidedBy, role, approvalDueAt }
    : { state: 'awaiting_approval', dueAt: null, decidedBy, role, approvalDueAt };
};

const newAction = (
  work: CaseWork,
  exception: ShipmentException,
  playbook: string,
  step: PlannedStep,
  beginning: Beginning,
): Action => ({
  id: step.id,
  version: 0,
  at: work.at,
  heardAt: work.now,
  exceptionId: exception.id,
  shipmentId: exception.shipmentId,
  customerId: exception.customerId,
  type: step.type,
  playbook,
  step: step.step,
  destination: step.destination,
  template: step.template,
  authority: step.authority,
  state: beginning.state,
  dueAt: beginning.dueAt,
  decidedBy: beginning.decidedBy,
  role: beginning.role,
  approvalDueAt: beginning.approvalDueAt,
  expiresAt: step.expiresAt,
  approvalsNeeded: step.approvalsNeeded,
  approvals: [],
  costMinor: step.costMinor,
  costCurrency: step.costCurrency,
  causeId: exception.causeId,
  news: step.news,
  mandatory: step.mandatory,
  propensity: step.propensity,
  compensates: step.compensates,
  decidedReason: null,
  sentAt: null,
  facts: factsFor(exception),
});

const waitOf = (wait: StepWait, approvalMs: number | null): ActionWait => {
  if ('for' in wait) return { statuses: [], onStatus: 'go', otherwise: 'go', approvalMs };
  return 'unless' in wait
    ? { statuses: wait.unless, onStatus: 'drop', otherwise: 'go', approvalMs }
    : { statuses: wait.status, onStatus: 'go', otherwise: wait.otherwise, approvalMs };
};

/** Adds an action, unless it is known already. */
export const begin = (
  work: CaseWork,
  exception: ShipmentException,
  playbook: string,
  step: PlannedStep,
): void => {
  if (entryOf(work.case.actions, step.id) !== undefined) return;
  const action = newAction(work, exception, playbook, step, beginningOf(work, step));
  putAction(work, action);
  if (step.otherwise !== null) {
    const { otherwise, chains } = work.case;
    const rungs = step.chain.map(({ role, within }) => ({ role, withinMs: durationMs(within) }));
    work.case = {
      ...work.case,
      otherwise: withEntry(otherwise, step.id, step.otherwise),
      chains: rungs.length === 0 ? chains : withEntry(chains, step.id, rungs),
    };
  }
  if (step.waitFor !== null && action.state === 'proposed' && action.dueAt !== null) {
    const approvalMs = step.approvalDueAt === null ? null : step.approvalDueAt - work.now;
    const wait = waitOf(step.waitFor, approvalMs);
    work.case = { ...work.case, waits: withEntry(work.case.waits, step.id, wait) };
  }
};

/** Cancelled while it waited for a person or a time, or was held for the customer's sake: nothing of it has left. */
const wasNeverBegun = ({ state, dueAt, heardAt, decidedReason }: Action): boolean =>
  state === 'cancelled' && (dueAt === null || dueAt > heardAt || decidedReason === NEVER_LEFT);

/** What became of the steps of a playbook, of the actions of one exception. */
const historyOf = (own: readonly Action[], playbook: string): ReadonlyMap<string, StepHistory> => {
  const history = new Map<string, StepHistory>();
  for (const action of own) {
    if (action.playbook !== playbook) continue;
    const { planned, neverBegun } = history.get(action.step) ?? NEVER_PLANNED;
    history.set(action.step, {
      result: action.state,
      planned: planned + 1,
      neverBegun: neverBegun + (wasNeverBegun(action) ? 1 : 0),
    });
  }
  return history;
};

const NEVER_PLANNED = { planned: 0, neverBegun: 0 };
const NO_HISTORY: PlaybookFacts['history'] = new Map();

export const factsOf = (
  work: CaseWork,
  exception: ShipmentException,
  history: PlaybookFacts['history'] = NO_HISTORY,
): PlaybookFacts => ({
  exceptionId: exception.id,
  category: exception.category,
  severity: exception.severity,
  tier: exception.tier,
  mode: exception.mode,
  kind: exception.kind,
  now: work.now,
  probability: exception.probability,
  promisedAt: exception.promisedAt,
  valueMinor: exception.valueMinor,
  valueCurrency: exception.currency,
  rates: work.rules.sla.rates,
  contentsClass: exception.contentsClass,
  isSafety: isSafety(ruleFor(work.rules.taxonomy, exception.category)),
  told: work.terms.told,
  history,
});

/** When another playbook takes over, what still waits for a person or a time is cancelled. */
const dropFormer = (work: CaseWork, { id, playbook }: ShipmentException, name: string): void => {
  const former = playbookName(playbook);
  if (former === null || former === name) return;
  for (const action of actionsOf(work, id)) {
    const waits = action.state === 'proposed' || action.state === 'awaiting_approval';
    if (waits && action.playbook === former) moveAction(work, action, 'cancel');
  }
};

/** They did the same for this exception by themselves: it is not done again. */
const isDoneByPeople = (own: readonly Action[], type: ActionType): boolean =>
  own.some((action) => action.playbook === PEOPLE && action.type === type);

/**
 * Chooses the playbook by what is known now and plans its steps; those planned before are known by their ids
 * and stay as they are.
 */
export const replan = (work: CaseWork, id: string): void => {
  const before = entryOf(work.case.exceptions, id);
  if (before === undefined || !liveExceptionStates.has(before.state)) return;
  const { category, severity, tier, mode, kind } = before;
  const wanted = { category, severity, tier, mode, kind, now: work.now };
  const playbook = choosePlaybook(work.rules.playbooks, wanted);
  if (playbook === null) return;
  const { name, version } = playbook;
  dropFormer(work, before, name);
  const versioned = `${name}@${version}`;
  const exception = before.playbook === versioned ? before : { ...before, playbook: versioned };
  if (exception !== before) putException(work, exception);
  const own = actionsOf(work, id);
  for (const step of planSteps(playbook, factsOf(work, before, historyOf(own, name)))) {
    const isTwice =
      freightActs.has(step.type) &&
      Object.values(work.case.actions).some(({ type, state }) => type === step.type && underWay.has(state));
    if (!isTwice && !isDoneByPeople(own, step.type)) begin(work, exception, name, step);
  }
};

/** The playbook, by name, of what the clocks of the contract bring about. */
const CLOCKS = 'sla';

export const isOfClock = ({ playbook }: Action): boolean => playbook === CLOCKS;

/** Step that says that a clock ran out: `response_overdue`, and `response_overdue_2` for the second of those after it. */
export const clockStep = (clock: 'response' | 'resolution', rung: number): string =>
  rung === 0 ? `${clock}_overdue` : `${clock}_overdue_${rung}`;

export const clockActionId = (exceptionId: string, clock: 'response' | 'resolution', rung = 0): string =>
  actionIdOf(exceptionId, CLOCKS, clockStep(clock, rung));

/** Tells that a clock ran out. */
export const escalateClock = (
  work: CaseWork,
  exception: ShipmentException,
  clock: 'response' | 'resolution',
  rung: number,
): void =>
  escalate(work, exception, CLOCKS, clockStep(clock, rung), work.rules.sla.escalation.chain[rung - 1]);

/** Tells the desk, or whom the rules name instead, that something ran out: a clock, or an approval. */
export const escalate = (
  work: CaseWork,
  exception: ShipmentException,
  playbook: string,
  step: string,
  to: { readonly destination?: string; readonly template?: string | undefined } = {},
): void =>
  begin(work, exception, playbook, {
    id: actionIdOf(exception.id, playbook, step),
    step,
    type: 'escalate',
    destination: to.destination ?? work.rules.sla.escalation.destination,
    template: to.template ?? step.replace(/^.*:/, '').replace(/_\d+$/, ''),
    ...plainStep,
  });
