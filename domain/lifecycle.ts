import type { actionStates } from './action.ts';
import type { exceptionStates } from './exception.ts';

export type ExceptionState = (typeof exceptionStates)[number];
export type ActionState = (typeof actionStates)[number];

/**
 * `stay`: the event is in order and changes nothing, such as new evidence, or news that came too late to
 * matter. `refuse`: it must not happen; it changes nothing and is reported.
 */
type Next<State> = State | 'stay' | 'refuse';
type Transitions<State extends string, Event extends string> = Readonly<
  Record<State, Readonly<Record<Event, Next<State>>>>
>;

export const exceptionEvents = [
  'new_evidence',
  'acknowledge',
  /** Something that may help has gone out. */
  'action_sent',
  'condition_cleared',
  /** A person wants to hear of it later. */
  'snooze',
  /** The time has come, or it has grown graver. */
  'wake',
  /** Nothing is left to wait for: delivered, or long enough resolved. */
  'close',
  'withdraw',
  'reopen',
] as const;
export type ExceptionEvent = (typeof exceptionEvents)[number];

/** Life of an exception, state × event: a missing case does not compile. */
export const exceptionTransitions: Transitions<ExceptionState, ExceptionEvent> = {
  open: {
    new_evidence: 'stay',
    acknowledge: 'acknowledged',
    action_sent: 'mitigated',
    condition_cleared: 'resolved',
    snooze: 'snoozed',
    wake: 'stay',
    close: 'closed',
    withdraw: 'withdrawn',
    reopen: 'stay',
  },
  acknowledged: {
    new_evidence: 'stay',
    acknowledge: 'stay',
    action_sent: 'mitigated',
    condition_cleared: 'resolved',
    snooze: 'snoozed',
    wake: 'stay',
    close: 'closed',
    withdraw: 'withdrawn',
    reopen: 'stay',
  },
  mitigated: {
    new_evidence: 'stay',
    acknowledge: 'stay',
    action_sent: 'stay',
    condition_cleared: 'resolved',
    snooze: 'snoozed',
    wake: 'stay',
    close: 'closed',
    withdraw: 'withdrawn',
    reopen: 'stay',
  },
  snoozed: {
    new_evidence: 'stay',
    acknowledge: 'acknowledged',
    action_sent: 'stay',
    condition_cleared: 'resolved',
    snooze: 'stay',
    wake: 'acknowledged',
    close: 'closed',
    withdraw: 'withdrawn',
    reopen: 'stay',
  },
  resolved: {
    new_evidence: 'stay',
    acknowledge: 'stay',
    action_sent: 'stay',
    condition_cleared: 'stay',
    snooze: 'refuse',
    wake: 'stay',
    close: 'closed',
    withdraw: 'withdrawn',
    reopen: 'open',
  },
  closed: {
    new_evidence: 'refuse',
    acknowledge: 'refuse',
    action_sent: 'stay',
    condition_cleared: 'stay',
    snooze: 'refuse',
    wake: 'stay',
    close: 'stay',
    withdraw: 'withdrawn',
    reopen: 'refuse',
  },
  withdrawn: {
    new_evidence: 'refuse',
    acknowledge: 'refuse',
    action_sent: 'stay',
    condition_cleared: 'stay',
    snooze: 'refuse',
    wake: 'stay',
    close: 'stay',
    withdraw: 'stay',
    reopen: 'refuse',
  },
};

export const actionEvents = [
  /** It has waited enough. */
  'release',
  /** It has waited enough, and now somebody must approve it. */
  'ask',
  'approve',
  'refuse',
  /** A person did what was recommended. */
  'take_up',
  'time_out',
  /** Nobody has approved in time: the next role of the chain is asked. */
  'pass_on',
  'expire',
  'cancel',
  /** The random hold-out of the playbook withholds it. */
  'hold_out',
  'result_sent',
  'result_confirmed',
  'result_uncertain',
  'result_failed',
  'result_expired',
  'result_suppressed',
] as const;
export type ActionEvent = (typeof actionEvents)[number];

/** Nothing can have been sent that was never due: a result for it is a mistake. */
const neverBegun = {
  result_sent: 'refuse',
  result_confirmed: 'refuse',
  result_uncertain: 'refuse',
  result_failed: 'refuse',
  result_expired: 'refuse',
  result_suppressed: 'refuse',
} as const;

/** Stopped while the dispatcher may have been at it: what it finds out later is the truth. */
const perhapsBegun = {
  result_sent: 'sent',
  result_confirmed: 'confirmed',
  result_uncertain: 'uncertain',
  result_failed: 'stay',
  result_expired: 'stay',
  result_suppressed: 'stay',
} as const;

/** It is out of the house, or over: people and clocks come too late. */
const tooLate = {
  release: 'stay',
  ask: 'stay',
  approve: 'refuse',
  refuse: 'refuse',
  take_up: 'refuse',
  time_out: 'stay',
  pass_on: 'stay',
  expire: 'stay',
  cancel: 'stay',
  hold_out: 'stay',
} as const;

/** Life of an action, state × event: a missing case does not compile. */
export const actionTransitions: Transitions<ActionState, ActionEvent> = {
  proposed: {
    release: 'due',
    ask: 'awaiting_approval',
    approve: 'due',
    refuse: 'refused',
    take_up: 'confirmed',
    time_out: 'stay',
    pass_on: 'stay',
    expire: 'expired',
    cancel: 'cancelled',
    hold_out: 'held_out',
    ...neverBegun,
  },
  awaiting_approval: {
    release: 'stay',
    ask: 'stay',
    approve: 'due',
    refuse: 'refused',
    take_up: 'refuse',
    time_out: 'expired',
    pass_on: 'awaiting_approval',
    expire: 'expired',
    cancel: 'cancelled',
    hold_out: 'refuse',
    ...neverBegun,
  },
  due: {
    release: 'stay',
    ask: 'stay',
    approve: 'refuse',
    refuse: 'refuse',
    take_up: 'refuse',
    time_out: 'stay',
    pass_on: 'stay',
    expire: 'expired',
    cancel: 'cancelled',
    hold_out: 'refuse',
    result_sent: 'sent',
    result_confirmed: 'confirmed',
    result_uncertain: 'uncertain',
    result_failed: 'failed',
    result_expired: 'expired',
    result_suppressed: 'suppressed',
  },
  sent: {
    ...tooLate,
    result_sent: 'stay',
    result_confirmed: 'confirmed',
    result_uncertain: 'stay',
    result_failed: 'failed',
    result_expired: 'stay',
    result_suppressed: 'stay',
  },
  uncertain: {
    ...tooLate,
    result_sent: 'sent',
    result_confirmed: 'confirmed',
    result_uncertain: 'stay',
    result_failed: 'failed',
    result_expired: 'stay',
    result_suppressed: 'stay',
  },
  failed: {
    ...tooLate,
    result_sent: 'sent',
    result_confirmed: 'confirmed',
    result_uncertain: 'uncertain',
    result_failed: 'stay',
    result_expired: 'stay',
    result_suppressed: 'stay',
  },
  expired: { ...tooLate, ...perhapsBegun },
  cancelled: { ...tooLate, ...perhapsBegun },
  confirmed: {
    ...tooLate,
    result_sent: 'stay',
    result_confirmed: 'stay',
    result_uncertain: 'stay',
    result_failed: 'stay',
    result_expired: 'stay',
    result_suppressed: 'stay',
  },
  refused: { ...tooLate, ...neverBegun },
  held_out: { ...tooLate, ...neverBegun },
  /** A digest that speaks for it may have gone before the customer's step knew better. */
  suppressed: { ...tooLate, ...perhapsBegun },
};

/** Work is still going on, or may start again. */
export const liveExceptionStates: ReadonlySet<ExceptionState> = new Set([
  'open',
  'acknowledged',
  'mitigated',
  'snoozed',
]);

/** Decided upon, and not yet with the dispatcher's verdict. */
export const pendingActionStates: ReadonlySet<ActionState> = new Set([
  'proposed',
  'awaiting_approval',
  'due',
]);
