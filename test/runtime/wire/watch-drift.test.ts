import { describe, expect, it } from 'vitest';
import type { DriftFinding } from '../../../domain/drift-finding.ts';
import type { Retraining } from '../../../domain/retraining.ts';
import { alarmPolicyDefaults } from '../../../models/drift/alarm-policy.ts';
import { seededRandom } from '../../../models/training/seeded-random.ts';
import { requestsOf } from '../../../runtime/wire/learning/ask-for-retraining.ts';
import {
  driftStart,
  type DriftState,
  type PredictedDay,
  watchDrift,
  type Watched,
  type WatchOptions,
} from '../../../runtime/wire/learning/watch-drift.ts';

const DAY_MS = 86_400_000;
const START = Date.UTC(2026, 0, 5);

/** Two hundred predictions whose risk is right until the day on which everything becomes late twice as often. */
const day = (number: number, collapse: number): PredictedDay => {
  const random = seededRandom(number + 1);
  const scores = Array.from({ length: 200 }, () => 0.05 + 0.5 * random());
  return {
    scores,
    labels: scores.map((score) =>
      random() < (number >= collapse ? Math.min(1, score + 0.45) : score) ? 1 : 0,
    ),
    features: { delay: scores.map((score) => score * 100) },
  };
};

const options = (now: number, collapse: number, more: Partial<WatchOptions> = {}): WatchOptions => ({
  champions: { late: 'v1' },
  beside: {},
  served: () => Promise.resolve({ predictions: 0, quality: null }),
  reference: () => Promise.resolve({ model: 'late', brier: 0.2, features: {} }),
  day: (_, __, from) => Promise.resolve(day((from - START) / DAY_MS, collapse)),
  ended: () => Promise.resolve([]),
  unmapped: () => Promise.resolve([]),
  now,
  begin: START + 5,
  settleMs: 7 * DAY_MS,
  policy: alarmPolicyDefaults,
  ...more,
});

const watchedUntil = async (days: number, collapse: number, each = 1): Promise<Watched> => {
  let state: DriftState = driftStart;
  const findings: DriftFinding[] = [];
  const qualities = [];
  for (let at = each; at <= days; at += each) {
    // What is written down must survive it.
    const watched = await watchDrift(
      JSON.parse(JSON.stringify(state)) as DriftState,
      options(START + at * DAY_MS, collapse),
    );
    state = watched.state;
    findings.push(...watched.findings);
    qualities.push(...watched.qualities);
  }
  return { state, findings, qualities };
};

describe('watchDrift', () => {
  it('finds a collapse within days of its labels, dates it, and says nothing before', async () => {
    const { findings, qualities } = await watchedUntil(80, 50);
    const grave = findings.filter(({ grade }) => grade === 'retrain');
    expect(grave).toHaveLength(1);
    const [found] = grave;
    expect(found).toMatchObject({ model: 'late', kind: 'error-shift', subject: 'late@v1' });
    expect(Math.abs(found!.since - (START + 50 * DAY_MS))).toBeLessThanOrEqual(2 * DAY_MS);
    expect(found!.at - (START + 50 * DAY_MS)).toBeLessThanOrEqual((7 + 8) * DAY_MS);
    expect(qualities).toHaveLength(80 - 7);
    expect(qualities[0]).toMatchObject({ at: START, rows: 200, predictions: 200 });
  });

  it('says nothing of a model that stays as it was', async () => {
    const { findings } = await watchedUntil(80, Infinity, 5);
    expect(findings.filter(({ grade }) => grade === 'retrain')).toEqual([]);
  });

  it('finds the same with the same ids, however often it looks', async () => {
    const ids = ({ findings, qualities }: Watched) => [...findings, ...qualities].map(({ id }) => id);
    expect(ids(await watchedUntil(80, 50, 8))).toEqual(ids(await watchedUntil(80, 50)));
  });

  it('begins anew with another version, and keeps what it may spend', async () => {
    const { state } = await watchedUntil(80, 50);
    const now = START + 81 * DAY_MS;
    const next = await watchDrift(state, options(now, 50, { champions: { late: 'v2' } }));
    const watched = next.state.models['late']!;
    expect(watched.version).toBe('v2');
    expect(watched.watch.shift.blocks).toHaveLength(0);
    expect(watched.watch.policy.retrainedAt).toHaveLength(1);
  });

  it('goes on with what its card says where an older state does not tell the usual error', async () => {
    const { state } = await watchedUntil(20, Infinity);
    const { usual, ...older } = state.models['late']!;
    expect(usual).toBe(0.2);
    const next = await watchDrift(
      { ...state, models: { late: older } },
      options(START + 21 * DAY_MS, Infinity),
    );
    expect(next.state.models['late']!.usual).toBe(0.2);
  });

  it('watches what is served beside the judged model by its own error, and tells of nobody else', async () => {
    const quality = (error: number) => ({
      rows: 60,
      measure: 'the pinball loss in minutes',
      error,
      calibration: 0.01,
      coverage: 0.8,
      realised: null,
    });
    const served: WatchOptions['served'] = (model, _, from) => {
      const number = (from - START) / DAY_MS;
      const usual = 40 + 8 * seededRandom(number + 5)();
      return Promise.resolve({
        predictions: 100,
        quality: quality(model === 'eta' && number >= 40 ? usual * 2 : usual),
      });
    };
    const watched = await watchDrift(
      driftStart,
      options(START + 70 * DAY_MS, Infinity, {
        champions: {},
        beside: { eta: 'a1', 'risk-damage': 'b1' },
        reference: () => Promise.resolve(null),
        served,
      }),
    );
    const grave = watched.findings.filter(({ grade }) => grade === 'retrain');
    expect(grave).toMatchObject([{ model: 'eta', subject: 'eta@a1', kind: 'error-shift' }]);
    expect(grave[0]!.text).toContain('the pinball loss in minutes has moved from');
    expect(Math.abs(grave[0]!.since - (START + 40 * DAY_MS))).toBeLessThanOrEqual(DAY_MS);
    expect(watched.qualities.find(({ model }) => model === 'eta')).toMatchObject({
      measure: 'the pinball loss in minutes',
      coverage: 0.8,
      auc: null,
      rows: 60,
    });
    const settings = { automatic: true, coolDownMs: 14 * DAY_MS, budgetPerYear: 2 };
    const asked = ['late', 'eta', 'cause'].map((model) =>
      requestsOf(watched.findings, [], model, settings).map((one) => one.model),
    );
    expect(asked).toEqual([[], ['eta'], []]);
  });

  it('finds a carrier that is late twice as often as before', async () => {
    const random = seededRandom(3);
    const labels = Array.from({ length: 40 * 240 }, (_, index) => {
      const knownAt = START + Math.floor((index / 240) * DAY_MS);
      const carrier = ['UPSN', 'ODFL', 'SAIA'][index % 3]!;
      const chance = carrier === 'ODFL' && knownAt > START + 30 * DAY_MS ? 0.5 : 0.12;
      return {
        carrier,
        lane: 'L1',
        service: 'std',
        knownAt,
        late: random() < chance ? (1 as const) : (0 as const),
      };
    });
    const ended = (from: number, to: number) =>
      Promise.resolve(labels.filter(({ knownAt }) => knownAt >= from && knownAt < to));
    let state = driftStart;
    const found: DriftFinding[] = [];
    for (let at = 1; at <= 40; at++) {
      const now = START + at * DAY_MS;
      const watched = await watchDrift(state, options(now, Infinity, { ended, begin: null }));
      state = JSON.parse(JSON.stringify(watched.state)) as DriftState;
      found.push(...watched.findings);
    }
    expect(found.find(({ kind }) => kind === 'carrier-shift')).toMatchObject({
      model: 'all',
      subject: 'ODFL',
      grade: 'retrain',
    });
    expect(found.every(({ subject }) => subject.startsWith('ODFL'))).toBe(true);
  });

  it('warns once of a code that nothing maps and that is rising, and of none that was always there', async () => {
    const events = (from: number, to: number, code: string, a: number, after: number, since: number) => {
      const days = Array.from({ length: (to - from) / DAY_MS }, (_, day) => from + day * DAY_MS);
      const count = days.reduce((sum, at) => sum + (at >= START + since * DAY_MS ? after : a), 0);
      return count === 0 ? [] : [{ code, events: count }];
    };
    const unmapped: WatchOptions['unmapped'] = (from, to) =>
      Promise.resolve([
        ...events(from, to, 'UPSN x12-214 reason ZQ', 0, 3, 30),
        ...events(from, to, 'UPSN x12-214 status XX', 5, 5, 0),
      ]);
    let state = driftStart;
    const found: DriftFinding[] = [];
    for (let hour = 1; hour <= 37 * 24; hour += 7) {
      const watched = await watchDrift(
        state,
        options(START + hour * 3_600_000, Infinity, { champions: {}, unmapped }),
      );
      state = JSON.parse(JSON.stringify(watched.state)) as DriftState;
      found.push(...watched.findings);
    }
    expect(found).toMatchObject([
      { model: 'all', kind: 'new-codes', subject: 'UPSN x12-214 reason ZQ', grade: 'warning' },
    ]);
    expect(found[0]!.at).toBeLessThanOrEqual(START + 33 * DAY_MS);
  });
});

describe('requestsOf', () => {
  const settings = { automatic: true, coolDownMs: 14 * DAY_MS, budgetPerYear: 2 };
  const finding = (at: number, grade: DriftFinding['grade'] = 'retrain'): DriftFinding => ({
    id: `f-${at}`,
    at,
    heardAt: at,
    model: 'late',
    kind: 'error-shift',
    subject: 'late@v1',
    grade,
    since: at,
    text: 'the Brier score has moved',
    numbers: {},
  });
  const done = (request: Retraining): Retraining => ({ ...request, version: 2, state: 'challenges' });

  it('asks once for all findings of a look, and for nothing that is no alarm', () => {
    const asked = requestsOf(
      [finding(START), finding(START + 1), finding(START, 'warning')],
      [],
      'late',
      settings,
    );
    expect(asked).toMatchObject([
      { model: 'late', state: 'requested', findings: [`f-${START}`, `f-${START + 1}`] },
    ]);
    expect(requestsOf([finding(START, 'warning')], [], 'late', settings)).toEqual([]);
    expect(requestsOf([finding(START)], [], 'late', { ...settings, automatic: false })).toEqual([]);
    expect(requestsOf([finding(START)], [], 'other', settings)).toEqual([]);
  });

  it('keeps to one open request, to the cool-down and to the budget of a year', () => {
    const ask = (at: number, known: readonly Retraining[]) =>
      requestsOf([finding(at)], known, 'late', settings);
    const [first] = ask(START, []);
    expect(ask(START + 20 * DAY_MS, [first!])).toEqual([]);
    expect(ask(START + 13 * DAY_MS, [done(first!)])).toEqual([]);
    const [second] = ask(START + 20 * DAY_MS, [done(first!)]);
    expect(second).toBeDefined();
    const both = [done(first!), done(second!)];
    expect(ask(START + 60 * DAY_MS, both)).toEqual([]);
    expect(ask(START + 60 * DAY_MS, [done(first!), { ...done(second!), by: 'Dana' }])).toHaveLength(1);
    expect(ask(START + 366 * DAY_MS, both)).toHaveLength(1);
  });
});
