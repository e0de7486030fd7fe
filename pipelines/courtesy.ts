import type { Action } from '../domain/action.ts';
import type { Contract } from '../domain/contract.ts';
import { stepKey } from '../domain/courtesy/budget.ts';
import { contractInForce } from '../domain/contract-in-force.ts';
import { advanceCourtesy } from '../domain/courtesy/customer.ts';
import {
  type CustomerEvent,
  type CustomerState,
  type Departure,
  isForgettable,
  newCustomer,
} from '../domain/courtesy/customer-state.ts';
import {
  type DepartedState,
  type Followed,
  followDeparted,
  nothingLeft,
} from '../domain/courtesy/departed.ts';
import { advanceDayBudget, type DayBudgetState, nothingSpent } from '../domain/courtesy/day-budget.ts';
import { nothingTold, type Passage, tellOnce, type TellState } from '../domain/courtesy/tell-once.ts';
import type { Dispatch } from '../domain/dispatch.ts';
import type { Rules } from '../domain/rules.ts';
import { effectiveTerms } from '../domain/sla.ts';
import { table } from '../operators/broadcast-table.ts';
import { flatMap } from '../operators/flat-map.ts';
import { keyedProcess, rowsOf } from '../operators/keyed-process.ts';
import { map } from '../operators/map.ts';
import { where } from '../operators/where.ts';
import { pipeline } from '../runtime/pipeline.ts';
import { rulesNow, rulesTable } from './rules-table.ts';
import { actions, contracts, directories, dispatches, type RulesInForce, rulesInForce } from './topics.ts';

/** Goes on to the customer's step, or is a dispatch already. */
type Told =
  | { readonly to: 'customer'; readonly passage: Passage }
  | { readonly to: 'outbox'; readonly dispatch: Dispatch };

/** Leaves, or is followed from now on by its shipment: a customer may have more under way than one state should hold. */
type Spoken =
  | { readonly to: 'outbox'; readonly departure: Departure }
  | { readonly to: 'shipment'; readonly followed: Followed };

/**
 * Who is told what, and when: between what was decided and what leaves the house. Four steps, each with the key of
 * what it keeps: a shipment's news is told once, a customer is left in peace and told of one cause as one, what has left
 * is followed to its end, and a step of a playbook spends no more in a day than it may. Actions that are no messages
 * pass with their budgets alone.
 */
export const courtesy = (rules: Rules) =>
  pipeline(
    'courtesy',
    // What was heard at the same time is taken in this order: rules, terms and contacts before what they apply to.
    { from: { rules: rulesInForce, contracts, directories, actions } },
    (from) => {
      const told = keyedProcess('told-once', {
        inputs: { actions: from.actions.keyBy('shipmentId') },
        emits: rowsOf<Told>(),
        initial: nothingTold,
        on: { actions: (action, context) => tell(action, context) },
        onTimer: (_, context) => tell(null, context),
      });

      const spoken = keyedProcess('customer', {
        inputs: {
          directories: from.directories.keyBy('customerId'),
          actions: told
            .through(flatMap((row: Told) => (row.to === 'customer' ? [row.passage] : [])))
            .rekey('customers', ({ action }) => customerOf(action)),
        },
        tables: {
          rules: rulesTable(from.rules),
          contracts: table(from.contracts, {
            key: (row) => `${row.customerId}:${row.version}`,
            matches: (row) => [row.customerId],
          }),
        },
        emits: rowsOf<Spoken>(),
        initial: newCustomer,
        on: {
          directories: (directory, context) => advance({ kind: 'directory', directory }, context, rules),
          actions: (passage, context) => advance(passage, context, rules),
        },
        onTimer: (_, context) => advance({ kind: 'wake' }, context, rules),
      });

      const departures = spoken.through(
        flatMap((row: Spoken) => (row.to === 'outbox' ? [row.departure] : [])),
      );

      const later = keyedProcess('departed', {
        inputs: {
          followed: spoken
            .through(flatMap((row: Spoken) => (row.to === 'shipment' ? [row.followed] : [])))
            .rekey('shipments', shipmentOf),
        },
        emits: rowsOf<Departure>(),
        initial: nothingLeft,
        on: { followed: (followed, context) => follow(followed, context) },
        onTimer: (_, context) => follow(null, context),
      });

      const budgeted = keyedProcess('day-budget', {
        inputs: {
          departures: departures
            .through(where(isRationed))
            .rekey('steps', ({ dispatch }) => stepKey(dispatch)),
          later: later.through(where(isRationed)).rekey('later-steps', ({ dispatch }) => stepKey(dispatch)),
        },
        emits: rowsOf<Dispatch>(),
        initial: nothingSpent,
        on: {
          departures: (departure, context) => ration(departure, context),
          later: (departure, context) => ration(departure, context),
        },
        onTimer: (_, context) => ration(null, context),
      });

      const isFree = (departure: Departure): boolean => !isRationed(departure);
      const dispatchOf = map(({ dispatch }: Departure) => dispatch);
      return [
        told.through(flatMap((row: Told) => (row.to === 'outbox' ? [row.dispatch] : []))).to(dispatches),
        departures.through(where(isFree), dispatchOf).to(dispatches),
        later.through(where(isFree), dispatchOf).to(dispatches),
        budgeted.to(dispatches),
      ];
    },
  );

const WAKE = 'wake';

/** An action of nobody in particular is on its own with its shipment. */
const customerOf = ({ customerId, shipmentId }: Action): string => customerId ?? shipmentId;

const shipmentOf = (followed: Followed): string =>
  followed.kind === 'left' ? followed.left.dispatch.shipmentId : followed.action.shipmentId;

/** The budget of its step over all customers has a say in it. */
const isRationed = ({ dayBudget }: Departure): boolean => dayBudget !== null;

interface Context<S, Row> {
  readonly key: string;
  readonly now: number;
  readonly state: S;
  readonly set: (state: S) => void;
  readonly drop: () => void;
  readonly emit: (row: Row) => void;
  readonly timer: (name: string, at: number | null) => void;
}

const tell = (action: Action | null, context: Context<TellState, Told>): void => {
  const { state, passages, dispatches: known, wakeAt } = tellOnce(context.state, action, context.now);
  for (const dispatch of known) context.emit({ to: 'outbox', dispatch });
  for (const passage of passages) context.emit({ to: 'customer', passage });
  if (wakeAt === null) return context.drop();
  context.set(state);
  context.timer(WAKE, wakeAt);
};

interface CustomerTables {
  lookup(table: 'rules', key: string): RulesInForce | undefined;
  find(table: 'contracts', customers: readonly string[]): readonly Contract[];
}

const advance = (
  event: CustomerEvent,
  context: Context<CustomerState, Spoken> & CustomerTables,
  loaded: Rules,
): void => {
  const { key, now } = context;
  const rules = rulesNow(context, loaded);
  const terms = effectiveTerms(rules.sla, contractInForce(context.find('contracts', [key]), now));
  const { state, departures, followed, wakeAt } = advanceCourtesy(context.state, event, {
    now,
    rules,
    terms,
  });
  for (const departure of departures) context.emit({ to: 'outbox', departure });
  for (const one of followed) context.emit({ to: 'shipment', followed: one });
  if (isForgettable(state)) return context.drop();
  // What passes by leaves nothing to be written by the next checkpoint.
  if (state !== context.state) context.set(state);
  context.timer(WAKE, wakeAt);
};

const follow = (followed: Followed | null, context: Context<DepartedState, Departure>): void => {
  const { state, departures, wakeAt } = followDeparted(context.state, followed, context.now);
  departures.forEach(context.emit);
  if (wakeAt === null) return context.drop();
  if (state !== context.state) context.set(state);
  context.timer(WAKE, wakeAt);
};

const ration = (departure: Departure | null, context: Context<DayBudgetState, Dispatch>): void => {
  const { state, dispatch, wakeAt } = advanceDayBudget(context.state, departure, context.now);
  if (dispatch !== null) context.emit(dispatch);
  if (wakeAt === null) return context.drop();
  context.set(state);
  context.timer(WAKE, wakeAt);
};
