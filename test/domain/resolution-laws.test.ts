import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Action } from '../../domain/action.ts';
import { exceptionIdOf } from '../../domain/case-signals.ts';
import { timersOf } from '../../domain/case-timers.ts';
import { tiers } from '../../domain/codes.ts';
import { liveExceptionStates, pendingActionStates } from '../../domain/lifecycle.ts';
import { advanceCase } from '../../domain/resolution.ts';
import {
  type CaseContext,
  type CaseEvent,
  type CaseStep,
  emptyCase,
  type ShipmentCase,
} from '../../domain/shipment-case.ts';
import type { Rules } from '../../domain/rules.ts';
import { tmsChanges } from '../../domain/tms-change.ts';
import { rules as shipped } from '../rules/shipped-rules.ts';
import {
  contractOf,
  decisionOf,
  hourMs,
  planOf,
  predictionOf,
  promisedAt,
  resultOf,
  signalOf,
  start,
  trackingOf,
} from './case-story.ts';
import { demandingRules } from './demanding-rules.ts';

/** Something that may happen, as a function of the case that it happens to; null where it makes no sense. */
type Happening = (state: ShipmentCase, now: number) => CaseEvent | null;

const pick = <T>(items: readonly T[], index: number): T | undefined =>
  items[index % Math.max(1, items.length)];
const always =
  (event: CaseEvent): Happening =>
  () =>
    event;

const signals: fc.Arbitrary<Happening> = fc
  .record({
    category: fc.constantFrom(
      'delay',
      'weather',
      'damage',
      'visibility_lost',
      'refused',
      'misroute',
      'normal',
    ),
    leg: fc.constantFrom(null, 1),
    topic: fc.constantFrom('a', 'b'),
    kind: fc.constantFrom('predicted' as const, 'detected' as const),
    state: fc.constantFrom('raised' as const, 'raised' as const, 'cleared' as const, 'withdrawn' as const),
    probability: fc.constantFrom(null, 0.4, 0.7, 1),
    expectedAt: fc.constantFrom(null, promisedAt - hourMs, promisedAt + 40 * hourMs),
    event: fc.nat(3),
  })
  .map(({ event, ...signal }) =>
    always({
      kind: 'signal',
      signal: signalOf({
        ...signal,
        evidence: { events: [`event-${event}`], alerts: [], ports: [], predictions: [] },
      }),
    }),
  );

const plans: fc.Arbitrary<Happening> = fc
  .record({
    mode: fc.constantFrom('ltl' as const, 'ocean' as const),
    valueMinor: fc.constantFrom(0, 500_000),
    cancelled: fc.boolean().map((yes) => yes),
    promisedAt: fc.constantFrom(promisedAt, promisedAt + 24 * hourMs),
  })
  .map((change) => always({ kind: 'plan', plan: planOf(change) }));

const trackings: fc.Arbitrary<Happening> = fc
  .record({
    id: fc.constantFrom('event-1', 'event-2', 'event-3'),
    status: fc.constantFrom(
      'in_transit' as const,
      'delivered' as const,
      'returned' as const,
      'information' as const,
    ),
    retracts: fc.constantFrom(null, 'event-1', 'event-2'),
    at: fc.constantFrom(promisedAt - hourMs, promisedAt + hourMs),
  })
  .map((change) => always({ kind: 'tracking', event: trackingOf(change) }));

const predictions: fc.Arbitrary<Happening> = fc
  .double({ min: 0, max: 1, noNaN: true })
  .map((probability) => always({ kind: 'prediction', prediction: predictionOf({ probability }) }));

const contracts: fc.Arbitrary<Happening> = fc
  .option(fc.tuple(fc.constantFrom(...tiers), fc.nat(3)))
  .map((drawn) =>
    always({
      kind: 'contract',
      contract: drawn === null ? null : contractOf({ tier: drawn[0], version: drawn[1] + 1 }),
    }),
  );

const decisions: fc.Arbitrary<Happening> = fc
  .record({
    index: fc.nat(20),
    verdict: fc.constantFrom(
      'approve' as const,
      'refuse' as const,
      'acknowledge' as const,
      'resolve' as const,
      'snooze' as const,
      'wake' as const,
      'assign' as const,
      'comment' as const,
    ),
    by: fc.constantFrom('ann', 'ben'),
    roles: fc.constantFrom<string[][]>(['*'], ['planner'], ['service', 'manager']),
    hours: fc.constantFrom(-1, 2, 40),
  })
  .map(({ index, verdict, by, roles, hours }) => (state, now) => {
    const action = pick(Object.values(state.actions), index);
    return {
      kind: 'decision',
      decision: decisionOf({
        actionId: action?.id ?? null,
        exceptionId: action?.exceptionId ?? 'nobody',
        verdict,
        by,
        roles,
        until: now + hours * hourMs,
        assignee: by,
      }),
    };
  });

const results: fc.Arbitrary<Happening> = fc
  .record({
    index: fc.nat(20),
    result: fc.constantFrom(
      'sent' as const,
      'confirmed' as const,
      'uncertain' as const,
      'failed' as const,
      'expired' as const,
      'suppressed' as const,
    ),
  })
  .map(({ index, result }) => (state, now) => {
    const action = pick(
      Object.values(state.actions).filter(({ dueAt }) => dueAt !== null && dueAt <= now),
      index,
    );
    return action === undefined
      ? null
      : {
          kind: 'action_result',
          result: resultOf({ actionId: action.id, exceptionId: action.exceptionId, result, at: now }),
        };
  });

const ordersOf: fc.Arbitrary<Happening> = fc
  .record({ orderId: fc.constantFrom('O1', 'O2'), due: fc.constantFrom(0, 20), lines: fc.nat(2) })
  .map(({ orderId, due, lines }) =>
    always({
      kind: 'orders',
      order: {
        id: `row-${orderId}`,
        at: start,
        heardAt: start,
        shipmentId: 'S1',
        orderId,
        customerId: 'acme',
        currency: 'USD',
        lines: Array.from({ length: lines }, (_, line) => ({
          lineId: String(line),
          sku: '',
          quantity: 1,
          valueMinor: 100,
          dueAt: promisedAt + due * hourMs,
        })),
      },
    }),
  );

const source = { feed: 'tms', document: 'd', position: 0, decoder: 'test', mapping: null };
const said = { source, shipmentId: 'S1', by: 'dana', reason: 'none', currency: 'USD' };

const changesOfPeople: fc.Arbitrary<Happening> = fc
  .record({ id: fc.nat(6), what: fc.constantFrom(...tmsChanges), amountMinor: fc.constantFrom(null, 500) })
  .map(({ id, ...change }) => (_, now) => {
    const field = { field: null, before: null, after: null };
    const own = { id: `change-${id}`, at: now, heardAt: now };
    return { kind: 'tms_change', change: { ...said, ...field, ...own, ...change } };
  });

const reports: fc.Arbitrary<Happening> = fc
  .record({
    index: fc.option(fc.nat(20)),
    what: fc.constantFrom(
      'worked' as const,
      'did_not_work' as const,
      'cost' as const,
      'claim_settled' as const,
    ),
    amountMinor: fc.constantFrom(null, 700),
  })
  .map(({ index, ...report }) => (state, now) => {
    const actionId = index === null ? null : (pick(Object.keys(state.actions), index) ?? 'nowhere');
    const own = { id: 'report', at: now, heardAt: now, exceptionId: null, actionId };
    return { kind: 'outcome_report', report: { ...said, ...own, ...report } };
  });

/** Lets the timer that is next go off, whenever that is. */
const timers: fc.Arbitrary<Happening> = fc.constant((state) => {
  const [next] = [...timersOf(state, shipped.sla)].toSorted(([, a], [, b]) => a - b);
  return next === undefined ? null : { kind: 'timer', name: next[0] };
});

const happenings = fc.array(
  fc.tuple(
    fc.oneof(
      { weight: 8, arbitrary: signals },
      { weight: 2, arbitrary: plans },
      { weight: 2, arbitrary: trackings },
      { weight: 1, arbitrary: predictions },
      { weight: 1, arbitrary: ordersOf },
      { weight: 2, arbitrary: contracts },
      { weight: 4, arbitrary: decisions },
      { weight: 6, arbitrary: results },
      { weight: 2, arbitrary: changesOfPeople },
      { weight: 1, arbitrary: reports },
      { weight: 3, arbitrary: timers },
    ),
    fc.constantFrom(0, 1_000, hourMs, 7 * hourMs),
  ),
  { maxLength: 60 },
);

const deepFrozen = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFrozen);
  }
  return value;
};

interface Played {
  readonly event: CaseEvent;
  readonly context: CaseContext;
  readonly before: ShipmentCase;
  readonly step: CaseStep;
}

/** Plays a life, each step on a case that is frozen, so that a step that changes it throws. */
const play = (life: readonly (readonly [Happening, number])[], rules: Rules): Played[] => {
  const played: Played[] = [];
  let state = emptyCase;
  let now = start;
  let contract: CaseContext['contract'] = null;
  for (const [happening, passed] of life) {
    const event = happening(state, now + passed);
    if (event === null) continue;
    const due = event.kind === 'timer' ? (timersOf(state, shipped.sla).get(event.name) ?? now) : now + passed;
    now = Math.max(now, due);
    if (event.kind === 'contract') contract = event.contract;
    const context = { now, rules, contract };
    const step = advanceCase(deepFrozen(state), deepFrozen(event), context);
    played.push({ event, context, before: state, step });
    state = step.case;
  }
  return played;
};

const law = (name: string, holds: (played: readonly Played[]) => void): void => {
  test.each([
    ['as they ship', shipped],
    ['that ask for everything', demandingRules],
  ])(`${name}, with rules %s`, (_, rules) => {
    fc.assert(
      fc.property(happenings, (life) => holds(play(life, rules))),
      { numRuns: 200 },
    );
  });
};

/** All-clears and compensations. */
const makesGood = ({ step }: Action): boolean =>
  step.startsWith('all_clear:') || step.startsWith('compensate:');

law('the same events give the same steps, also when the case was written down in between', (played) => {
  for (const { event, context, before, step } of played) {
    const copy = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
    const again = advanceCase(copy(before) as ShipmentCase, copy(event) as CaseEvent, context);
    expect(again).toEqual(step);
    expect(copy(again)).toEqual(again);
  }
});

law('versions count from 1 without a gap, and what was published last is what is kept', (played) => {
  const versions = new Map<string, number>();
  for (const { step } of played) {
    for (const item of [...step.exceptions, ...step.actions, ...step.outcomes]) {
      expect(item.version).toBe((versions.get(item.id) ?? 0) + 1);
      versions.set(item.id, item.version);
    }
    for (const item of [...Object.values(step.case.exceptions), ...Object.values(step.case.actions)]) {
      expect(versions.get(item.id)).toBe(item.version);
    }
  }
});

law('an exception keeps its id, and there is one live exception for a leg and category', (played) => {
  // It may be called otherwise once its cause is known, also in the step that raised it; its id is made of what it was
  // called first.
  const first = new Map<string, string>();
  const categories = Object.keys(shipped.taxonomy.categories);
  for (const { step } of played) {
    const live = new Set<string>();
    for (const [id, { shipmentId, leg, episode, state }] of Object.entries(step.case.exceptions)) {
      const category =
        first.get(id) ?? categories.find((name) => exceptionIdOf(shipmentId, leg, name, episode) === id);
      expect(category).toBeDefined();
      first.set(id, category!);
      expect(id).toBe(exceptionIdOf(shipmentId, leg, category!, episode));
      if (!liveExceptionStates.has(state)) continue;
      const place = `${leg} ${category}`;
      expect(live.has(place)).toBe(false);
      live.add(place);
    }
  }
});

law('no action becomes due twice, and none after its exception ended', (played) => {
  const due = new Set<string>();
  for (const { before, step } of played) {
    for (const action of step.actions) {
      if (action.state !== 'due' || before.actions[action.id]?.state === 'due') continue;
      expect(due.has(action.id)).toBe(false);
      due.add(action.id);
      const exception = step.case.exceptions[action.exceptionId];
      if (makesGood(action)) expect(exception?.state).toBe('withdrawn');
      else expect(exception !== undefined && liveExceptionStates.has(exception.state)).toBe(true);
    }
  }
});

law('nothing is pending for what has ended but what makes it good', (played) => {
  for (const { step } of played) {
    for (const action of Object.values(step.case.actions)) {
      if (!pendingActionStates.has(action.state) || makesGood(action)) continue;
      const state = step.case.exceptions[action.exceptionId]?.state;
      expect(state !== undefined && liveExceptionStates.has(state)).toBe(true);
    }
  }
});

law('what chance withheld is never done, and what needs two people has two', (played) => {
  for (const { before, step } of played) {
    for (const action of step.actions) {
      if (before.actions[action.id]?.state === 'held_out') expect(action.state).toBe('held_out');
      if (action.state !== 'due' || action.authority !== 'approve') continue;
      expect(new Set(action.approvals.map(({ by }) => by)).size).toBe(action.approvalsNeeded);
    }
  }
});

law('who is snoozed has a time to wake, and nobody else has', (played) => {
  for (const { step } of played)
    for (const { state, snoozedUntil } of Object.values(step.case.exceptions))
      expect(snoozedUntil !== null && liveExceptionStates.has(state)).toBe(state === 'snoozed');
});

law('the freight is moved by one action of a type at a time', (played) => {
  const moving = (action: Action): boolean =>
    ['expedite', 'reroute', 'rebook'].includes(action.type) &&
    ['awaiting_approval', 'due', 'held_out'].includes(action.state);
  for (const { step } of played) {
    const types = Object.values(step.case.actions)
      .filter(moving)
      .map(({ type }) => type);
    expect(new Set(types).size).toBe(types.length);
  }
});

law('a change of people is an action once, and leaves nothing of its kind that has not begun', (played) => {
  for (const { event, step } of played) {
    if (event.kind !== 'tms_change') continue;
    const all = Object.values(step.case.actions);
    const own = all.filter(({ playbook, step: name }) => playbook === 'people' && name === event.change.what);
    for (const { state, propensity, decidedBy } of own)
      expect([state, propensity, decidedBy]).toEqual(['confirmed', null, 'dana']);
    if (!step.actions.some(({ playbook }) => playbook === 'people')) continue;
    const type = own[0]?.type;
    expect(all.filter((action) => action.type === type && pendingActionStates.has(action.state))).toEqual([]);
  }
});

law('the timers that were set and cancelled are those that the case has', (played) => {
  const set = new Map<string, number>();
  for (const { event, step } of played) {
    if (event.kind === 'timer') set.delete(event.name);
    for (const name of step.cancelTimers) expect(set.delete(name)).toBe(true);
    for (const { name, at } of step.timers) set.set(name, at);
    expect(set).toEqual(timersOf(step.case, shipped.sla));
  }
});

law('every published exception and action fits what it says of itself', (played) => {
  for (const { step, context } of played) {
    for (const item of step.exceptions) {
      expect(item.heardAt).toBe(context.now);
      expect(item.severity).toBeGreaterThanOrEqual(0);
      expect(item.severity).toBeLessThanOrEqual(100);
      expect(item.state === 'withdrawn').toBe(item.withdrawnAt !== null);
      expect(item.state === 'closed' && item.closedAt === null).toBe(false);
      expect(item.planKnown).toBe(item.customerId !== null);
    }
    for (const item of step.actions) {
      expect(item.state === 'awaiting_approval' && item.approvalDueAt === null).toBe(false);
      expect(item.destination === null && item.authority !== 'recommend').toBe(false);
    }
  }
});
