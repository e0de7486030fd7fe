import { beforeAll, describe, expect, it } from 'vitest';
import { featureSetOf } from '../../../domain/feature-set.ts';
import { featureNames } from '../../../domain/features.ts';
import { untreatedWeight } from '../../../domain/untreated.ts';
import { alarmTruth } from '../../../sinks/clickhouse/alarm-truth.ts';
import { alarmLines } from '../../../sinks/clickhouse/format-report.ts';
import { applyMigrations } from '../../../sinks/clickhouse/migrations.ts';
import { report } from '../../../sinks/clickhouse/report.ts';
import { trainingRowsOf } from '../../../sinks/clickhouse/training-rows.ts';
import { clickHouseForTests } from './clickhouse-here.ts';
import { DAY, labelOf, NOON, predictionOf } from './labelled-fixture.ts';
import { rowsInto } from './story-fixture.ts';

const { server, client } = await clickHouseForTests();
const put = rowsInto(client);

const full = featureNames.map((_, column) => (column === 1 ? null : column));

describe.skipIf(server === undefined)('training rows', () => {
  beforeAll(async () => {
    await applyMigrations(client);
    await put('predictions', [
      predictionOf('a-late', full),
      predictionOf('b-earlier-set', full.slice(0, 65), featureSetOf(featureNames.slice(0, 65))),
      predictionOf('c-other-meaning', full, featureSetOf(['x', ...featureNames.slice(1)])),
      predictionOf('d-rescued', full),
      predictionOf('e-held', full),
      predictionOf('f-under-way', full),
      predictionOf('g-taken-back', full),
      predictionOf('h-unnamed-set', full.slice(0, 65), ''),
      predictionOf('i-by-people', full),
    ]);
    const chance = { propensity: 0.8 } as const;
    await put('labelled', [
      labelOf('a-late', 0),
      labelOf('b-earlier-set', 1),
      labelOf('c-other-meaning', 1),
      labelOf('d-rescued', 0, { ...chance, treated: true }),
      labelOf('e-held', 1, { ...chance, holdOut: true }),
      labelOf('g-taken-back', 1),
      labelOf('h-unnamed-set', 0, { probability: 0.1 }),
      labelOf('i-by-people', 0, { propensity: null, treated: true }),
      // Corrected a day later.
      labelOf('a-late', 1, { version: 2, heardAt: NOON + 6 * DAY }),
      labelOf('g-taken-back', null, { version: 2, heardAt: NOON + 6 * DAY }),
    ]);
  });

  it('are predictions as they were logged, with the truth as it was known at a time', async () => {
    const then = await trainingRowsOf(client, { asOf: NOON + 5 * DAY });
    const now = await trainingRowsOf(client);
    const labelsOf = ({ rows }: typeof now) => Object.fromEntries(rows.map(({ id, label }) => [id, label]));
    const same = { 'b-earlier-set': 1, 'd-rescued': 0, 'e-held': 1, 'h-unnamed-set': 0, 'i-by-people': 0 };
    expect(labelsOf(then)).toEqual({ 'a-late': 0, 'g-taken-back': 1, ...same });
    expect(labelsOf(now)).toEqual({ 'a-late': 1, ...same });
    expect((await trainingRowsOf(client, { asOf: NOON + 4 * DAY })).rows).toEqual([]);
    const [first] = now.rows;
    expect([...first!.features].slice(0, 3)).toEqual([0, NaN, 2]);
    expect(first).toMatchObject({ at: NOON, happened: ['weather'], minutesLate: 10 });
  });

  it('have NaN where a feature was not declared yet, and leave out what meant something else', async () => {
    const { rows, lineage } = await trainingRowsOf(client);
    const earlier = rows.find(({ id }) => id === 'b-earlier-set');
    expect(earlier?.features).toHaveLength(featureNames.length);
    expect([...earlier!.features].slice(64)).toEqual([64, ...featureNames.slice(65).map(() => NaN)]);
    expect(lineage).toMatchObject({ rows: 6, shipments: 6, unreadable: 1, treated: 2, heldOut: 1 });
  });

  it('name exactly which rows they were: the same question has the same hash, another truth another', async () => {
    const [one, two] = [await trainingRowsOf(client), await trainingRowsOf(client)];
    expect(two.lineage).toEqual(one.lineage);
    const then = await trainingRowsOf(client, { asOf: NOON + 5 * DAY });
    expect(then.lineage.sha256).not.toBe(one.lineage.sha256);
    expect(one.lineage).toMatchObject({ firstId: 'a-late', lastId: 'i-by-people', from: NOON, until: NOON });
  });

  it('are only what nobody treated where that is asked for, with the weight of what they stand for', async () => {
    const { rows } = await trainingRowsOf(client, { population: 'untreated' });
    expect(rows.map(({ id, weight }) => [id, Math.round(weight * 1e9) / 1e9])).toEqual([
      ['a-late', 1],
      ['b-earlier-set', 1],
      ['e-held', 5],
      ['h-unnamed-set', 1],
    ]);
    for (const propensity of [null, 0, 0.3, 0.8, 0.99, 1]) {
      for (const treated of [false, true]) {
        const [row] = [untreatedWeight({ treated, propensity })];
        expect(row).toBe(treated ? 0 : Math.min(20, 1 / (1 - (propensity ?? 0))));
      }
    }
  });

  it('count a rescued shipment as no false alarm, beside what the naive count says', async () => {
    const { naive, corrected, treated, heldOut, unlike } = await alarmTruth(client);
    expect([treated, heldOut, unlike]).toEqual([2, 1, 1]);
    // Seven labels, six alarms, four of them late.
    expect(naive).toEqual({ predictions: 7, alarms: 6, late: 4, hits: 4, precision: 4 / 6, recall: 1 });
    // Without the two treated; the one that was held out stands for five.
    expect(corrected.alarms).toBeCloseTo(3 + 5, 9);
    expect(corrected.precision).toBeCloseTo(1, 9);
    expect(corrected.predictions).toBeCloseTo(9, 9);
    const lines = alarmLines(await alarmTruth(client)).join('\n');
    expect(lines).toMatch(
      /as they ended: +precision 66\.7 % of 6 alarms, recall 100\.0 % of 4 late predictions/,
    );
    expect(lines).toMatch(/as if left alone: +precision 100\.0 % of 8 alarms, .*standing for them$/m);
    expect(lines).toMatch(/1 were treated with certainty or by people: nothing stands for them/);
    expect((await report(client)).alarms).toEqual(await alarmTruth(client));
  });
});
