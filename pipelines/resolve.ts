import type { Action, ActionResult } from '../domain/action.ts';
import type { Contract } from '../domain/contract.ts';
import { contractInForce } from '../domain/contract-in-force.ts';
import type { ShipmentException } from '../domain/exception.ts';
import { liveForMs } from '../domain/follow.ts';
import type { Outcome } from '../domain/outcome.ts';
import { advanceCase } from '../domain/resolution.ts';
import type { Rules } from '../domain/rules.ts';
import { type CaseEvent, emptyCase, type ShipmentCase } from '../domain/shipment-case.ts';
import { stableId } from '../domain/stable-id.ts';
import { worstSeverity } from '../domain/worst-severity.ts';
import { table } from '../operators/broadcast-table.ts';
import { flatMap } from '../operators/flat-map.ts';
import { keyedProcess, rowsOf } from '../operators/keyed-process.ts';
import { pipeline } from '../runtime/pipeline.ts';
import { rulesNow, rulesTable } from './rules-table.ts';
import {
  actionResults,
  actions,
  contracts,
  decisions,
  exceptions,
  inquiries,
  outcomeReports,
  outcomes,
  plans,
  predictions,
  rulesInForce,
  shipmentOrders,
  type RulesInForce,
  signals,
  tmsChanges,
  tracking,
} from './topics.ts';

type Published =
  | { readonly topic: 'exception'; readonly row: ShipmentException }
  | { readonly topic: 'action'; readonly row: Action }
  | { readonly topic: 'outcome'; readonly row: Outcome };

export interface ResolveOptions {
  /**
   * For a line that sends nothing: which actions are taken to have been sent a second after they were due, so that
   * what follows from them is decided too. Of the others the results are in the input.
   */
  readonly takesAsSent?: (actionId: string) => boolean;
  /** Destinations whose receivers keep an alert open until they hear that it is over, such as PagerDuty. */
  readonly keepsOpen?: readonly string[];
}

/**
 * One case a shipment: signals become exceptions under the customer's contract, the playbook says what to do, people
 * decide what may not run by itself, results and the delivery close it, and the outcome is the label to learn from.
 */
export const resolve = (atStart: Rules, { takesAsSent = () => false, keepsOpen = [] }: ResolveOptions = {}) =>
  pipeline(
    'resolve',
    // What was heard at the same time is taken in this order: a plan before what is raised about it, and that before
    // the event that may end the shipment.
    {
      from: {
        rules: rulesInForce,
        contracts,
        plans,
        orders: shipmentOrders,
        signals,
        predictions,
        tracking,
        inquiries,
        decisions,
        tmsChanges,
        outcomeReports,
        actionResults,
      },
    },
    (from) => {
      const alertsAt = new Set(keepsOpen);
      const advance = (event: CaseEvent, context: Context): void => {
        const dueNow = advanceBy(event, context, rulesNow(context, atStart), alertsAt);
        for (const id of dueNow)
          if (takesAsSent(id)) context.timer(`${SENT}${id}`, context.now + SENT_AFTER_MS);
      };
      const onContract = (context: Context): void =>
        advance(
          {
            kind: 'contract',
            contract: contractInForce(context.find('contracts', customersOf(context.state)), context.now),
          },
          context,
        );
      const cases = keyedProcess('case', {
        inputs: {
          plans: from.plans.keyBy('shipmentId'),
          orders: from.orders.keyBy('shipmentId'),
          signals: from.signals.keyBy('shipmentId'),
          predictions: from.predictions.keyBy('shipmentId'),
          tracking: from.tracking.keyBy((event) => event.shipmentId ?? ''),
          inquiries: from.inquiries.keyBy('shipmentId'),
          decisions: from.decisions.keyBy('shipmentId'),
          changes: from.tmsChanges.keyBy('shipmentId'),
          reports: from.outcomeReports.keyBy('shipmentId'),
          results: from.actionResults.keyBy('shipmentId'),
        },
        tables: {
          contracts: table(from.contracts, {
            key: (row) => `${row.customerId}:${row.version}`,
            matches: (row) => [row.customerId],
          }),
          // New rules hold for what is judged from then on; they wake nobody by themselves.
          rules: rulesTable(from.rules),
        },
        interests: { contracts: customersOf },
        // A contract may be for a hundred thousand of them: what is worst is judged anew first.
        urgency: { contracts: worstSeverity },
        emits: rowsOf<Published>(),
        initial: emptyCase,
        on: {
          plans: (plan, context) => advance({ kind: 'plan', plan }, context),
          orders: (order, context) => advance({ kind: 'orders', order }, context),
          signals: (signal, context) => advance({ kind: 'signal', signal }, context),
          predictions: (prediction, context) => advance({ kind: 'prediction', prediction }, context),
          tracking: (event, context) => advance({ kind: 'tracking', event }, context),
          inquiries: (inquiry, context) => advance({ kind: 'inquiry', inquiry }, context),
          decisions: (decision, context) => advance({ kind: 'decision', decision }, context),
          changes: (change, context) => advance({ kind: 'tms_change', change }, context),
          reports: (report, context) => advance({ kind: 'outcome_report', report }, context),
          results: (result, context) => advance({ kind: 'action_result', result }, context),
        },
        onTable: { contracts: (_, context) => onContract(context) },
        onTimer: (name, context) => {
          if (name === FORGET) forget(context);
          else if (name === CONTRACT) onContract(context);
          else if (name.startsWith(SENT))
            advance(
              { kind: 'action_result', result: takenAsSent(name.slice(SENT.length), context) },
              context,
            );
          else advance({ kind: 'timer', name }, context);
        },
      });
      const only = <T extends Published['topic']>(topic: T) =>
        flatMap((published: Published) =>
          published.topic === topic ? [(published as Extract<Published, { topic: T }>).row] : [],
        );
      return [
        cases.through(only('exception')).to(exceptions),
        cases.through(only('action')).to(actions),
        cases.through(only('outcome')).to(outcomes),
      ];
    },
  );

interface Context {
  readonly now: number;
  readonly state: ShipmentCase;
  readonly set: (state: ShipmentCase) => void;
  readonly emit: (row: Published) => void;
  readonly timer: (name: string, at: number | null) => void;
  readonly drop: () => void;
  readonly find: (table: 'contracts', customers: readonly string[]) => readonly Contract[];
  readonly lookup: (table: 'rules', key: string) => RulesInForce | undefined;
}

/** Timers of this pipeline beside those of the case itself. */
const FORGET = 'forget';
const CONTRACT = 'contract-begins';
const SENT = 'sent:';
const SENT_AFTER_MS = 1_000;
const KEPT_AFTER_END_MS = 14 * 86_400_000;

/** Nothing is due for so long: expired, failed or sent, the dispatcher has said so. */
const ANSWERED_WITHIN_MS = 365 * 86_400_000;

/**
 * A case is forgotten when nothing more can come to it. What the dispatcher has yet to answer keeps it: where log time jumps,
 * after weeks in which nothing ran, a step that becomes due and the end of its case come in the same moment.
 */
const forget = ({ state, now, timer, drop }: Pick<Context, 'state' | 'now' | 'timer' | 'drop'>): void => {
  const isAwaited = Object.values(state.actions).some(({ state: is, dueAt, sentAt, heardAt }) => {
    if (is === 'due') return now < (dueAt ?? now) + ANSWERED_WITHIN_MS;
    // Called off while an attempt may have been under way: of that nothing need come.
    const isPerhapsBegun = (is === 'cancelled' || is === 'expired') && dueAt !== null && sentAt === null;
    return isPerhapsBegun && now < heardAt + 2 * KEPT_AFTER_END_MS;
  });
  if (isAwaited) timer(FORGET, now + KEPT_AFTER_END_MS);
  else drop();
};

const customersOf = ({ plan }: ShipmentCase): readonly string[] => (plan === null ? [] : [plan.customerId]);

/** Returns the ids of the actions that have become due. */
const advanceBy = (
  event: CaseEvent,
  context: Context,
  rules: Rules,
  keepsOpen: ReadonlySet<string>,
): readonly string[] => {
  const { now } = context;
  const customers = event.kind === 'plan' ? [event.plan.customerId] : customersOf(context.state);
  const known = context.find('contracts', customers);
  const contract = contractInForce(known, now);
  const step = advanceCase(context.state, event, { now, rules, contract, keepsOpen });
  context.set(step.case);
  for (const name of step.cancelTimers) context.timer(name, null);
  for (const { name, at } of step.timers) context.timer(name, at);
  for (const row of step.exceptions) context.emit({ topic: 'exception', row });
  for (const row of step.actions) context.emit({ topic: 'action', row });
  for (const row of step.outcomes) context.emit({ topic: 'outcome', row });
  // A contract is no news of the shipment, and one may come to a hundred thousand of them.
  if (event.kind !== 'contract' || step.outcomes.length > 0)
    context.timer(FORGET, now + (step.case.outcome === null ? liveForMs : KEPT_AFTER_END_MS));
  const begins = known.reduce(
    (first, { effectiveFrom: at }) => (at > now && at < first ? at : first),
    Infinity,
  );
  context.timer(CONTRACT, begins === Infinity ? null : begins);
  return step.actions.filter(({ state }) => state === 'due').map(({ id }) => id);
};

/** What a dispatcher that sends nothing would say of an action. */
const takenAsSent = (actionId: string, { now, state }: Context): ActionResult => ({
  id: stableId('result', actionId, 'sent'),
  at: now,
  heardAt: now,
  actionId,
  shipmentId: state.shipmentId ?? '',
  exceptionId: state.actions[actionId]?.exceptionId ?? '',
  result: 'sent',
  attempts: 1,
  httpStatus: null,
  error: null,
});
