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
import { advanceDayBudget, type DayBudgetState, nothingSpent } from '../domain/courtesy/day-budget.ts';
import { nothingTold, tellOnce, type TellState } from '../domain/courtesy/tell-once.ts';
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
  | { readonly to: 'customer'; readonly action: Action }
  | { readonly to: 'outbox'; readonly dispatch: Dispatch };

/**
 * Who is told what, and when: between what was decided and what leaves the house. Three steps, each with the key of
 * what it counts: a shipment's news is told once, a customer is left in peace and told of one cause as one, and a step
 * of a playbook spends no more in a day than it may. Actions that are no messages pass with their budgets alone.
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

      const departures = keyedProcess('customer', {
        inputs: {
          directories: from.directories.keyBy('customerId'),
          actions: told
            .through(flatMap((row: Told) => (row.to === 'customer' ? [row.action] : [])))
            .rekey('customers', customerOf),
        },
        tables: {
          rules: rulesTable(from.rules),
          contracts: table(from.contracts, {
            key: (row) => `${row.customerId}:${row.version}`,
            matches: (row) => [row.customerId],
          }),
        },
        emits: rowsOf<Departure>(),
        initial: newCustomer,
        on: {
          directories: (directory, context) => advance({ kind: 'directory', directory }, context, rules),
          actions: (action, context) => advance({ kind: 'action', action }, context, rules),
        },
        onTimer: (_, context) => advance({ kind: 'wake' }, context, rules),
      });

      const budgeted = keyedProcess('day-budget', {
        inputs: {
          departures: departures
            .through(where(({ dayBudget }) => dayBudget !== null))
            .rekey('steps', ({ dispatch }) => stepKey(dispatch)),
        },
        emits: rowsOf<Dispatch>(),
        initial: nothingSpent,
        on: { departures: (departure, context) => ration(departure, context) },
        onTimer: (_, context) => ration(null, context),
      });

      return [
        told.through(flatMap((row: Told) => (row.to === 'outbox' ? [row.dispatch] : []))).to(dispatches),
        departures
          .through(
            where(({ dayBudget }) => dayBudget === null),
            map(({ dispatch }) => dispatch),
          )
          .to(dispatches),
        budgeted.to(dispatches),
      ];
    },
  );

const WAKE = 'wake';

/** An action of nobody in particular is on its own with its shipment. */
const customerOf = ({ customerId, shipmentId }: Action): string => customerId ?? shipmentId;

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
  const { state, passed, dispatches: known, wakeAt } = tellOnce(context.state, action, context.now);
  for (const dispatch of known) context.emit({ to: 'outbox', dispatch });
  for (const one of passed) context.emit({ to: 'customer', action: one });
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
  context: Context<CustomerState, Departure> & CustomerTables,
  loaded: Rules,
): void => {
  const { key, now } = context;
  const rules = rulesNow(context, loaded);
  const terms = effectiveTerms(rules.sla, contractInForce(context.find('contracts', [key]), now));
  const { state, departures, wakeAt } = advanceCourtesy(context.state, event, { now, rules, terms });
  departures.forEach(context.emit);
  if (isForgettable(state)) return context.drop();
  context.set(state);
  context.timer(WAKE, wakeAt);
};

const ration = (departure: Departure | null, context: Context<DayBudgetState, Dispatch>): void => {
  const { state, dispatch, wakeAt } = advanceDayBudget(context.state, departure, context.now);
  if (dispatch !== null) context.emit(dispatch);
  if (wakeAt === null) return context.drop();
  context.set(state);
  context.timer(WAKE, wakeAt);
};
