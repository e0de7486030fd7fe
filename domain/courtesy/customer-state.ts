import type { Action } from '../action.ts';
import type { Contact, Directory } from '../directory.ts';
import type { Dispatch } from '../dispatch.ts';
import type { Rules } from '../rules.ts';
import type { EffectiveTerms } from '../sla.ts';
import type { DayBudget, Spent } from './budget.ts';

/** An action of a customer that is due and whose end is not known yet. */
export interface Pending {
  /** As it was last published; `proposed` while it is held. */
  readonly dispatch: Dispatch;
  /** Once it has left: how much of its step may leave in a day over all customers. Rows of it go the same way then. */
  readonly dayBudget: DayBudget | null;
  /** The digest that speaks for it. */
  readonly digestId: string | null;
  readonly since: number;
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
  /** Covered actions whose end is not known. */
  readonly open: readonly string[];
  /** What the dispatcher found out about it, as the first covered action says. */
  readonly ended: Action['state'] | null;
}

/** What is kept for one customer: its contacts, and what is on its way. Bounded by its open actions and by days. */
export interface CustomerState {
  /** Null while no directory is known. */
  readonly contacts: readonly Contact[] | null;
  readonly pending: Readonly<Record<string, Pending>>;
  readonly windows: Readonly<Record<string, DigestWindow>>;
  readonly digests: Readonly<Record<string, OpenDigest>>;
  /** By step and day. */
  readonly spent: Readonly<Record<string, Spent>>;
}

export const newCustomer: CustomerState = {
  contacts: null,
  pending: {},
  windows: {},
  digests: {},
  spent: {},
};

export const isForgettable = ({ contacts, pending, windows, digests, spent }: CustomerState): boolean =>
  contacts === null &&
  [pending, windows, digests, spent].every((entries) => Object.keys(entries).length === 0);

export type CustomerEvent =
  | { readonly kind: 'action'; readonly action: Action }
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
  readonly state: CustomerState;
  readonly departures: readonly Departure[];
  /** When time alone changes something next; null when it does not. */
  readonly wakeAt: number | null;
}

/** One step at work: `state` is replaced by each change. */
export interface CustomerWork extends CustomerContext {
  state: CustomerState;
  readonly departures: Departure[];
}

/** `entries` without the one of this key. */
export const without = <T>(entries: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(entries).filter(([name]) => name !== key));
