import {
  arrivalAfter,
  type Awaited,
  awaitedAfterEvent,
  awaitedAfterPlan,
  notAwaited,
  type RateChange,
} from '../domain/arrival.ts';
import type { CarrierRate } from '../domain/carrier-rate.ts';
import type { Contract } from '../domain/contract.ts';
import { contractInForce } from '../domain/contract-in-force.ts';
import { liveForMs } from '../domain/follow.ts';
import { emptyWindow, slid, slidesAt, tell, withChange } from '../domain/rate-window.ts';
import type { Rules } from '../domain/rules.ts';
import { effectiveTerms } from '../domain/sla.ts';
import { table } from '../operators/broadcast-table.ts';
import { keyedProcess, rowsOf } from '../operators/keyed-process.ts';
import { pipeline } from '../runtime/pipeline.ts';
import { rulesNow, rulesTable } from './rules-table.ts';
import { carrierRates, contracts, plans, rulesInForce, tracking, type RulesInForce } from './topics.ts';

/** As long as a case of `resolve`: until then an arrival may be corrected. */
const KEPT_AFTER_END_MS = 14 * 86_400_000;
/** A scope tells of itself at most so often: every task reads all of it. */
const TELL_EVERY_MS = 600_000;

/**
 * How often shipments came in time, by carrier × lane × service and by each of the wider scopes, over the last 28 days: a
 * delivery counts from the moment at which it was heard of, and a correction of it takes its place. `predict` reads the
 * rates as a table. They are made from plans and tracking, by the end and the promise that make the outcome too, and not
 * from `outcomes`: that topic waits for `predict`, and would so wait for itself. State: a shipment's promises and ends
 * until two weeks after its arrival; 28 days of counts for each scope, gone when the last has left.
 */
export const carriers = (atStart: Rules) =>
  pipeline('carriers', { from: { rules: rulesInForce, contracts, plans, tracking } }, (from) => {
    const arrivals = keyedProcess('arrivals', {
      inputs: {
        plans: from.plans.keyBy('shipmentId'),
        tracking: from.tracking.keyBy((event) => event.shipmentId ?? ''),
      },
      tables: {
        contracts: table(from.contracts, {
          key: (row) => `${row.customerId}:${row.version}`,
          matches: (row) => [row.customerId],
        }),
        rules: rulesTable(from.rules),
      },
      emits: rowsOf<RateChange>(),
      initial: notAwaited,
      on: {
        plans: (plan, context) =>
          settle(awaitedAfterPlan(context.state, plan), context, rulesNow(context, atStart)),
        tracking: (event, context) => {
          const awaited = awaitedAfterEvent(context.state, event);
          if (awaited !== context.state) settle(awaited, context, rulesNow(context, atStart));
        },
      },
      onTimer: (_, context) => context.drop(),
    });

    const rates = keyedProcess('rates', {
      inputs: { changes: arrivals.rekey('by-scope', 'key') },
      emits: rowsOf<CarrierRate>(),
      initial: emptyWindow,
      on: {
        changes: (change, context) => {
          const window = withChange(context.state, change, context.now);
          context.set(window);
          context.timer('tell', (window.told?.at ?? -Infinity) + TELL_EVERY_MS);
          context.timer('slide', slidesAt(window));
        },
      },
      onTimer: (_, context) => {
        const { window, rate } = tell(slid(context.state, context.now), context.now);
        if (rate !== null) context.emit(rate);
        if (window.days.length === 0) return context.drop();
        context.set(window);
        context.timer('slide', slidesAt(window));
      },
    });
    return [rates.to(carrierRates)];
  });

const settle = (
  awaited: Awaited,
  context: {
    readonly now: number;
    readonly set: (state: Awaited) => void;
    readonly emit: (change: RateChange) => void;
    readonly timer: (name: string, at: number) => void;
    readonly find: (table: 'contracts', customers: readonly string[]) => readonly Contract[];
    readonly lookup: (table: 'rules', key: string) => RulesInForce | undefined;
  },
  { sla }: Rules,
): void => {
  const { now } = context;
  const known = awaited.plan === null ? [] : context.find('contracts', [awaited.plan.customerId]);
  const { state, changes } = arrivalAfter(awaited, effectiveTerms(sla, contractInForce(known, now)), now);
  context.set(state);
  for (const change of changes) context.emit(change);
  const hasEnded = state.ends.length > 0 && state.plan !== null;
  const lastPromise = state.plan?.latestPromisedAt ?? now;
  context.timer('forget', hasEnded ? now + KEPT_AFTER_END_MS : Math.max(now, lastPromise) + liveForMs);
};
