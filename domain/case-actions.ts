import { actionsOf, type CaseWork, moveAction, putAction, putException } from './case-work.ts';
import type { Action, ActionType } from './action.ts';
import { choosePlaybook } from './choose-playbook.ts';
import type { ShipmentException } from './exception.ts';
import { liveExceptionStates } from './lifecycle.ts';
import { actionIdOf, plainStep, type PlannedStep, type PlaybookFacts, planSteps } from './plan-steps.ts';
import { entryOf } from './shipment-case.ts';
import { afterQuietHours } from './sla.ts';
import { bandOf } from './taxonomy.ts';

/** Moves the freight itself: begun for one exception of a shipment, it is not begun again for another. */
const freightActs: ReadonlySet<ActionType> = new Set(['rebook', 'expedite', 'reroute', 'split_order']);
const underWay: ReadonlySet<Action['state']> = new Set([
  'awaiting_approval',
  'due',
  'sent',
  'uncertain',
  'confirmed',
]);

const playbookName = (versioned: string | null): string | null => versioned?.replace(/@\d+$/, '') ?? null;

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
});

/** A message waits for the end of the quiet hours, unless it is critical or would then be of no use. */
const dueAtOf = (work: CaseWork, exception: ShipmentException, step: PlannedStep): number => {
  const { now, terms } = work;
  const wakes = step.type !== 'notify_customer' && step.type !== 'notify_consignee';
  if (wakes || bandOf(exception.severity) === 'critical') return now;
  const at = afterQuietHours(terms.quietHours, now);
  const uselessFrom = Math.min(step.expiresAt ?? Infinity, exception.promisedAt ?? Infinity);
  return at >= uselessFrom ? now : at;
};

const newAction = (
  work: CaseWork,
  exception: ShipmentException,
  playbook: string,
  step: PlannedStep,
): Action => {
  const dueAt = step.authority === 'auto' ? dueAtOf(work, exception, step) : null;
  return {
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
    state: step.authority === 'approve' ? 'awaiting_approval' : dueAt === work.now ? 'due' : 'proposed',
    role: step.role,
    approvalDueAt: step.approvalDueAt,
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
    decidedBy: step.authority === 'auto' ? 'playbook' : null,
    decidedReason: null,
    dueAt,
    sentAt: null,
    facts: factsFor(exception),
  };
};

/** Adds an action, unless it is known already. */
export const begin = (
  work: CaseWork,
  exception: ShipmentException,
  playbook: string,
  step: PlannedStep,
): void => {
  if (entryOf(work.case.actions, step.id) !== undefined) return;
  putAction(work, newAction(work, exception, playbook, step));
  if (step.otherwise !== null) {
    work.case = { ...work.case, otherwise: { ...work.case.otherwise, [step.id]: step.otherwise } };
  }
};

/** Cancelled while it waited for a person or for the morning: the dispatcher never saw it due. */
const neverBegun = ({ state, dueAt, heardAt }: Action): boolean =>
  state === 'cancelled' && (dueAt === null || dueAt > heardAt);

const historyOf = (
  work: CaseWork,
  exceptionId: string,
  playbook: string,
): Pick<PlaybookFacts, 'results' | 'occurrences'> => {
  const results: Record<string, Action['state']> = {};
  const occurrences: Record<string, number> = {};
  for (const action of actionsOf(work, exceptionId)) {
    if (action.playbook !== playbook) continue;
    results[action.step] = action.state;
    if (neverBegun(action)) occurrences[action.step] = (occurrences[action.step] ?? 0) + 1;
  }
  return { results, occurrences };
};

const factsOf = (work: CaseWork, exception: ShipmentException): PlaybookFacts => ({
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
  contentsClass: exception.contentsClass,
  told: work.terms.told,
  results: {},
  occurrences: {},
});

/** When another playbook takes over, what still waits for a person or for the morning is cancelled. */
const dropFormer = (work: CaseWork, { id, playbook }: ShipmentException, name: string): void => {
  const former = playbookName(playbook);
  if (former === null || former === name) return;
  for (const action of actionsOf(work, id)) {
    const waits = action.state === 'proposed' || action.state === 'awaiting_approval';
    if (waits && action.playbook === former) moveAction(work, action, 'cancel');
  }
};

/**
 * Chooses the playbook by what is known now and plans its steps; those planned before are known by their ids
 * and stay as they are.
 */
export const replan = (work: CaseWork, id: string): void => {
  const before = entryOf(work.case.exceptions, id);
  if (before === undefined || !liveExceptionStates.has(before.state)) return;
  const facts = factsOf(work, before);
  const playbook = choosePlaybook(work.rules.playbooks, facts);
  if (playbook === null) return;
  const { name, version } = playbook;
  dropFormer(work, before, name);
  const versioned = `${name}@${version}`;
  const exception = before.playbook === versioned ? before : { ...before, playbook: versioned };
  if (exception !== before) putException(work, exception);
  for (const step of planSteps(playbook, { ...facts, ...historyOf(work, id, name) })) {
    const twice = Object.values(work.case.actions).some(
      (action) => action.type === step.type && underWay.has(action.state),
    );
    if (!(twice && freightActs.has(step.type))) begin(work, exception, name, step);
  }
};

/** Id of the action that says that a clock of the exception ran out. */
export const clockActionId = (exceptionId: string, clock: 'response' | 'resolution'): string =>
  actionIdOf(exceptionId, 'sla', `${clock}_overdue`);

/** Tells the desk that something ran out: a clock, or an approval. */
export const escalate = (
  work: CaseWork,
  exception: ShipmentException,
  playbook: string,
  step: string,
): void =>
  begin(work, exception, playbook, {
    id: actionIdOf(exception.id, playbook, step),
    step,
    type: 'escalate',
    destination: work.rules.sla.escalation.destination,
    template: step.replace(/^.*:/, ''),
    ...plainStep,
  });
