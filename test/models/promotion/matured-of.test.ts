import { describe, expect, it } from 'vitest';
import type { TimesOfSize } from '../../../domain/scoring-time.ts';
import { promotionRule } from '../../../domain/promotion-rule.ts';
import { compareVersions, judgeChallenger } from '../../../models/promotion/judge-challenger.ts';
import { latencyRatio } from '../../../models/promotion/latency-ratio.ts';
import { maturedOf, type Said, type SegmentedRow } from '../../../models/promotion/matured-of.ts';
import { seededRandom } from '../../../models/training/seeded-random.ts';

const row = (at: number, more: Partial<SegmentedRow> = {}): SegmentedRow => ({
  features: Float32Array.of(0),
  at,
  shipmentId: `S-${at}`,
  carrier: 'ACME',
  label: 0,
  afterExpectedMin: 0,
  cause: 'none',
  happened: [],
  weight: 1,
  ...more,
});
const said = (values: readonly number[], more: Partial<Said['output']> = {}): Said => ({
  output: { name: 'y', kind: 'risk', gives: 'probability', ...more },
  values: Float32Array.from(values),
});
const levels = [0.1, 0.5, 0.9];
const quantiles = (values: readonly number[]) => said(values, { kind: 'quantiles', levels });
const classes = (values: readonly number[], labels: string[]) => said(values, { kind: 'classes', labels });

describe('maturedOf', () => {
  it('compares a risk by its label, of lateness or of a category', () => {
    const rows = [row(1, { label: 1, happened: ['damage'] }), row(2, { label: 1, weight: 4 })];
    const both = { incumbent: said([0.5, 0.25]), candidate: said([0.75, 0.125]) };
    expect(maturedOf({ kind: 'late' }, rows, both)).toEqual({
      offBy: null,
      pairs: [
        { shipmentId: 'S-1', segment: 'ACME', label: 1, weight: 1, incumbent: 0.5, candidate: 0.75 },
        { shipmentId: 'S-2', segment: 'ACME', label: 1, weight: 4, incumbent: 0.25, candidate: 0.125 },
      ],
    });
    const { pairs } = maturedOf({ kind: 'category', category: 'damage' }, rows, both);
    expect(pairs.map(({ label }) => label)).toEqual([1, 0]);
  });

  it('compares arrivals by pinball loss as a share of the incumbent, and by how far coverage is off', () => {
    const rows = [row(1, { afterExpectedMin: 10 }), row(2, { afterExpectedMin: null }), row(3)];
    const { pairs, offBy } = maturedOf({ kind: 'eta' }, rows, {
      incumbent: quantiles([20, 30, 40, 0, 0, 0, -10, 0, 10]),
      candidate: quantiles([0, 10, 20, 0, 0, 0, -10, 0, 10]),
    });
    expect(pairs.map(({ shipmentId }) => shipmentId)).toEqual(['S-1', 'S-3']);
    // .9 · 10 + .5 · 20 + .1 · 30 and .1 · 10 + .1 · 10 over three levels.
    const [first, last, old] = [22 / 3, 2 / 3, 2 / 3];
    const mean = (first + old) / 2;
    expect(pairs[0]!.incumbent).toBeCloseTo(first / mean, 6);
    expect(pairs[0]!.candidate).toBeCloseTo(last / mean, 6);
    expect(offBy!.incumbent([1, 1])).toBeCloseTo(0.3, 6);
    expect(offBy!.candidate([1, 1])).toBeCloseTo(0.2, 6);
    expect(offBy!.incumbent([3, 1])).toBeCloseTo(0.55, 6);
  });

  it('compares causes by the log-loss of what it was, whatever classes a version has', () => {
    const rows = [
      row(1, { label: 1, cause: 'weather' }),
      row(2, { label: 1, cause: 'unknown' }),
      row(3, { label: 1, cause: 'traffic' }),
      row(4, { label: 0, cause: 'weather' }),
    ];
    const { pairs } = maturedOf({ kind: 'cause' }, rows, {
      incumbent: classes([0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5], ['weather', 'other']),
      candidate: classes([0.25, 0.75, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5], ['weather', 'traffic']),
    });
    expect(pairs.map(({ shipmentId }) => shipmentId)).toEqual(['S-1', 'S-3']);
    expect(pairs[0]).toMatchObject({ incumbent: -Math.log(0.5), candidate: -Math.log(0.25) });
    expect(pairs[1]).toMatchObject({ incumbent: -Math.log(0.5), candidate: -Math.log(0.5) });
  });

  it('lets a version with narrower arrivals that hold be promoted, and one whose interval breaks its word not', () => {
    const random = seededRandom(3);
    const rows = Array.from({ length: 900 }, (_, at) => row(at, { afterExpectedMin: 100 * random() }));
    const rule = promotionRule.parse({ draws: 100 });
    const judged = (candidate: readonly number[]) =>
      judgeChallenger(
        compareVersions(
          {
            ...maturedOf({ kind: 'eta' }, rows, {
              incumbent: quantiles(rows.flatMap(() => [-40, 10, 130])),
              candidate: quantiles(rows.flatMap(() => candidate)),
            }),
            latencyRatio: null,
          },
          { rule: { ...rule, maxCalibrationRise: 0.05 }, random: seededRandom(1) },
        ),
        rule,
        { waitedTooLong: false },
      );
    expect(judged([10, 50, 90]).decision).toBe('promote');
    const broken = judged([40, 50, 60]);
    expect(broken).toMatchObject({ decision: 'reject' });
    expect(broken.reasons.join(' ')).toContain('calibration error');
  });
});

describe('latencyRatio', () => {
  const time = (modelVersion: string, rowsAtMost: number, rows: number, msARow: number): TimesOfSize => ({
    modelVersion,
    rowsAtMost,
    batches: 50,
    rows,
    tookMs: rows * msARow,
  });

  it('compares batches of the same size, and counts sizes by the rows that both have', () => {
    const times = [
      time('old', 1, 50, 1),
      time('old', 1, 50, 1),
      time('old', 256, 10_000, 0.02),
      time('young', 1, 100, 1.5),
      time('young', 256, 30_000, 0.02),
      // Its rows are in other company than any of the incumbent's.
      time('young', 16, 1_000, 9),
    ];
    expect(latencyRatio(times, 'old', 'young')).toBeCloseTo(350 / 300, 9);
  });

  it('counts what answers each row beside them', () => {
    const times = [
      time('old', 1, 100, 1),
      time('young', 1, 100, 1.5),
      time('beside', 1, 10, 0.5),
      // Nothing was asked of it in that size.
      time('beside too', 256, 10, 7),
    ];
    expect(latencyRatio(times, 'old', 'young', ['beside', 'beside too'])).toBeCloseTo(2 / 1.5, 9);
  });

  it('says nothing of what was measured too seldom', () => {
    const few = { ...time('young', 1, 10, 1), batches: 19 };
    expect(latencyRatio([time('old', 1, 50, 1), few], 'old', 'young')).toBeNull();
    expect(latencyRatio([], 'old', 'young')).toBeNull();
  });
});
