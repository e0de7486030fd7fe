import type { Action } from './action.ts';
import { clockActionId, escalate, escalateClock, isOfClock, replan } from './case-actions.ts';
import { releaseWait } from './case-waits.ts';
import { type CaseWork, moveAction, moveException } from './case-work.ts';
import { lostAt, lostEnd } from './case-lost.ts';
import { durationMs } from './duration.ts';
import { withEntry } from './entries.ts';
import type { ShipmentException } from './exception.ts';
import { liveExceptionStates, pendingActionStates } from './lifecycle.ts';
import { entryOf, type ShipmentCase } from './shipment-case.ts';
import type { Sla } from './sla.ts';
import { bandFloor } from './taxonomy.ts';

const clocks = ['response', 'resolution'] as const;

/**
 * How far the escalation of a clock has come, and when it goes on: first when the clock runs out, then up the chain of
 * the rules, each after its time since then. Response due 10:00, chain 30m and 2h → 10:00, 10:30, 12:00.
 */
const nextRung = (
  state: ShipmentCase,
  { id, responseDueAt, resolutionDueAt }: ShipmentException,
  clock: (typeof clocks)[number],
  { escalation: { chain } }: Sla,
  isClocked: boolean,
): { readonly rung: number; readonly at: number } | null => {
  const dueAt = clock === 'response' ? responseDueAt : resolutionDueAt;
  if (!isClocked) return { rung: 0, at: dueAt };
  for (let rung = 0; rung <= chain.length; rung += 1) {
    if (entryOf(state.actions, clockActionId(id, clock, rung)) !== undefined) continue;
    const after = chain[rung - 1]?.after;
    return { rung, at: after === undefined ? dueAt : dueAt + durationMs(after) };
  }
  return null;
};

/** Most cases have none: then nobody need make the ids by which they would be found. */
const hasClockAction = ({ actions }: ShipmentCase): boolean => Object.values(actions).some(isOfClock);

/**
 * Every timer that a case has, by name: they follow from its state, so none is forgotten and none outlives
 * its reason. Names are `<what>:<id>`, with what = response, resolution, close, wake (of an exception), approval,
 * release, expire (of an action), and `lost:` of the shipment.
 */
export const timersOf = (state: ShipmentCase, sla: Sla): Map<string, number> => {
  const timers = new Map<string, number>();
  const isClocked = hasClockAction(state);
  for (const exception of Object.values(state.exceptions)) {
    if (exception.state === 'resolved' && exception.resolvedAt !== null) {
      timers.set(`close:${exception.id}`, exception.resolvedAt + sla.reopenWithinMin * 60_000);
    }
    if (exception.state === 'snoozed' && exception.snoozedUntil !== null) {
      timers.set(`wake:${exception.id}`, exception.snoozedUntil);
      continue;
    }
    if (!liveExceptionStates.has(exception.state)) continue;
    if (exception.severity < bandFloor(sla.escalation.minBand)) continue;
    for (const clock of clocks) {
      if (clock === 'response' && exception.state !== 'open') continue;
      const next = nextRung(state, exception, clock, sla, isClocked);
      if (next !== null) timers.set(`${clock}:${exception.id}`, next.at);
    }
  }
  for (const action of Object.values(state.actions)) {
    if (!pendingActionStates.has(action.state)) continue;
    if (action.expiresAt !== null) timers.set(`expire:${action.id}`, action.expiresAt);
    if (action.state === 'awaiting_approval' && action.approvalDueAt !== null) {
      timers.set(`approval:${action.id}`, action.approvalDueAt);
    }
    if (action.state === 'proposed' && action.dueAt !== null)
      timers.set(`release:${action.id}`, action.dueAt);
  }
  const givenUpAt = lostAt(state);
  if (givenUpAt !== null) timers.set('lost:', givenUpAt);
  return timers;
};

/** Nobody has approved in time: the next role of the chain is asked; after the last one it expires. */
const timeOut = (work: CaseWork, action: Action): void => {
  const [next, ...rest] = entryOf(work.case.chains, action.id) ?? [];
  if (next !== undefined) {
    work.case = { ...work.case, chains: withEntry(work.case.chains, action.id, rest) };
    const until = Math.min(work.now + next.withinMs, action.expiresAt ?? Infinity);
    moveAction(work, action, 'pass_on', { role: next.role, approvalDueAt: until });
    return;
  }
  if (!moveAction(work, action, 'time_out')) return;
  const exception = entryOf(work.case.exceptions, action.exceptionId);
  if (exception !== undefined && entryOf(work.case.otherwise, action.id) === 'escalate') {
    escalate(work, exception, action.playbook, `${action.step}:approval_timed_out`);
  }
  replan(work, action.exceptionId);
};

/** A timer that went off early, or whose reason is gone, does nothing. */
export const onTimer = (work: CaseWork, name: string): void => {
  const at = timersOf(work.case, work.rules.sla).get(name);
  if (at === undefined || at > work.now) return;
  const split = name.indexOf(':');
  const what = name.slice(0, split);
  const id = name.slice(split + 1);
  const exception = entryOf(work.case.exceptions, id);
  const action = entryOf(work.case.actions, id);
  if (what === 'lost') {
    work.case = { ...work.case, ends: [...work.case.ends, lostEnd(at)], endTerms: null };
  } else if (action !== undefined) {
    if (what === 'approval') timeOut(work, action);
    else if (what === 'release') releaseWait(work, action, 'time');
    else if (what === 'expire') {
      moveAction(work, action, 'expire');
      replan(work, action.exceptionId);
    }
  } else if (exception !== undefined) {
    if (what === 'close') moveException(work, exception, 'close');
    else if (what === 'wake') {
      moveException(work, exception, 'wake');
      replan(work, id);
    } else if (what === 'response' || what === 'resolution') {
      const next = nextRung(work.case, exception, what, work.rules.sla, hasClockAction(work.case));
      if (next !== null) escalateClock(work, exception, what, next.rung);
    }
  }
};
