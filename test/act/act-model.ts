import fc from 'fast-check';
import { expect } from 'vitest';
import type { Action } from '../../domain/action.ts';
import type { Decision } from '../../domain/decision.ts';
import type { Dispatch } from '../../domain/dispatch.ts';
import { contracts, decisions, plans, signals } from '../../pipelines/topics.ts';
import { contractOf, decisionOf, hourMs, planOf, promisedAt, signalOf, start } from '../domain/case-story.ts';
import { demandingRules } from '../domain/demanding-rules.ts';
import { deaths } from '../support/mortal-log.ts';
import { ActLine } from './act-line.ts';
import {
  type Answer,
  type CountingReceiver,
  countingReceiver,
  answers,
  spokenForBy,
} from './counting-receiver.ts';

/** What is known of an action without asking the line: who has said yes and had a say, and whether one said no. */
interface Word {
  readonly yes: Set<string>;
  isRefused: boolean;
}

/** All that the model remembers; it is small, so that it can be right. */
export interface ActModel {
  readonly words: Map<string, Word>;
  answers: readonly Answer[];
  told: number;
  /** How far the clock was set forward, in all. */
  jumpedMs: number;
  readonly counts: { kills: number; jumps: number; decided: number; duplicates: number };
}

/** The real thing, with the receiver that it sends to. */
export interface ActReal {
  readonly line: ActLine;
  readonly receiver: CountingReceiver;
  /** What was done that must not be, in words. */
  readonly violations: string[];
}

type Command = fc.AsyncCommand<ActModel, ActReal>;

const SHIPMENTS = 4;
const customerOf = (shipment: number): string => (shipment < SHIPMENTS - 1 ? 'acme' : 'globex');

export const beginActing = async (): Promise<{ model: ActModel; real: ActReal }> => {
  const model: ActModel = {
    words: new Map(),
    answers: [],
    told: 0,
    jumpedMs: 0,
    counts: { kills: 0, jumps: 0, decided: 0, duplicates: 0 },
  };
  const violations: string[] = [];
  const receiver = countingReceiver(
    () => {
      const [next = 'yes', ...rest] = model.answers;
      model.answers = rest;
      return next;
    },
    (dispatch) => {
      for (const id of spokenForBy(dispatch)) violations.push(...mayNotBegin(id, dispatch));
    },
  );
  /** All that must hold when an attempt begins, by what is durable at that moment. */
  const mayNotBegin = (id: string, { covers }: Dispatch): readonly string[] => {
    const versions = line.versionsOf(id);
    const last = versions.at(-1);
    if (last === undefined) return [`${id} was begun and never decided`];
    const word = model.words.get(id);
    const yes = word?.yes.size ?? 0;
    return [
      ...(last.state === 'due' ? [] : [`${id} was begun when it was ${last.state}`]),
      ...(versions.some(({ state }) => state === 'held_out') ? [`${id} was begun and is held out`] : []),
      ...(last.destination === null ? [`${id} was begun and is a recommendation`] : []),
      ...(word?.isRefused === true ? [`${id} was begun and had been refused`] : []),
      ...(last.authority === 'approve' && yes < last.approvalsNeeded
        ? [`${id} was begun with ${yes} of ${last.approvalsNeeded} approvals`]
        : []),
      ...(covers.length > 0 && last.customerId === null ? [`${id} is of nobody and in a digest`] : []),
    ];
  };
  const line = await ActLine.begin({
    rules: demandingRules,
    receiver,
    // The desk's chat cannot recognise what it has seen.
    destinations: { 'customer-notifications': true, tms: true, desk: false },
    startAt: start,
  });
  for (let shipment = 0; shipment < SHIPMENTS; shipment++) await line.append(plans, planFor(shipment, {}, 0));
  return { model, real: { line, receiver, violations } };
};

const planFor = (shipment: number, change: Parameters<typeof planOf>[0], n: number) =>
  planOf({
    id: `plan-${shipment}-${n}`,
    shipmentId: `S${shipment}`,
    customerId: customerOf(shipment),
    ...change,
  });

const named = (name: string, run: (model: ActModel, real: ActReal) => Promise<void>): Command => ({
  check: () => true,
  run,
  toString: () => name,
});

const next = (model: ActModel): number => (model.told += 1);

const signalling = fc
  .record({
    shipmentId: fc.nat(SHIPMENTS - 1).map((n) => `S${n}`),
    category: fc.constantFrom('delay', 'delay', 'delay', 'weather', 'damage'),
    topic: fc.constantFrom('a', 'b'),
    kind: fc.constantFrom('predicted' as const, 'detected' as const),
    state: fc.constantFrom(
      'raised' as const,
      'raised' as const,
      'raised' as const,
      'cleared' as const,
      'withdrawn' as const,
    ),
    probability: fc.constantFrom(0.4, 0.8, 1),
    expectedAt: fc.constantFrom(promisedAt + hourMs, promisedAt + 40 * hourMs),
    alert: fc.constantFrom(null, 'storm'),
  })
  .map(({ alert, ...change }) =>
    named(`signal ${JSON.stringify({ ...change, alert })}`, async (model, { line }) => {
      const n = next(model);
      const alerts = alert === null ? [] : [alert];
      const evidence = { events: [`event-${n}`], alerts, ports: [], predictions: [] };
      const row = signalOf({ ...change, id: `signal-${n}`, at: line.now, heardAt: line.now, evidence });
      await line.append(signals, row);
    }),
  );

/** One storm hits all shipments within a minute, or is over. */
const storming = fc.constantFrom('raised' as const, 'raised' as const, 'withdrawn' as const).map((state) =>
  named(`a storm is ${state}`, async (model, { line }) => {
    const evidence = { events: [], alerts: ['storm'], ports: [], predictions: [] };
    for (let shipment = 0; shipment < SHIPMENTS; shipment++) {
      const at = line.now;
      const about = {
        category: 'delay',
        topic: 'storm',
        shipmentId: `S${shipment}`,
        cause: 'weather' as const,
      };
      await line.append(
        signals,
        signalOf({ ...about, state, evidence, id: `signal-${next(model)}`, at, heardAt: at }),
      );
      line.passTime(15_000);
    }
  }),
);

const planning = fc
  .record({
    shipment: fc.nat(SHIPMENTS - 1),
    valueMinor: fc.constantFrom(0, 500_000, 9_000_000),
    promisedAt: fc.constantFrom(promisedAt, promisedAt + 24 * hourMs),
    cancelled: fc.constantFrom(false, false, false, true),
  })
  .map(({ shipment, ...change }) =>
    named(`plan ${JSON.stringify({ shipment, ...change })}`, ({ told }, { line }) =>
      line.append(plans, planFor(shipment, { ...change, at: line.now }, told)),
    ),
  );

const contracting = fc
  .record({
    customerId: fc.constantFrom('acme', 'globex'),
    tier: fc.constantFrom('standard', 'priority', 'guaranteed'),
  })
  .map((change) =>
    named(`contract ${JSON.stringify(change)}`, async (model, { line }) => {
      const n = next(model);
      const tier = change.tier as 'standard';
      await line.append(
        contracts,
        contractOf({ ...change, tier, id: `contract-${n}`, version: n, effectiveFrom: line.now }),
      );
    }),
  );

/** How a person's click comes: once, twice under one id, or twice as two clicks. */
const copies = ['once', 'document again', 'click again'] as const;

const tell = async (
  model: ActModel,
  line: ActLine,
  action: Action,
  change: Partial<Decision>,
  copy: (typeof copies)[number],
): Promise<void> => {
  const id = `decision-${next(model)}`;
  const { exceptionId, shipmentId } = action;
  const row = decisionOf({
    ...change,
    id,
    at: line.now,
    heardAt: line.now,
    shipmentId,
    exceptionId,
    actionId: action.id,
  });
  await line.append(decisions, row, id);
  if (copy === 'once') return;
  model.counts.duplicates += 1;
  if (copy === 'document again') await line.append(decisions, row, id);
  else await line.append(decisions, { ...row, id: `${id}-again` });
};

const deciding = fc
  .record({
    index: fc.nat(20),
    verdict: fc.constantFrom('approve' as const, 'approve' as const, 'approve' as const, 'refuse' as const),
    by: fc.constantFrom('ann', 'ben', 'cem'),
    role: fc.constantFrom('planner', 'manager', 'service', 'planner', 'clerk'),
    copy: fc.constantFrom(...copies),
  })
  .map(({ index, verdict, by, role, copy }) =>
    named(`${verdict} #${index} by ${by} (${role}) ${copy}`, async (model, { line }) => {
      await line.decided();
      const waiting = line.actions().filter(({ state }) => state === 'awaiting_approval');
      const action = waiting[index % Math.max(1, waiting.length)];
      if (action === undefined) return;
      const word = model.words.get(action.id) ?? { yes: new Set(), isRefused: false };
      model.words.set(action.id, word);
      const hasSay = action.role === null || action.role === role;
      if (hasSay && verdict === 'approve') word.yes.add(by);
      if (hasSay && verdict === 'refuse') word.isRefused = true;
      model.counts.decided += 1;
      await tell(model, line, action, { verdict, by, roles: [role] }, copy);
      await line.decided();
      const { state, approvals } = line.versionsOf(action.id).at(-1)!;
      if (word.isRefused) expect(state).toBe('refused');
      else if (word.yes.size < action.approvalsNeeded) expect(state).toBe('awaiting_approval');
      else expect(['due', 'sent', 'uncertain', 'failed', 'suppressed']).toContain(state);
      if (!word.isRefused)
        expect(approvals.map((one) => one.by).toSorted()).toEqual([...word.yes].toSorted());
    }),
  );

const quieting = fc
  .record({
    index: fc.nat(20),
    verdict: fc.constantFrom('snooze' as const, 'wake' as const, 'acknowledge' as const, 'resolve' as const),
    hours: fc.constantFrom(1, 12),
    copy: fc.constantFrom(...copies),
  })
  .map(({ index, verdict, hours, copy }) =>
    named(`${verdict} #${index} for ${hours} h ${copy}`, async (model, { line }) => {
      const all = line.actions();
      const action = all[index % Math.max(1, all.length)];
      if (action === undefined) return;
      await tell(model, line, action, { verdict, by: 'ann', until: line.now + hours * hourMs }, copy);
    }),
  );

const answering = fc.array(fc.constantFrom(...answers), { minLength: 1, maxLength: 6 }).map((list) =>
  named(`answers ${list.join(', ')}`, async (model) => {
    model.answers = [...model.answers, ...list].slice(0, 12);
  }),
);

const passing = fc
  .constantFrom(60_000, 11 * 60_000, hourMs, 2 * hourMs, 9 * hourMs)
  .map((ms) => named(`${ms / 60_000} min pass`, async (_, { line }) => line.passTime(ms)));

const dayMs = 24 * hourMs;

/**
 * All of a story's jumps together. A case that called something off which may have begun waits 28 days for what became of it: an
 * answer that comes after a longer jump has nobody left to tell it to.
 */
const JUMPED_AT_MOST_MS = 18 * dayMs;

/**
 * The machine's clock jumps. Set back, log time stands still until the clock has caught up; set forward, as after weeks in
 * which nothing ran, all timers are due at once.
 */
const jumping = fc.constantFrom(-10 * 60_000, -3 * hourMs, 2 * dayMs, 16 * dayMs).map((ms): Command => ({
  check: ({ jumpedMs }) => jumpedMs + ms <= JUMPED_AT_MOST_MS,
  run: async (model, { line }) => {
    model.counts.jumps += 1;
    model.jumpedMs += Math.max(0, ms);
    line.setClock(ms);
  },
  toString: () => `the clock jumps ${ms / hourMs} h`,
}));

const working = fc
  .record({ turns: fc.nat(120), ms: fc.nat(400) })
  .map(({ turns, ms }) => named(`${turns} turns, ${ms} ms`, (_, { line }) => line.work(turns, ms)));

const killing = fc
  .record({
    atWrite: fc.integer({ min: 1, max: 30 }),
    how: fc.constantFrom('before' as const, 'after' as const),
  })
  .map(({ atWrite, how }) =>
    named(`killed, and again ${how} write ${atWrite}`, async ({ counts }, { line }) => {
      counts.kills += 1;
      await line.live({ atWrite, how: deaths[how] });
    }),
  );

export const actCommands = (most: number): fc.Arbitrary<Iterable<Command>> =>
  fc.commands(
    [
      signalling,
      signalling,
      storming,
      planning,
      contracting,
      deciding,
      deciding,
      quieting,
      answering,
      passing,
      jumping,
      working,
      killing,
    ],
    {
      maxCommands: most,
      size: 'max',
    },
  );

/** What a final state must have come of. */
const hasLeft: ReadonlySet<Action['state']> = new Set(['sent', 'uncertain']);
const open: ReadonlySet<Action['state']> = new Set(['due', 'awaiting_approval']);
const ROUNDS = 8;

/** From here on every answer is yes and nobody dies, until days after; then every action has come to its end. */
export const endActing = async (model: ActModel, { line, receiver, violations }: ActReal): Promise<void> => {
  model.answers = [];
  line.clockIsRight();
  for (let round = 0; round < ROUNDS; round++) {
    await line.delivered();
    line.passTime(9 * hourMs);
  }
  await line.delivered();
  const suppressed = new Set(
    line.dispatches().flatMap(({ id, suppressedBecause }) => (suppressedBecause === null ? [] : [id])),
  );
  for (const action of line.actions()) {
    const { id, state } = action;
    const keys = [...(receiver.keysOf.get(id) ?? [])];
    const wasDue = line.versionsOf(id).some((version) => version.state === 'due');
    const about = `${id} (${action.step}, ${state})`;
    if (open.has(state)) violations.push(`${about} was lost`);
    if (keys.length > 1) violations.push(`${about} was told under ${keys.join(' and ')}`);
    if (keys.length > 0 && !hasLeft.has(state)) violations.push(`${about} was told and does not know it`);
    if (keys.length === 0 && state === 'sent') violations.push(`${about} was never told`);
    if (wasDue && state === 'suppressed' && !suppressed.has(id)) violations.push(`${about} for no reason`);
    if (state === 'expired' && wasDue && !(action.expiresAt! < line.now))
      violations.push(`${about} before its time`);
  }
  for (const [key, times] of receiver.effects) if (times > 1) violations.push(`${key} had ${times} effects`);
  expect(violations).toEqual([]);
};
