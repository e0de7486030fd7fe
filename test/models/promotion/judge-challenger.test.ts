import { describe, expect, it } from 'vitest';
import {
  compareVersions,
  doesHarm,
  judgeChallenger,
  type Verdict,
} from '../../../models/promotion/judge-challenger.ts';
import type { MaturedPair } from '../../../models/promotion/matured-pair.ts';
import { promotionRule } from '../../../domain/promotion-rule.ts';
import { seededRandom } from '../../../models/training/seeded-random.ts';
import { pairsOf } from './pairs.ts';

const rule = promotionRule.parse({ draws: 200 });
const better = pairsOf({ shipments: 800, rows: 2, incumbentNoise: 1.4, candidateNoise: 0.4, seed: 1 });

const compared = (pairs: readonly MaturedPair[], latencyRatio: number | null = null) =>
  compareVersions({ pairs, offBy: null, latencyRatio }, { rule, random: seededRandom(1) });
const verdictOn = (
  pairs: readonly MaturedPair[],
  { waitedTooLong = false, latencyRatio = null as number | null } = {},
): Verdict => judgeChallenger(compared(pairs, latencyRatio), rule, { waitedTooLong });

/** By its ranking alone: a candidate that ranks better, and is too sure of delays by so much in log-odds. */
const comparedBiased = (shipments: number, candidateBias: number) =>
  compareVersions(
    {
      pairs: pairsOf({
        shipments,
        rows: 2,
        incumbentNoise: 1.4,
        candidateNoise: 0.1,
        candidateBias,
        seed: 1,
      }),
      offBy: null,
      latencyRatio: null,
    },
    { rule: { ...rule, metric: 'auc' }, random: seededRandom(1) },
  );

describe('judgeChallenger', () => {
  it('promotes what is better, and says by how much', () => {
    const { decision, reasons } = verdictOn(better);
    expect(decision).toBe('promote');
    expect(reasons).toEqual([
      expect.stringMatching(/^logLoss -0\.\d{4} against -0\.\d{4}, gain 0\.\d{4} \(0\./),
    ]);
  });

  it('waits for cases enough, and rejects when they do not come', () => {
    const few = better.slice(0, 300);
    expect(verdictOn(few)).toEqual({
      decision: 'wait',
      reasons: [expect.stringContaining('150 shipments with a known end')],
    });
    expect(verdictOn(few, { waitedTooLong: true }).decision).toBe('reject');
  });

  it('waits while two versions cannot be told apart', () => {
    const alike = pairsOf({ shipments: 800, rows: 2, incumbentNoise: 0.6, candidateNoise: 0.6, seed: 9 });
    expect(verdictOn(alike).decision).toBe('wait');
    expect(verdictOn(alike, { waitedTooLong: true }).decision).toBe('reject');
  });

  it('rejects what is worse', () => {
    const worse = pairsOf({ shipments: 800, rows: 2, incumbentNoise: 0.4, candidateNoise: 1.4, seed: 1 });
    expect(verdictOn(worse).decision).toBe('reject');
  });

  it('waits where a calibration error is higher and few shipments tell it', () => {
    const biased = comparedBiased(150, 1);
    const { gain, calibration } = biased;
    expect(gain.low).toBeGreaterThan(0);
    expect(calibration.candidate - calibration.incumbent).toBeGreaterThan(0.02);
    expect(calibration.rise.low).toBeLessThan(0.02);
    const few = { ...rule, minShipments: 100, minOfEachLabel: 10 };
    expect(judgeChallenger(biased, few, { waitedTooLong: false })).toEqual({
      decision: 'wait',
      reasons: [expect.any(String), expect.stringContaining('perhaps by chance')],
    });
    expect(judgeChallenger(biased, few, { waitedTooLong: true }).decision).toBe('reject');
  });

  it('is held back by each guardrail, which it names', () => {
    // A version that is far too sure of delays is badly calibrated, however well it ranks.
    const biased = comparedBiased(800, 1.4);
    expect(biased.gain.low).toBeGreaterThan(0);
    expect(judgeChallenger(biased, rule, { waitedTooLong: false })).toEqual({
      decision: 'reject',
      reasons: [expect.any(String), expect.stringContaining('calibration error')],
    });

    const onOneCarrier = pairsOf({
      shipments: 150,
      rows: 2,
      incumbentNoise: 0.2,
      candidateNoise: 2,
      seed: 2,
      segment: 'ODFL',
    });
    expect(verdictOn([...better, ...better.map(renamed), ...onOneCarrier]).reasons).toContainEqual(
      expect.stringMatching(/^ODFL loses 0\.\d+ and at least 0\.\d+; 0\.02 is allowed/),
    );

    expect(verdictOn(better, { latencyRatio: 3 })).toMatchObject({ decision: 'reject' });
    expect(verdictOn(better, { latencyRatio: 1.2 })).toMatchObject({ decision: 'promote' });
  });
});

describe('doesHarm', () => {
  it('is seen where the version before does better on the same shipments', () => {
    expect(doesHarm(compared(better), rule)).toBe(true);
    const alike = pairsOf({ shipments: 800, rows: 2, incumbentNoise: 0.6, candidateNoise: 0.6, seed: 9 });
    expect(doesHarm(compared(alike), rule)).toBe(false);
    expect(doesHarm(compared(better.slice(0, 200)), rule)).toBe(false);
  });
});

const renamed = (pair: MaturedPair): MaturedPair => ({ ...pair, shipmentId: `again-${pair.shipmentId}` });
