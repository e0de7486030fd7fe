import { afterEach, beforeEach, expect, it } from 'vitest';
import type { DriftFinding } from '../../../domain/drift-finding.ts';
import { featureNames } from '../../../domain/features.ts';
import { promotionRule } from '../../../domain/promotion-rule.ts';
import { latestRetrainings, type Retraining } from '../../../domain/retraining.ts';
import type { SegmentedRow } from '../../../models/promotion/matured-of.ts';
import { seededRandom } from '../../../models/training/seeded-random.ts';
import { firstRequestsOf, requestsOf } from '../../../runtime/wire/learning/ask-for-retraining.ts';
import { lookAtModels } from '../../../runtime/wire/learning/look-at-models.ts';
import { scoreLogged } from '../../../runtime/wire/learning/score-logged.ts';
import { trainVersion } from '../../../runtime/wire/learning/train-version.ts';
import { type OpenModels, openModels } from './open-models.ts';

const DAY_MS = 86_400_000;
const CHANGE = 20;

/**
 * A day of shipments that come as late as two features say, until a road is closed and one of them costs two hours more; and
 * whose cause follows the third.
 */
const shipmentsOf = (day: number): SegmentedRow[] => {
  const random = seededRandom(day + 1);
  return Array.from({ length: 60 }, (_, index) => {
    const features = new Float32Array(featureNames.length).fill(NaN);
    for (const column of [0, 1, 2]) features[column] = random() * 2 - 1;
    const detour = day >= CHANGE && features[1]! > 0 ? 120 : 0;
    const minutes = 60 * features[0]! + detour + 30 * (random() - 0.5);
    const label = minutes > 30 ? 1 : 0;
    return {
      features,
      at: day * DAY_MS + index,
      shipmentId: `${day}-${index}`,
      carrier: 'ACME',
      weight: 1,
      label,
      afterExpectedMin: minutes,
      cause: label === 0 ? 'none' : features[2]! > 0 ? 'weather' : 'traffic',
      happened: [],
    };
  });
};
const between = (from: number, to: number): SegmentedRow[] =>
  Array.from({ length: to - from }, (_, index) => shipmentsOf(from + index)).flat();

let models: OpenModels;
beforeEach(async () => {
  models = await openModels();
});
afterEach(async () => models.log.close());

it('trains arrivals anew when the world of the judged model has changed, compares them on logged rows, and serves them', async () => {
  const { registry, control } = models;
  const settings = { automatic: true, coolDownMs: 14 * DAY_MS, budgetPerYear: 12 };
  const records: Retraining[] = [];
  let today = 19;
  const look = async (): Promise<void> =>
    lookAtModels({
      control,
      rule: promotionRule.parse({ draws: 100, minShipments: 200 }),
      isDue: () => true,
      isRipe: () => Promise.resolve(true),
      signal: new AbortController().signal,
      pairs: async ({ model, incumbent, candidate }) =>
        scoreLogged(
          await registry.load(model, incumbent, featureNames),
          await registry.load(model, candidate, featureNames),
          between(28, today),
        ),
      retrainings: () => Promise.resolve(latestRetrainings(records)),
      record: (row) => {
        records.push(row);
        return Promise.resolve();
      },
      train: async ({ model, changedAt }) => {
        const rows = between(changedAt === null ? 0 : changedAt / DAY_MS, today);
        return (await trainVersion({ registry, decide: control.decide, model, rows, data: {}, by: 'test' }))
          .version;
      },
      now: () => today * DAY_MS,
      seeded: seededRandom,
      note: () => undefined,
    });

  // There is none yet: the first challenges nobody, and is the champion with the next look.
  records.push(...firstRequestsOf(['eta', 'cause'], records, today * DAY_MS, settings));
  expect(firstRequestsOf(['eta', 'cause'], records, today * DAY_MS, settings)).toEqual([]);
  await look();
  await look();
  const first = control.inForce()['eta']!.champion;
  expect(first).not.toBeNull();
  expect(control.inForce()['cause']!.champion).not.toBeNull();
  expect(
    (await registry.describe('cause', control.inForce()['cause']!.champion!)).signature.outputs,
  ).toMatchObject([{ kind: 'classes', labels: ['weather', 'traffic'] }]);

  // The judged model's error has moved; arrivals have no finding of their own.
  today = 33;
  const found: DriftFinding = {
    id: 'f-1',
    at: today * DAY_MS,
    heardAt: today * DAY_MS,
    model: 'late-delivery',
    kind: 'error-shift',
    subject: 'late-delivery@1',
    grade: 'retrain',
    since: CHANGE * DAY_MS,
    text: 'the Brier score has moved',
    numbers: {},
  };
  expect(requestsOf([found], latestRetrainings(records), 'eta', settings)).toEqual([]);
  records.push(...requestsOf([found], latestRetrainings(records), 'eta', settings, ['late-delivery']));
  await look();
  const { challenger } = control.inForce()['eta']!;
  expect(challenger).not.toBeNull();
  today = 40;
  await look();
  expect(control.inForce()['eta']).toEqual({ champion: challenger, challenger: null, shadow: first });
  const promoted = (await registry.decisions('eta')).findLast(({ kind }) => kind === 'promoted')!;
  // Losses are shares of the incumbent's, and less is more.
  expect(promoted.numbers['lossIncumbent']).toBeCloseTo(-1, 6);
  expect(promoted.numbers['lossCandidate']).toBeGreaterThan(-0.8);
});
