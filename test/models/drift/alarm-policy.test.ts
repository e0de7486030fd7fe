import { describe, expect, it } from 'vitest';
import {
  alarmPolicyStart,
  type AlarmPolicyState,
  judgeFindings,
} from '../../../models/drift/alarm-policy.ts';
import { carrierFinding } from '../../../models/drift/carrier-findings.ts';
import { dataDrift } from '../../../models/drift/data-drift.ts';
import { categoricalReference, numericReference } from '../../../models/drift/feature-reference.ts';
import type { DriftGrade, Finding } from '../../../models/drift/finding.ts';
import {
  type ModelBlock,
  type ModelReference,
  type ModelWatchState,
  modelWatchStart,
  observeModel,
} from '../../../models/drift/model-watch.ts';
import { newCodes } from '../../../models/drift/new-codes.ts';
import { realisedQuality } from '../../../models/drift/realised-quality.ts';
import { seasonalReference } from '../../../models/drift/seasonal-reference.ts';
import { seededRandom } from '../../../models/training/seeded-random.ts';

const DAY_MS = 86_400_000;

const finding = (day: number, grade: DriftGrade, subject = 'model'): Finding => ({
  kind: 'error-shift',
  subject,
  grade,
  at: day * DAY_MS,
  since: day * DAY_MS,
  text: 'moved',
  numbers: {},
});

/** Grades told, by day, of findings that come one by one. */
const told = (findings: readonly Finding[]): string[] => {
  let state: AlarmPolicyState = alarmPolicyStart;
  return findings.flatMap((one) => {
    const step = judgeFindings(JSON.parse(JSON.stringify(state)), [one]);
    state = step.state;
    return step.alarms.map(({ at, grade }) => `${at / DAY_MS} ${grade}`);
  });
};

describe('alarm policy', () => {
  it('asks for one retraining in a week, and says why not for another', () => {
    const days = [finding(1, 'retrain'), finding(4, 'retrain', 'carrier'), finding(9, 'retrain')];
    expect(told(days)).toEqual(['1 retrain', '4 warning', '9 retrain']);
    const { state } = judgeFindings(alarmPolicyStart, [finding(1, 'retrain')]);
    expect(judgeFindings(state, [finding(4, 'retrain', 'carrier')]).alarms[0]?.text).toContain('just now');
  });

  it('tells one subject once a week, and at once when it has become graver', () => {
    const days = [finding(1, 'note'), finding(2, 'note'), finding(3, 'warning'), finding(11, 'warning')];
    expect(told(days)).toEqual(['1 note', '3 warning', '11 warning']);
  });

  it('keeps to twelve a year, and begins again when the year has passed', () => {
    const weekly = Array.from({ length: 53 }, (_, week) => finding(8 * week, 'retrain'));
    const retrained = told(weekly).filter((line) => line.endsWith('retrain'));
    expect(retrained).toHaveLength(12 + 6 + 1);
    expect(retrained.slice(11, 13)).toEqual(['88 retrain', '368 retrain']);
  });
});

describe('data drift', () => {
  const random = seededRandom(2);
  const normal = (shift: number) => Array.from({ length: 600 }, () => random() + random() + shift);
  const rows = Array.from({ length: 600 }, (_, at) => ({ at: at * 1_000, value: random() + random() }));
  const references = {
    load: seasonalReference(rows, 'none', (of) => numericReference(of.map(({ value }) => value))),
    warmth: seasonalReference(rows, 'weeks', (of) => numericReference(of.map(({ value }) => value))),
    carrier: seasonalReference(rows, 'none', () => categoricalReference(['A', 'A', 'B', null])),
  };
  const at = (day: number, features: ModelBlock['features']) =>
    dataDrift(references, { from: day * DAY_MS, closedAt: day * DAY_MS, features });

  it('is silent where nothing has moved, and tells a shift as a warning', () => {
    expect(at(3, { load: normal(0) })).toEqual([]);
    expect(at(3, { load: normal(0.7) })).toMatchObject([{ kind: 'feature-drift', grade: 'warning' }]);
  });

  it('only notes what has no reference of its season', () => {
    expect(at(3, { warmth: normal(0.7) })).toMatchObject([{ subject: 'warmth', grade: 'warning' }]);
    expect(at(200, { warmth: normal(0.7) })).toMatchObject([{ subject: 'warmth', grade: 'note' }]);
  });

  it('tells missing values and categories never seen', () => {
    const holes = normal(0).map((value, row) => (row % 4 === 0 ? NaN : value));
    expect(at(3, { load: holes }).map(({ kind }) => kind)).toEqual(['missing-values']);
    const kinds = at(3, { carrier: ['A', 'A', 'B', 'C', 'C', null] }).map(({ kind }) => kind);
    expect(kinds).toContain('unseen-categories');
  });
});

describe('the watch of a model', () => {
  const reference: ModelReference = { model: 'late@1', brier: 0.1, features: {} };
  const blockOf = (day: number, lateRate: number, random: () => number): ModelBlock => {
    const scores = Array.from({ length: 200 }, () => 0.1 + 0.1 * random());
    return {
      from: day * DAY_MS,
      to: (day + 1) * DAY_MS,
      closedAt: (day + 2) * DAY_MS,
      scores,
      labels: scores.map(() => (random() < 0.05 ? null : random() < lateRate ? 1 : 0)),
      features: {},
    };
  };

  it('asks for a new model when the error jumps, which the estimate cannot see', () => {
    const random = seededRandom(9);
    let state: ModelWatchState = modelWatchStart;
    const alarms: Finding[] = [];
    for (let day = 0; day < 80; day++) {
      const step = observeModel(reference, state, blockOf(day, day < 60 ? 0.15 : 0.5, random));
      state = JSON.parse(JSON.stringify(step.state));
      alarms.push(...step.alarms);
      expect(step.caveat).toContain('never another relation');
      expect(step.estimated?.brier).toBeCloseTo(0.127, 2);
      if (day === 70) expect(step.realised?.brier).toBeGreaterThan(0.3);
    }
    const retrain = alarms.filter(({ grade }) => grade === 'retrain');
    expect(retrain).toMatchObject([{ kind: 'error-shift', since: 60 * DAY_MS, at: 66 * DAY_MS }]);
    expect(alarms.some(({ kind }) => kind === 'estimated-quality')).toBe(false);
  });

  it('says nothing of a day with hardly a label', () => {
    const block = blockOf(1, 0.2, seededRandom(4));
    const { realised, state } = observeModel(reference, modelWatchStart, {
      ...block,
      labels: block.labels.map(() => null),
    });
    expect(realised).toBeNull();
    expect(state.shift.blocks).toEqual([]);
  });
});

describe('other findings', () => {
  it('a carrier everywhere asks for a new model, one cell does not', () => {
    const shift = { carrier: 'C', at: 9, since: 5, labels: 30, late: 20, expectedLate: 3 };
    expect(carrierFinding({ ...shift, cell: null })).toMatchObject({ grade: 'retrain', subject: 'C' });
    const cell = { lane: 'L', service: 'S' };
    expect(carrierFinding({ ...shift, cell })).toMatchObject({ grade: 'warning', subject: 'C on L with S' });
  });

  it('a code that rises is told, one that came as ever is not', () => {
    const codes = [
      { code: 'ZQ', before: 3, beforeDays: 21, lately: 14, latelyDays: 7 },
      { code: 'ZR', before: 30, beforeDays: 21, lately: 10, latelyDays: 7 },
    ];
    expect(newCodes(codes, 100 * DAY_MS)).toMatchObject([{ subject: 'ZQ', since: 93 * DAY_MS }]);
  });

  it('realised quality is what it is by hand', () => {
    const { brier, logLoss, rate, auc } = realisedQuality([0, 1], [0.2, 0.8]);
    expect([brier, rate, auc]).toEqual([expect.closeTo(0.04, 12), 0.5, 1]);
    expect(logLoss).toBeCloseTo(-Math.log(0.8), 12);
  });
});
