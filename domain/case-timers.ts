import type { Action } from './action.ts';
import { clockActionId, escalate, escalateClock, isOfClock, replan } from './case-actions.ts';
import { releaseWait } from './case-waits.ts';
import { type CaseWork, moveAction, moveException } from './case-work.ts';
import { lostAt, lostEnd } from './case-lost.ts';
import { durationMs } from './duration.ts';
import { withEntry } from './entries.ts';
import type { ShipmentException } from './exception.ts';
import { liveExceptionStates, pendingActionStates } from './lifecycle.ts';
import { type CaseTimer, entryOf, type ShipmentCase } from './shipment-case.ts';
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
const hasClockAction = ({ actions }: ShipmentCase): boolean => {
  for (const id in actions) if (isOfClock(actions[id]!)) return true;
  return false;
};

type Due = number | null;

/** When something is to happen to an exception by itself, by the word with which its timers begin. */
interface ExceptionDue {
  readonly close: Due;
  readonly wake: Due;
  readonly response: Due;
  readonly resolution: Due;
}

const NEVER: ExceptionDue = { close: null, wake: null, response: null, resolution: null };

const exceptionDue = (
  state: ShipmentCase,
  exception: ShipmentException,
  sla: Sla,
  isClocked: boolean,
): ExceptionDue => {
  const { resolvedAt, snoozedUntil, severity } = exception;
  if (exception.state === 'resolved' && resolvedAt !== null)
    return { ...NEVER, close: resolvedAt + sla.reopenWithinMin * 60_000 };
  if (exception.state === 'snoozed' && snoozedUntil !== null) return { ...NEVER, wake: snoozedUntil };
  if (!liveExceptionStates.has(exception.state)) return NEVER;
  if (severity < bandFloor(sla.escalation.minBand)) return NEVER;
  const dueAt = (clock: (typeof clocks)[number]): Due =>
    nextRung(state, exception, clock, sla, isClocked)?.at ?? null;
  const response = exception.state === 'open' ? dueAt('response') : null;
  return { close: null, wake: null, response, resolution: dueAt('resolution') };
};

/** The same of an action. */
interface ActionDue {
  readonly expire: Due;
  readonly approval: Due;
  readonly release: Due;
}

const NEVER_BY_ITSELF: ActionDue = { expire: null, approval: null, release: null };

const actionDue = ({ state, expiresAt, approvalDueAt, dueAt }: Action): ActionDue =>
  pendingActionStates.has(state)
    ? {
        expire: expiresAt,
        approval: state === 'awaiting_approval' ? approvalDueAt : null,
        release: state === 'proposed' ? dueAt : null,
      }
    : NEVER_BY_ITSELF;

/**
 * Every timer that a case has, by name: they follow from its state, so none is forgotten and none outlives
 * its reason. Names are `<what>:<id>`, with what = response, resolution, close, wake (of an exception), approval,
 * release, expire (of an action), and `lost:` of the shipment.
 */
export const timersOf = (state: ShipmentCase, sla: Sla): Map<string, number> => {
  const timers = new Map<string, number>();
  for (const { name, at } of timersBetween(null, state, sla).timers) timers.set(name, at);
  return timers;
};

/** How the timers of a case differ from those that it had before: in what hangs on records that are not the same. */
export const timersBetween = (
  before: ShipmentCase | null,
  after: ShipmentCase,
  sla: Sla,
): { readonly timers: CaseTimer[]; readonly cancelTimers: string[] } => {
  const timers: CaseTimer[] = [];
  const cancelTimers: string[] = [];
  const differ = (what: string, id: string, was: Due, at: Due): void => {
    if (at === was) return;
    if (at === null) cancelTimers.push(`${what}:${id}`);
    else timers.push({ name: `${what}:${id}`, at });
  };
  // Actions are never taken out of a case: where there is none of a clock now, there was none before.
  const isClocked = hasClockAction(after);
  for (const id in after.exceptions) {
    const exception = after.exceptions[id]!;
    const old = before === null ? undefined : entryOf(before.exceptions, id);
    // How far a clock has come hangs on the actions, too.
    if (old === exception && !isClocked) continue;
    const was = old === undefined ? NEVER : exceptionDue(before!, old, sla, isClocked);
    const due = exceptionDue(after, exception, sla, isClocked);
    differ('close', id, was.close, due.close);
    differ('wake', id, was.wake, due.wake);
    differ('response', id, was.response, due.response);
    differ('resolution', id, was.resolution, due.resolution);
  }
  for (const id in after.actions) {
    const action = after.actions[id]!;
    const old = before === null ? undefined : entryOf(before.actions, id);
    if (old === action) continue;
    const was = old === undefined ? NEVER_BY_ITSELF : actionDue(old);
    const due = actionDue(action);
    differ('expire', id, was.expire, due.expire);
    differ('approval', id, was.approval, due.approval);
    differ('release', id, was.release, due.release);
  }
  differ('lost', '', before === null ? null : lostAt(before), lostAt(after));
  return { timers, cancelTimers };
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
