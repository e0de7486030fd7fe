import { beforeAll, describe, expect, it } from 'vitest';
import { featureSet } from '../../../domain/feature-set.ts';
import { featureNames } from '../../../domain/features.ts';
import { outcome } from '../../../domain/outcome.ts';
import { promotionRule } from '../../../domain/promotion-rule.ts';
import { modelRegistry } from '../../../models/registry.ts';
import { trainRisk } from '../../../models/training/train-risk.ts';
import { seededRandom } from '../../../models/training/seeded-random.ts';
import { compareLogged } from '../../../runtime/wire/learning/compare-logged.ts';
import { firstPrediction, lastLabel } from '../../../runtime/wire/learning/drift-tables.ts';
import {
  endedShipments,
  pairedRows,
  predictedRows,
  seenInHistory,
  servedRows,
} from '../../../sinks/clickhouse/learning-rows.ts';
import { applyMigrations } from '../../../sinks/clickhouse/migrations.ts';
import { trainingRowsOf } from '../../../sinks/clickhouse/training-rows.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { clickHouseForTests } from './clickhouse-here.ts';
import { DAY, labelOf, NOON, predictionOf } from './labelled-fixture.ts';
import { rowsInto } from './story-fixture.ts';

const { server, client } = await clickHouseForTests();
const put = rowsInto(client);

const random = seededRandom(1);
const full = (first: number): readonly (number | null)[] =>
  featureNames.map((_, column) => (column === 0 ? first : column === 1 ? null : column));
const shadow = (probability: number) => [
  { modelVersion: 'm@3', probability: 0.5 },
  { modelVersion: 'm@2', probability },
];

/** Whether they are late follows their first feature. */
const shipments = Array.from({ length: 120 }, (_, index) => {
  const first = random() * 2 - 1;
  return { id: `s-${index}`, first, label: random() < (first > 0 ? 0.8 : 0.2) ? (1 as const) : (0 as const) };
});

describe.skipIf(server === undefined)('rows that are learned from', () => {
  beforeAll(async () => {
    await applyMigrations(client);
    const of = (id: string, change: object = {}) => ({
      ...predictionOf(id, full(0.5)),
      modelVersion: 'm@1',
      probability: 0.8,
      ...change,
    });
    await put('predictions', [
      of('a'),
      of('b', { heardAt: NOON + 10 }),
      of('c-treated'),
      of('d-unknown'),
      of('e-other-version', { modelVersion: 'm@9' }),
      of('f-fallback', { answered: 'fallback' }),
      of('g-next-day', { heardAt: NOON + DAY }),
      of('h-other-set', { featureSet: 'x' }),
      of('i-served', {
        modelVersion: 'z@1',
        modelVersions: ['z@1', 'eta@1', 'cause@1'],
        eta: { p10: NOON, p50: NOON + 60_000, p90: NOON + 120_000 },
        cause: { code: 'weather', probability: 0.75 },
        risks: { damage: 0.125 },
      }),
      of('j-served-treated', { modelVersion: 'z@1', modelVersions: ['z@1', 'eta@1'] }),
      ...shipments.map(({ id, first }) => ({
        ...predictionOf(id, full(first)),
        modelVersion: 'q@1',
        heardAt: NOON - DAY,
      })),
    ]);
    await put('labelled', [
      labelOf('a', 1, { modelVersion: 'm@1', shadow: shadow(0.9), happened: ['damage', 'weather'] }),
      labelOf('b', 0, { modelVersion: 'm@1', shadow: shadow(0.25), propensity: 0.5 }),
      labelOf('c-treated', 0, {
        modelVersion: 'm@1',
        shadow: shadow(0.7),
        treated: true,
        happened: ['damage'],
      }),
      labelOf('i-served', 1, { modelVersion: 'z@1', cause: 'weather', happened: ['damage'], treated: false }),
      labelOf('j-served-treated', 1, { modelVersion: 'z@1', treated: true }),
      labelOf('g-next-day', 1, { modelVersion: 'm@1', shadow: [{ modelVersion: 'm@3', probability: 0.1 }] }),
      ...shipments.map(({ id, label }) =>
        labelOf(id, label, { modelVersion: 'q@1', predictedAt: NOON - DAY, heardAt: NOON }),
      ),
    ]);
    const ended = (id: string, knownAt: number, minutesLate: number | null) =>
      outcome.parse({
        id,
        version: 1,
        at: knownAt,
        heardAt: knownAt,
        shipmentId: id,
        customerId: 'C1',
        tier: 'standard',
        carrier: 'ACME',
        lane: 'AAA-ZZZ',
        service: 'ltl',
        result: minutesLate === null ? 'lost' : 'delivered',
        promisedAt: NOON + DAY,
        deliveredAt: minutesLate === null ? null : NOON + DAY + minutesLate * 60_000,
        minutesLate,
        breached: false,
        exceptions: [],
        actions: [],
        peakProbability: null,
        predicted: false,
        customerToldAt: null,
        toldBeforeBreach: false,
      });
    await put('outcomes', [
      ended('early', NOON, -60),
      ended('late', NOON + DAY + 7_200_000, 120),
      ended('lost', NOON + 2 * DAY, null),
      ended('later', NOON + 3 * DAY, 5),
    ]);
  });

  it('gives the predictions of a version in a day, without what nobody knows or somebody changed', async () => {
    const rows = await predictedRows(client, 'm@1', featureSet, { from: NOON, to: NOON + DAY });
    expect(rows).toHaveLength(4);
    const counted = (wanted: 0 | 1 | null) => rows.filter(({ label }) => label === wanted).length;
    expect([counted(0), counted(1), counted(null)]).toEqual([1, 1, 2]);
    expect(rows[0]).toMatchObject({ probability: 0.8, features: full(0.5) });
    expect(await firstPrediction(client)).toBe(NOON - DAY);
  });

  it('gives what was said beside the judged risk, with what came of it', async () => {
    const rows = await servedRows(client, 'eta@1', { from: NOON, to: NOON + DAY });
    expect(rows).toHaveLength(2);
    expect(rows.find(({ end }) => end !== null)).toEqual({
      eta: { p10: NOON, p50: NOON + 60_000, p90: NOON + 120_000 },
      cause: { code: 'weather', probability: 0.75 },
      risks: { damage: 0.125 },
      end: { late: 1, deliveredAt: NOON + DAY, cause: 'weather', happened: ['damage'] },
    });
    expect(rows.find(({ end }) => end === null)).toMatchObject({ eta: null, cause: null, risks: {} });
    expect(await servedRows(client, 'cause@1', { from: NOON, to: NOON + DAY })).toHaveLength(1);
    expect(await servedRows(client, 'eta@1', { from: NOON + DAY, to: NOON + 2 * DAY })).toEqual([]);
  });

  it('pairs what two versions said of the same features, untreated, with their weights', async () => {
    expect(await pairedRows(client, 'm@1', 'm@2', NOON)).toEqual([
      { shipmentId: 'S-a', segment: 'ACME', label: 1, weight: 1, incumbent: 0.8, candidate: 0.9 },
      { shipmentId: 'S-b', segment: 'ACME', label: 0, weight: 2, incumbent: 0.8, candidate: 0.25 },
    ]);
    expect(await pairedRows(client, 'm@1', 'm@2', NOON + 1)).toEqual([]);
    expect(await pairedRows(client, 'm@1', 'm@7', NOON)).toEqual([]);
  });

  it('counts shipments and what came to pass in them, without those that were treated', async () => {
    expect(await seenInHistory(client, { from: NOON, to: NOON + 2 * DAY })).toEqual({
      shipments: 4,
      byCategory: { damage: 2, weather: 3 },
    });
    expect(await seenInHistory(client, { from: 0, to: 1 })).toEqual({ shipments: 0, byCategory: {} });
  });

  it('knows when the last label was told', async () => {
    expect(await lastLabel(client)).toBeGreaterThanOrEqual(NOON);
  });

  it('gives each row the minutes from the arrival that was expected then to the delivery', async () => {
    const { rows } = await trainingRowsOf(client, { from: NOON, population: 'untreated' });
    const { deliveredAt } = labelOf('a', 1);
    const { expectedAt } = predictionOf('a', full(0.5));
    expect(rows.find(({ id }) => id === 'a')!.afterExpectedMin).toBeCloseTo(
      (deliveredAt! - expectedAt) / 60_000,
      6,
    );
  });

  it('gives shipments whose end became known, none before its promise has passed', async () => {
    const row = { carrier: 'ACME', lane: 'AAA-ZZZ', service: 'ltl' };
    expect(await endedShipments(client, { from: 0, to: NOON + 3 * DAY })).toEqual([
      { ...row, knownAt: NOON + DAY, late: 0 },
      { ...row, knownAt: NOON + DAY + 7_200_000, late: 1 },
    ]);
    expect(await endedShipments(client, { from: NOON + 3 * DAY, to: NOON + 9 * DAY })).toHaveLength(1);
  });

  it('compares versions on logged features, whether or not they scored beside each other', async () => {
    const registry = modelRegistry(await tempFolder());
    const trainedOn = async (right: boolean): Promise<string> => {
      const rows = Array.from({ length: 400 }, (_, at) => {
        const features = Float32Array.from(full(random() * 2 - 1), (value) => value ?? NaN);
        return { features, label: features[0]! > 0 === right ? 1 : 0, at };
      });
      const { model, card } = trainRisk(rows, { train: { trees: 30 } });
      return registry.publish('q', { trained: model, features: featureNames, threshold: 0.5, card });
    };
    const [wrong, right] = [await trainedOn(false), await trainedOn(true)];
    const rule = promotionRule.parse({
      draws: 100,
      minShipments: 50,
      minOfEachLabel: 5,
      maxCalibrationRise: 1,
    });
    const compared = await compareLogged({
      client,
      registry,
      rule,
      model: 'q',
      incumbent: wrong,
      candidate: right,
    });
    expect(compared).toMatchObject({ decision: 'promote', incumbent: wrong, candidate: right });
    expect(compared.comparison.shipments).toBeGreaterThanOrEqual(120);
    expect(compared.learnedUntil).toBe(399);
    expect(await registry.versions('q')).toHaveLength(2);
  });
});
