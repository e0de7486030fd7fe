import type { Action } from '../action.ts';
import type { Contact, Directory } from '../directory.ts';
import type { Dispatch } from '../dispatch.ts';
import type { Rules } from '../rules.ts';
import type { EffectiveTerms } from '../sla.ts';
import { type Agenda, upNext } from './agenda.ts';
import type { DayBudget, Spent } from './budget.ts';
import type { Followed } from './departed.ts';
import { KEPT_MS } from './kept.ts';
import type { Passage } from './tell-once.ts';

/** An action that is due and has not left yet. */
export interface Pending {
  /** As it was last published. */
  readonly dispatch: Dispatch;
  /** When it came. */
  readonly since: number;
}

/** One that waits; its dispatch is `proposed`. */
export interface Held extends Pending {
  readonly id: string;
  readonly until: number;
}

/** Until its end further messages of the same cause are collected. */
export interface DigestWindow {
  /** Action or digest with which it began: it makes the id of the digest. */
  readonly openedBy: string;
  readonly until: number;
}

/** A digest that has left, until the end of all that it covers is known. */
export interface OpenDigest {
  readonly dispatch: Dispatch;
  readonly dayBudget: DayBudget | null;
  /** How many covered actions have no end yet. */
  readonly open: number;
  /** What the dispatcher found out about it, as the first covered action says. */
  readonly ended: Action['state'] | null;
  /** Were withdrawn, and its last version still names them. */
  readonly withdrawn: readonly string[];
  /** When that is said at the latest; null when there is nothing to say. */
  readonly sayAt: number | null;
  /** It is let go then, whatever is still open. */
  readonly lapsesAt: number;
}

/**
 * What is kept for one customer: its contacts, and what waits. What has left is followed by its shipment, so that this
 * does not grow with a customer's shipments; a digest that has left stays until the end of what it covers.
 */
export interface CustomerState {
  /** Null while no directory is known. */
  readonly contacts: readonly Contact[] | null;
  readonly held: Agenda<Held>;
  readonly windows: Readonly<Record<string, DigestWindow>>;
  readonly digests: Readonly<Record<string, OpenDigest>>;
  /** By step and day. */
  readonly spent: Readonly<Record<string, Spent>>;
}

export const newCustomer: CustomerState = {
  contacts: null,
  held: [],
  windows: {},
  digests: {},
  spent: {},
};

export const isForgettable = ({ contacts, held, windows, digests, spent }: CustomerState): boolean =>
  contacts === null && [held, windows, digests, spent].every((entries) => Object.keys(entries).length === 0);

export type CustomerEvent =
  | Passage
  | { readonly kind: 'directory'; readonly directory: Directory }
  /** Something that was held may go, or something is over. */
  | { readonly kind: 'wake' };

export interface CustomerContext {
  /** Log time. */
  readonly now: number;
  readonly rules: Rules;
  readonly terms: EffectiveTerms;
}

/** A dispatch, and whether the budget of its step over all customers has a say in it. */
export interface Departure {
  readonly dispatch: Dispatch;
  readonly dayBudget: DayBudget | null;
}

export interface CustomerStep {
  /** The same object when nothing has changed. */
  readonly state: CustomerState;
  readonly departures: readonly Departure[];
  /** What goes on to the step of its shipment: what has left now, and what comes later of what left before. */
  readonly followed: readonly Followed[];
  /** When time alone changes something next; null when it does not. */
  readonly wakeAt: number | null;
}

/** One step at work: `state` is replaced by each change. */
export interface CustomerWork extends CustomerContext {
  state: CustomerState;
  readonly departures: Departure[];
  readonly followed: Followed[];
}

/** When time alone changes something next; Infinity when it does not. */
export const nextOf = ({ held, windows, digests, spent }: CustomerState): number => {
  let next = upNext(held);
  for (const entries of [windows, spent])
    for (const key in entries) next = Math.min(next, entries[key]!.until);
  for (const key in digests) next = Math.min(next, digests[key]!.sayAt ?? digests[key]!.lapsesAt);
  return next;
};

/** A held one wakes when it may go, and is let go when nobody ever says its end. */
export const heldOf = ({ dispatch, since }: Pending): Held => ({
  id: dispatch.id,
  dispatch,
  since,
  until: Math.min(dispatch.heldUntil ?? Infinity, since + KEPT_MS),
});
