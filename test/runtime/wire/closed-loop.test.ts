import { afterEach, beforeEach, expect, it } from 'vitest';
import { latestRetrainings, type Retraining } from '../../../domain/retraining.ts';
import { promotionRule } from '../../../domain/promotion-rule.ts';
import { featureNames } from '../../../domain/features.ts';
import { alarmPolicyDefaults } from '../../../models/drift/alarm-policy.ts';
import type { Model } from '../../../models/model.ts';
import { predict } from '../../../models/predict.ts';
import { auc, calibrationError } from '../../../models/quality.ts';
import type { ModelRegistry } from '../../../models/registry.ts';
import { rowsToLearnFrom } from '../../../models/training/rows-to-learn-from.ts';
import { seededRandom } from '../../../models/training/seeded-random.ts';
import { trainRisk } from '../../../models/training/train-risk.ts';
import type { TrainingRow } from '../../../models/training/training-rows.ts';
import type { EmbeddedLog } from '../../../runtime/log/embedded-log.ts';
import { followUpsOf, requestsOf } from '../../../runtime/wire/learning/ask-for-retraining.ts';
import { lookAtModels } from '../../../runtime/wire/learning/look-at-models.ts';
import { driftStart, watchDrift } from '../../../runtime/wire/learning/watch-drift.ts';
import type { ModelsControl } from '../../../runtime/wire/models-in-force.ts';
import { openModels } from './open-models.ts';

const DAY_MS = 86_400_000;
const ROWS_A_DAY = 200;
const COLLAPSE = 60;
const SETTLE_DAYS = 4;
const COLUMNS = 6;
const names = featureNames.slice(0, COLUMNS);

/**
 * A day of shipments whose risk follows two features; from the collapse on a carrier (the third one) is late whatever
 * those say: what the features mean has changed, which no look at them alone can tell.
 */
const shipmentsOf = (day: number): readonly TrainingRow[] => {
  const random = seededRandom(day * 7 + 1);
  return Array.from({ length: ROWS_A_DAY }, (_, index) => {
    const features = Float32Array.from({ length: COLUMNS }, () => random() * 2 - 1);
    const isBad = features[2]! > 0.1 && day >= COLLAPSE;
    const logOdds = 3 * features[0]! + 1.5 * features[1]! - 1 + (isBad ? 4 : 0);
    const label = random() < 1 / (1 + Math.exp(-logOdds)) ? 1 : 0;
    return { features, label, at: day * DAY_MS + index, shipmentId: `${day}-${index}` };
  });
};
const between = (from: number, to: number): readonly TrainingRow[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, index) => shipmentsOf(from + index)).flat();

let registry: ModelRegistry;
let control: ModelsControl;
let log: EmbeddedLog;
/** What each version says: the files are read by the tests of the export. */
const trained = new Map<string, Model>();

const scoresOf = (version: string, rows: readonly TrainingRow[]): Float32Array => {
  const matrix = new Float32Array(rows.length * COLUMNS);
  for (const [row, { features }] of rows.entries()) matrix.set(features, row * COLUMNS);
  return predict(trained.get(version)!, matrix, rows.length);
};

/** On everything that is known on a day. */
const trainOn = async (day: number, changedAt: number | null): Promise<string> => {
  const known = between(Math.max(0, day - 30), day - SETTLE_DAYS);
  const parent = trained.get(control.inForce()['late']?.champion ?? '');
  const { model, card } = trainRisk(rowsToLearnFrom(known, changedAt), {
    ...(parent === undefined || changedAt === null ? {} : { from: parent.ensembles[0]! }),
    train: { learningRate: 0.1, patience: 15 },
  });
  const version = await registry.publish('late', {
    trained: model,
    features: names,
    threshold: 0.5,
    card,
    reference: { model: 'late', brier: card.validation.brier, features: {} },
  });
  trained.set(version, model);
  return version;
};

beforeEach(async () => {
  ({ registry, log, control } = await openModels());
});
afterEach(async () => log.close());

it('goes from a collapse to a model that is as good as before, with no hand in it', async () => {
  const first = await trainOn(SETTLE_DAYS + 20, null);
  await control.decide({
    model: 'late',
    version: first,
    kind: 'promoted',
    by: 't',
    reason: 'first',
    numbers: {},
  });
  const rule = promotionRule.parse({ draws: 150 });
  const champions: string[] = [];
  const records: Retraining[] = [];
  let state = driftStart;
  let challengedOn = 0;

  for (let today = 21; today < 130; today++) {
    const now = today * DAY_MS;
    const { champion } = control.inForce()['late']!;
    champions[today] = champion!;
    const watched = await watchDrift(state, {
      champions: { late: champion! },
      beside: {},
      served: () => Promise.resolve({ predictions: 0, quality: null }),
      reference: async (model, version) => (await registry.reference(model, version)) as never,
      day: (_, version, from) => {
        const rows = shipmentsOf(from / DAY_MS);
        const labels = rows.map(({ label }) => label as 0 | 1);
        return Promise.resolve({ scores: [...scoresOf(version, rows)], labels, features: {} });
      },
      ended: () => Promise.resolve([]),
      unmapped: () => Promise.resolve([]),
      now,
      begin: 20 * DAY_MS,
      settleMs: SETTLE_DAYS * DAY_MS,
      policy: { ...alarmPolicyDefaults, retrainCoolDownMs: 14 * DAY_MS },
    });
    state = watched.state;
    const settings = { automatic: true, coolDownMs: 14 * DAY_MS, budgetPerYear: 12 };
    const known = latestRetrainings(records);
    const asked = requestsOf(watched.findings, known, 'late', settings);
    records.push(...(asked.length > 0 ? asked : followUpsOf(known, champion, 'late', now, settings)));
    await lookAtModels({
      control,
      rule,
      pairs: ({ incumbent, candidate }) => {
        const rows = between(challengedOn, today - SETTLE_DAYS);
        const [old, young] = [scoresOf(incumbent, rows), scoresOf(candidate, rows)];
        return Promise.resolve({
          offBy: null,
          latencyRatio: null,
          pairs: rows.map(({ shipmentId = '', label }, row) => ({
            shipmentId,
            segment: 'all',
            label: label as 0 | 1,
            weight: 1,
            incumbent: old[row]!,
            candidate: young[row]!,
          })),
        });
      },
      isDue: () => true,
      isRipe: () => Promise.resolve(true),
      signal: new AbortController().signal,
      retrainings: () => Promise.resolve(latestRetrainings(records)),
      record: (row) => {
        records.push(row);
        challengedOn = today;
        return Promise.resolve();
      },
      train: ({ changedAt }) => trainOn(today, changedAt),
      now: () => now,
      seeded: seededRandom,
      note: () => undefined,
    });
  }

  expect(records.every(({ at }) => at >= COLLAPSE * DAY_MS)).toBe(true);
  const last = champions.at(-1)!;
  expect(last).not.toBe(first);
  const kinds = (await registry.decisions('late')).map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === 'promoted').length).toBeGreaterThanOrEqual(2);
  expect(kinds).not.toContain('rolled_back');

  // A version scored what came after it had learned.
  const liveOf = (from: number, to: number) => {
    const days = Array.from({ length: to - from }, (_, index) => from + index);
    const labels = days.flatMap((day) => shipmentsOf(day).map(({ label }) => label));
    const scores = days.flatMap((day) => [...scoresOf(champions[day]!, shipmentsOf(day))]);
    return { auc: auc(labels, scores), calibration: calibrationError(labels, scores) };
  };
  const before = liveOf(COLLAPSE - 20, COLLAPSE);
  const during = liveOf(COLLAPSE, COLLAPSE + 6);
  const after = liveOf(112, 130);
  expect(during.auc).toBeLessThan(before.auc - 0.05);
  expect(after.auc).toBeGreaterThan(before.auc - 0.02);
  expect(after.calibration).toBeLessThan(before.calibration + 0.02);
});
