import { beforeAll, describe, expect, it } from 'vitest';
import { trackingEvent } from '../../../domain/tracking-event.ts';
import type { EffectEstimate } from '../../../domain/effect.ts';
import { playbook } from '../../../domain/playbook.ts';
import { loadRules } from '../../../runtime/rules/load-rules.ts';
import { makeReview } from '../../../runtime/wire/make-review.ts';
import { applyMigrations } from '../../../sinks/clickhouse/migrations.ts';
import { clickHouseForTests } from '../../sinks/clickhouse/clickhouse-here.ts';
import {
  actionOf,
  exceptionOf,
  MINUTE,
  NOON,
  outcomeOf,
  predictionOf,
  rowsInto,
} from '../../sinks/clickhouse/story-fixture.ts';
import { plainDecision } from '../../support/plain-fields.ts';

const { server, client } = await clickHouseForTests();
const put = rowsInto(client);

const DAY = 86_400_000;
const today = { from: Date.UTC(2026, 4, 1), to: Date.UTC(2026, 4, 2) };

const approve = { approve: { role: 'planner', within: '30m' } };
const playbooks = [
  {
    name: 'late',
    version: 3,
    match: { categories: ['delay_predicted'] },
    steps: [
      { id: 'tell', action: 'notify_customer', destination: 'desk', template: 'late', authority: 'auto' },
      {
        id: 'dear',
        action: 'expedite',
        destination: 'tms',
        template: 'late',
        authority: approve,
        guard: { minProbability: 0.6, tiers: ['standard', 'priority'] },
        costMinor: 18_000,
      },
      { id: 'dear_sea', action: 'expedite', destination: 'tms', template: 'late', authority: approve },
      {
        id: 'never',
        action: 'hold',
        destination: 'tms',
        template: 'late',
        authority: 'auto',
        guard: { minSeverity: 99 },
      },
      {
        id: 'if_refused',
        action: 'escalate',
        destination: 'desk',
        template: 'late',
        authority: 'auto',
        after: { step: 'tell', result: 'failed' },
      },
    ],
    examples: [{ given: {}, expect: ['tell'] }],
  },
  {
    name: 'forgotten',
    version: 1,
    match: { categories: ['theft'] },
    steps: [{ id: 'tell', action: 'escalate', destination: 'desk', template: 'x', authority: 'auto' }],
    examples: [{ given: {}, expect: ['tell'] }],
  },
].map((one) => playbook.parse(one));

const rules = { ...loadRules('rules'), playbooks };

const effect: EffectEstimate = {
  category: 'delay_predicted',
  actionType: 'notify_customer',
  playbook: null,
  step: null,
  evidence: 'none',
  outcome: 'contact_rate',
  estimand: 'average effect on the treated',
  effect: null,
  low: null,
  high: null,
  method: 'none',
  treated: 1,
  withheld: 1,
  clusters: 2,
  says: 'not enough cases',
};

describe.skipIf(server === undefined)('makeReview', () => {
  beforeAll(async () => {
    await applyMigrations(client);
    // s1: predicted, broken, told, expedited. s2: predicted, kept, withdrawn; the expedite was refused. s3: damage, seen
    // after the promise, broken, and the customer asked. s4: predicted, under way. s5: nobody saw it, broken.
    // s9: the day before, predicted, kept.
    const late = { playbook: 'late@3' };
    const s1 = exceptionOf('s1', 'delay_predicted', late);
    const s2 = exceptionOf('s2', 'delay_predicted', {
      ...late,
      state: 'withdrawn',
      tier: 'priority',
      carrier: 'ODFL',
      leadTimeMin: 60,
      probability: 0.7,
    });
    const s3 = exceptionOf('s3', 'damage', { kind: 'detected', probability: null, leadTimeMin: -10 });
    const s4 = exceptionOf('s4', 'delay_predicted', {
      ...late,
      tier: 'guaranteed',
      carrier: null,
      leadTimeMin: 240,
    });
    const yesterday = { at: NOON - DAY, heardAt: NOON - DAY };
    const s9 = exceptionOf('s9', 'delay_predicted', { ...yesterday, raisedAt: NOON - DAY });
    const exceptions = [s1, s2, s3, s4, s9];
    await put('exceptions', exceptions);
    await put('exception_history', exceptions);

    await put('outcomes', [
      outcomeOf('s1', 30, {
        toldBeforeBreach: true,
        predicted: true,
        costMinor: 18_000,
        penaltyMinor: 50_000,
        valueMinor: 2_500_000,
      }),
      outcomeOf('s2', -5, { tier: 'priority', carrier: 'ODFL', valueMinor: 700 }),
      outcomeOf('s3', 10, { inquiries: 2, penaltyMinor: 7_000, valueMinor: 100 }),
      outcomeOf('s5', 20, {
        tier: 'priority',
        carrier: 'ODFL',
        currency: 'EUR',
        penaltyCurrency: 'EUR',
        penaltyMinor: 900,
        valueMinor: 400,
      }),
      outcomeOf('s9', -5, { at: NOON - 0.8 * DAY, heardAt: NOON - 0.8 * DAY, inquiries: 1 }),
    ]);

    const step = { playbook: 'late', step: 'dear', type: 'expedite', authority: 'approve' } as const;
    const asked = [
      actionOf(s1, 'awaiting_approval', { ...step, id: 'a2', costMinor: 18_000 }),
      actionOf(s2, 'awaiting_approval', { ...step, id: 'a3', costMinor: 18_000, heardAt: NOON + MINUTE }),
      actionOf(s4, 'awaiting_approval', { ...step, id: 'a4', step: 'dear_sea' }),
    ];
    const sentAt = NOON + 10 * MINUTE;
    const plain = [
      actionOf(s1, 'sent', { id: 'a1', sentAt }),
      actionOf(s3, 'suppressed', { id: 'a5', playbook: 'default' }),
      actionOf(s4, 'held_out', { id: 'a6' }),
      actionOf(s9, 'sent', { ...yesterday, id: 'a7', sentAt: NOON - DAY, costMinor: 500 }),
    ];
    const [a2, a3, a4] = asked.map((row) => ({ ...row, version: 2, heardAt: row.heardAt + 20 * MINUTE }));
    const ended = [
      { ...a2!, state: 'sent', sentAt },
      { ...a3!, state: 'refused' },
      { ...a4!, state: 'expired' },
    ];
    await put('action_history', [...asked, ...plain, ...ended]);
    await put('actions', [...plain, ...ended]);
    await put('dispatches', [
      {
        ...plain[1]!,
        recipients: [],
        thread: '',
        covers: [],
        heldUntil: null,
        heldBecause: null,
        suppressedBecause: 'opted_out',
      },
    ]);
    const decision = {
      ...plainDecision,
      source: { feed: 'console', document: 'd', position: 0, decoder: 'console', mapping: null },
      at: NOON,
      by: 'dana',
      note: '',
    };
    await put('decisions', [
      {
        ...decision,
        id: 'd1',
        heardAt: NOON + 9 * MINUTE,
        shipmentId: 's1',
        exceptionId: s1.id,
        actionId: 'a2',
        verdict: 'approve',
        reason: 'worth_it',
      },
      {
        ...decision,
        id: 'd2',
        heardAt: NOON + 4 * MINUTE,
        shipmentId: 's2',
        exceptionId: s2.id,
        actionId: 'a3',
        verdict: 'refuse',
        reason: 'too_dear',
      },
    ]);
    await put('predictions', [
      predictionOf('s1', { probability: 0.8 }),
      predictionOf('s1', { id: 'p/after', probability: 0.99, heardAt: NOON + 121 * MINUTE }),
      predictionOf('s2', { probability: 0.7, threshold: 0.45, heardAt: NOON + MINUTE }),
    ]);
    const scan = {
      at: NOON,
      heardAt: NOON,
      source: { feed: 'saia', document: 'd', position: 0, decoder: 'x12', mapping: 'x12-214@1' },
      status: 'unmapped',
    };
    await put(
      'tracking_events',
      [
        { ...scan, id: 'e1', code: { standard: 'x12-214', status: 'ZZ' } },
        { ...scan, id: 'e2', code: { standard: 'x12-214', status: 'ZZ' } },
        {
          ...scan,
          id: 'e3',
          status: 'held',
          cause: 'unmapped',
          code: { standard: 'x12-214', status: 'A7', reason: 'Q9' },
        },
        { ...scan, id: 'e4', status: 'departed', code: { standard: 'x12-214', status: 'AF' } },
        { ...scan, id: 'e5', heardAt: NOON - DAY, code: { standard: 'x12-214', status: 'ZZ' } },
      ].map((row) => trackingEvent.parse(row)),
    );
  });

  it('says of a small day what can be counted by hand', async () => {
    const asked: unknown[] = [];
    const risen: number[] = [];
    const review = await makeReview(today, {
      client,
      rules,
      learnMs: 7 * DAY,
      range: () => ({ min: 0.2, max: 0.95 }),
      spares: 0.5,
      effects: (_, period) => {
        asked.push(period);
        return Promise.resolve([effect]);
      },
      categories: ({ to }) => {
        risen.push(to);
        return Promise.resolve([]);
      },
    });
    const learnedFrom = { from: today.to - 7 * DAY, to: today.to };
    expect(asked).toEqual([learnedFrom]);
    expect(risen).toEqual([today.to]);
    const delay = {
      key: 'delay_predicted',
      raised: 3,
      predicted: 3,
      withdrawn: 1,
      precision: { hits: 1, of: 2 },
      recall: { hits: 1, of: 1 },
      medianLeadMin: 120,
      beforePromise: { hits: 3, of: 3 },
    };
    const damage = {
      key: 'damage',
      raised: 1,
      predicted: 0,
      withdrawn: 0,
      precision: { hits: 0, of: 0 },
      recall: { hits: 0, of: 1 },
      medianLeadMin: -10,
      beforePromise: { hits: 0, of: 1 },
    };
    const standard = {
      key: 'standard',
      raised: 2,
      predicted: 1,
      withdrawn: 0,
      precision: { hits: 1, of: 1 },
      recall: { hits: 1, of: 2 },
      medianLeadMin: 55,
      beforePromise: { hits: 1, of: 2 },
    };
    const guaranteed = {
      key: 'guaranteed',
      raised: 1,
      predicted: 1,
      withdrawn: 0,
      precision: { hits: 0, of: 0 },
      recall: { hits: 0, of: 0 },
      medianLeadMin: 240,
      beforePromise: { hits: 1, of: 1 },
    };
    const priority = {
      key: 'priority',
      raised: 1,
      predicted: 1,
      withdrawn: 1,
      precision: { hits: 0, of: 1 },
      recall: { hits: 0, of: 1 },
      medianLeadMin: 60,
      beforePromise: { hits: 1, of: 1 },
    };
    // Two predicted exceptions have ended, both of them eligible for the step; the third is under way.
    const few = {
      objective: 'cost',
      cases: 2,
      breaches: 1,
      proposed: null,
      gain: null,
      low: null,
      high: null,
      says: 'not enough cases: 2 of 50 cases',
    };
    expect(review).toEqual({
      format: 1,
      id: '2026-05-01_2026-05-02',
      ...today,
      figures: {
        total: {
          key: 'all',
          raised: 4,
          predicted: 3,
          withdrawn: 1,
          precision: { hits: 1, of: 2 },
          recall: { hits: 1, of: 3 },
          medianLeadMin: 90,
          beforePromise: { hits: 3, of: 4 },
        },
        endings: {
          ended: 4,
          breached: 3,
          toldBeforeBreach: { hits: 1, of: 3 },
          asked: { hits: 1, of: 4 },
        },
        actions: [
          { type: 'expedite', states: { expired: 1, refused: 1, sent: 1 } },
          { type: 'notify_customer', states: { held_out: 1, sent: 1, suppressed: 1 } },
        ],
        money: [
          { currency: 'EUR', actionsMinor: 0, penaltiesMinor: 900, breachedValueMinor: 400 },
          { currency: 'USD', actionsMinor: 18_000, penaltiesMinor: 57_000, breachedValueMinor: 2_500_100 },
        ],
      },
      before: {
        from: today.from - DAY,
        to: today.from,
        figures: {
          total: {
            key: 'all',
            raised: 1,
            predicted: 1,
            withdrawn: 0,
            precision: { hits: 0, of: 1 },
            recall: { hits: 0, of: 0 },
            medianLeadMin: 120,
            beforePromise: { hits: 1, of: 1 },
          },
          endings: {
            ended: 1,
            breached: 0,
            toldBeforeBreach: { hits: 0, of: 0 },
            asked: { hits: 1, of: 1 },
          },
          actions: [{ type: 'notify_customer', states: { sent: 1 } }],
          money: [{ currency: 'USD', actionsMinor: 500, penaltiesMinor: 0, breachedValueMinor: 0 }],
        },
      },
      categories: [delay, damage],
      tiers: [standard, guaranteed, priority],
      carriers: [
        { ...standard, key: 'SAIA' },
        { ...guaranteed, key: '' },
        { ...priority, key: 'ODFL' },
      ],
      approvals: {
        asked: 3,
        approved: 1,
        refused: 1,
        lapsed: 1,
        medianMin: 6,
        slowestMin: 9,
        refusedBecause: [{ reason: 'too_dear', count: 1 }],
      },
      withheld: [
        { type: 'notify_customer', reason: 'opted_out', count: 1 },
        { type: 'notify_customer', reason: 'hold_out', count: 1 },
      ],
      effects: [effect],
      unmapped: [
        { feed: 'saia', standard: 'x12-214', status: 'ZZ', reason: null, count: 2 },
        { feed: 'saia', standard: 'x12-214', status: 'A7', reason: 'Q9', count: 1 },
      ],
      stale: [
        { playbook: 'forgotten', step: null, finding: 'never_chosen', of: 0 },
        { playbook: 'late', step: 'dear_sea', finding: 'never_approved', of: 1 },
        { playbook: 'late', step: 'never', finding: 'guard_never_held', of: 3 },
      ],
      thresholds: [
        { subject: 'thresholds alarms.m1', current: 0.45, ...few },
        { subject: 'playbooks/late steps.dear.guard.minProbability', current: 0.6, ...few },
      ],
      learnedFrom,
      proposals: [],
      newCategories: [],
    });
  });

  it('is the same for the same rows', async () => {
    const options = {
      client,
      rules,
      learnMs: 7 * DAY,
      range: () => ({ min: 0.2, max: 0.95 }),
      spares: 0.5,
      effects: () => Promise.resolve([]),
      categories: () => Promise.resolve([]),
    };
    expect(JSON.stringify(await makeReview(today, options))).toBe(
      JSON.stringify(await makeReview(today, options)),
    );
  });
});
