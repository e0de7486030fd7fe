import type { Action } from '../action.ts';
import type { Dispatch } from '../dispatch.ts';
import { entryOf } from '../shipment-case.ts';
import { stableId } from '../stable-id.ts';
import { note, strike, upBy } from './agenda.ts';
import { audienceOf, plainDispatch } from './audience.ts';
import { budgetOf, dayOf, type DayBudget, fits, spend, stepKey } from './budget.ts';
import { type CustomerWork, heldOf, type OpenDigest, type Pending } from './customer-state.ts';
import { DIGEST_MS, digestIdOf, digestKey, digestOf } from './digest.ts';
import { KEPT_MS } from './kept.ts';
import { nextVersion } from './next-version.ts';
import { goesAt, offsetOf, uselessFrom } from './quiet-time.ts';
import { recipientsOf } from './recipients.ts';
import { without } from './without.ts';

export const keepHeld = (work: CustomerWork, pending: Pending): void => {
  const held = note(work.state.held, heldOf(pending));
  work.state = { ...work.state, held };
};

/** It is held no more. */
const release = (work: CustomerWork, { dispatch: { id } }: Pending): void => {
  const held = strike(work.state.held, id);
  if (held !== work.state.held) work.state = { ...work.state, held };
};

const publish = (
  work: CustomerWork,
  { dispatch, since }: Pending,
  change: Partial<Dispatch>,
  dayBudget: DayBudget | null = null,
): Pending => {
  const next = nextVersion(dispatch, change, work.now);
  work.departures.push({ dispatch: next, dayBudget });
  return { dispatch: next, since };
};

/** Publishes its last version. `neverLeft`: it was held until now, and that it says. */
export const close = (
  work: CustomerWork,
  pending: Pending,
  state: 'cancelled' | 'suppressed',
  because: Dispatch['suppressedBecause'] = null,
  neverLeft = false,
): void => {
  const heldBecause = neverLeft ? pending.dispatch.heldBecause : null;
  publish(work, pending, { state, heldUntil: null, heldBecause, suppressedBecause: because });
  release(work, pending);
};

const hold = (
  work: CustomerWork,
  pending: Pending,
  heldBecause: NonNullable<Dispatch['heldBecause']>,
  heldUntil: number,
): void => {
  const { dispatch } = pending;
  if (dispatch.heldBecause === heldBecause && dispatch.heldUntil === heldUntil) return;
  keepHeld(work, publish(work, pending, { state: 'proposed', heldBecause, heldUntil }));
};

/** Takes it from the customer's budget, and says what the budget over all customers has to be asked; null: refused. */
const charge = (
  work: CustomerWork,
  { dispatch }: Pending,
): { readonly dayBudget: DayBudget | null } | null => {
  const budget = budgetOf(work.rules, dispatch);
  if (budget === undefined) return { dayBudget: null };
  const day = dayOf(work.now, offsetOf(work.terms, work.now));
  const { perCustomerPerDay, perDay } = budget;
  if (perCustomerPerDay !== undefined) {
    const key = `${stepKey(dispatch)}|${day}`;
    const spent = entryOf(work.state.spent, key);
    if (!dispatch.mandatory && !fits(perCustomerPerDay, spent, dispatch.costMinor)) return null;
    work.state = {
      ...work.state,
      spent: { ...work.state.spent, [key]: spend(spent, dispatch.costMinor, work.now) },
    };
  }
  return { dayBudget: perDay === undefined ? null : { limit: perDay, day } };
};

/** Lets it go, unless its budget is spent; true when it goes. */
const leave = (work: CustomerWork, pending: Pending): boolean => {
  const granted = charge(work, pending);
  if (granted === null) {
    close(work, pending, 'suppressed', 'budget_spent');
    return false;
  }
  const { dispatch } = pending;
  // What was held becomes due only now.
  const dueAt = dispatch.state === 'proposed' ? work.now : dispatch.dueAt;
  const change = { state: 'due', dueAt, heldUntil: null, heldBecause: null } as const;
  const left = publish(work, pending, change, granted.dayBudget);
  work.followed.push({ kind: 'left', left: { ...left, ...granted } });
  release(work, pending);
  return true;
};

/** With those who are told now; null when nobody is, and then that is said. */
const addressed = (work: CustomerWork, pending: Pending): Pending | null => {
  const { recipients, nobody } = recipientsOf(work.state.contacts, pending.dispatch);
  const known = { ...pending, dispatch: { ...pending.dispatch, recipients: [...recipients] } };
  if (nobody === null) return known;
  close(work, known, 'suppressed', nobody);
  return null;
};

const openWindow = (work: CustomerWork, key: string, openedBy: string): void => {
  const window = { openedBy, until: work.now + DIGEST_MS };
  work.state = { ...work.state, windows: { ...work.state.windows, [key]: window } };
};

/** A message, or another action, that is ready: it goes, is held, or is not to go. */
export const depart = (work: CustomerWork, ready: Pending): void => {
  if (audienceOf(ready.dispatch) === null) return void leave(work, ready);
  const pending = addressed(work, ready);
  if (pending === null) return;
  const { dispatch } = pending;
  const at = goesAt(dispatch, work.terms, work.now);
  if (at > work.now) return hold(work, pending, 'quiet_hours', at);
  const key = digestKey(dispatch);
  const window = entryOf(work.state.windows, key);
  if (window !== undefined && window.until < uselessFrom(dispatch))
    return hold(work, pending, 'digest', window.until);
  if (leave(work, pending) && key !== null && window === undefined) openWindow(work, key, dispatch.id);
};

/** What is held and up by `until`, in the order in which it came. */
const heldBy = (work: CustomerWork, until: number, wanted: (dispatch: Dispatch) => boolean): Pending[] =>
  upBy(work.state.held, until)
    .filter(({ dispatch }) => wanted(dispatch))
    .sort((a, b) => a.since - b.since || (a.dispatch.id < b.dispatch.id ? -1 : 1));

/** Several messages leave as one; a budget that is spent lets only those through that are mandatory. */
const leaveTogether = (
  work: CustomerWork,
  key: string,
  openedBy: string,
  members: readonly [Pending, ...Pending[]],
): string | null => {
  const [first] = members;
  const id = digestIdOf(first.dispatch, key, openedBy);
  const whole = digestOf(id, [first.dispatch, ...members.slice(1).map(({ dispatch }) => dispatch)], work.now);
  const granted = charge(work, { ...first, dispatch: whole });
  if (granted === null) {
    for (const member of members) close(work, member, 'suppressed', 'budget_spent');
    return null;
  }
  for (const member of members) {
    release(work, member);
    const { dispatch, since } = member;
    work.followed.push({ kind: 'left', left: { dispatch, dayBudget: null, since } });
  }
  const digest: OpenDigest = {
    dispatch: whole,
    ...granted,
    open: members.length,
    ended: null,
    withdrawn: [],
    sayAt: null,
    lapsesAt: work.now + KEPT_MS,
  };
  work.state = { ...work.state, digests: { ...work.state.digests, [id]: digest } };
  work.departures.push({ dispatch: whole, ...granted });
  return id;
};

/** The end of a window: what was collected leaves, one alone as itself, and a new window begins behind it. */
const closeWindow = (work: CustomerWork, key: string): void => {
  const window = entryOf(work.state.windows, key);
  if (window === undefined) return;
  work.state = { ...work.state, windows: without(work.state.windows, key) };
  const collected = heldBy(
    work,
    Infinity,
    (dispatch) => dispatch.heldBecause === 'digest' && digestKey(dispatch) === key,
  );
  const ready: Pending[] = [];
  for (const member of collected) {
    const pending = addressed(work, member);
    if (pending === null) continue;
    const at = goesAt(pending.dispatch, work.terms, work.now);
    if (at > work.now) hold(work, pending, 'quiet_hours', at);
    else ready.push(pending);
  }
  const [first, ...others] = ready;
  if (first === undefined) return;
  if (others.length === 0) {
    if (leave(work, first)) openWindow(work, key, first.dispatch.id);
    return;
  }
  const id = leaveTogether(work, key, window.openedBy, [first, ...others]);
  if (id !== null) openWindow(work, key, id);
};

/** Everything whose time has come, windows first. */
export const departHeld = (work: CustomerWork): void => {
  const over = Object.entries(work.state.windows).filter(([, { until }]) => until <= work.now);
  for (const [key] of over) closeWindow(work, key);
  const slept = heldBy(work, work.now, ({ heldUntil }) => (heldUntil ?? Infinity) <= work.now);
  for (const pending of slept) depart(work, pending);
};

/** An action that is due for the first time. */
export const arrive = (work: CustomerWork, action: Action): void => {
  const thread =
    audienceOf(action) === null
      ? ''
      : stableId('thread', action.customerId ?? action.shipmentId, action.exceptionId);
  const dispatch: Dispatch = { ...plainDispatch(action), version: 0, thread };
  depart(work, { dispatch, since: work.now });
};
