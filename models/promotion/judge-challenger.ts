import { type Matured, type MaturedPair, shipmentsOf, type Sides } from './matured-pair.ts';
import { type Bounds, clusterBootstrap, type Gain, pairedBootstrap } from './paired-bootstrap.ts';
import type { PromotionRule } from '../../domain/promotion-rule.ts';
import { calibrationError } from '../quality.ts';
import type { Measure } from './weighted-metrics.ts';

/** Everything that a decision stands on, as it is logged beside it. */
export interface Comparison {
  readonly gain: Gain;
  readonly shipments: number;
  readonly ones: number;
  readonly zeros: number;
  /** Calibration errors, and bounds of how much higher the candidate's is: told by few shipments it is mostly chance. */
  readonly calibration: Sides<number> & { readonly rise: Bounds };
  /** The segment with the lowest upper bound, among those with cases enough; null where none has. */
  readonly worstSegment: { readonly segment: string; readonly gain: Gain } | null;
  /** Time a row by the candidate against the incumbent; null where it was not measured. */
  readonly latencyRatio: number | null;
}

export interface Verdict {
  readonly decision: 'promote' | 'reject' | 'wait';
  /** In words, with the numbers; every guardrail that speaks against it is named. */
  readonly reasons: readonly string[];
}

export interface CompareOptions {
  readonly rule: PromotionRule;
  readonly random: () => number;
}

/** Measures two versions against each other on shipments whose end is known. */
export const compareVersions = (
  { pairs, offBy, latencyRatio }: Matured,
  { rule, random }: CompareOptions,
): Comparison => {
  const drawing = { confidence: rule.confidence, draws: rule.draws, random };
  const metric = offBy === null ? rule.metric : 'loss';
  const bootstrap = (rows: readonly MaturedPair[]): Gain => pairedBootstrap(rows, { metric, ...drawing });
  const { incumbent, candidate } = offBy ?? calibrationErrors(pairs);
  const own = pairs.map(({ weight }) => weight);
  const ended = endOfShipments(pairs);
  const ones = ended.filter((label) => label === 1).length;
  return {
    gain: bootstrap(pairs),
    shipments: ended.length,
    ones,
    zeros: ended.length - ones,
    calibration: {
      incumbent: incumbent(own),
      candidate: candidate(own),
      rise: clusterBootstrap(pairs, (weights) => candidate(weights) - incumbent(weights), drawing),
    },
    worstSegment: worstOf(pairs, rule, bootstrap),
    latencyRatio,
  };
};

/** What a comparison means for a challenger that has been in the shadow for so long. */
export const judgeChallenger = (
  { gain, shipments, ones, zeros, calibration, worstSegment, latencyRatio }: Comparison,
  rule: PromotionRule,
  { waitedTooLong }: { readonly waitedTooLong: boolean },
): Verdict => {
  const otherwise = waitedTooLong ? 'reject' : 'wait';
  if (!suffices({ gain, shipments, ones, zeros }, rule)) {
    return {
      decision: otherwise,
      reasons: [
        `${shipments} shipments with a known end, ${ones} with label 1 and ${zeros} with 0; ${rule.minShipments} are wanted with ${rule.minOfEachLabel} of each`,
      ],
    };
  }
  const said = `${gain.metric} ${figure(gain.candidate)} against ${figure(gain.incumbent)}, gain ${figure(gain.gain)} (${figure(gain.low)} to ${figure(gain.high)})`;
  const against = [
    ...(calibration.rise.low > rule.maxCalibrationRise
      ? [`${calibrationSaid(calibration)}, and may rise by ${rule.maxCalibrationRise}`]
      : []),
    ...(worstSegment !== null && worstSegment.gain.high < -rule.segment.maxLoss
      ? [
          `${worstSegment.segment} loses ${figure(-worstSegment.gain.gain)} and at least ${figure(-worstSegment.gain.high)}; ${rule.segment.maxLoss} is allowed`,
        ]
      : []),
    ...(latencyRatio !== null && latencyRatio > rule.maxLatencyRatio
      ? [`it takes ${figure(latencyRatio)} times as long a row; ${rule.maxLatencyRatio} is allowed`]
      : []),
  ];
  if (against.length > 0) return { decision: 'reject', reasons: [said, ...against] };
  if (gain.low > rule.minGain) {
    if (calibration.candidate - calibration.incumbent <= rule.maxCalibrationRise)
      return { decision: 'promote', reasons: [said] };
    return {
      decision: otherwise,
      reasons: [
        said,
        `${calibrationSaid(calibration)}: more than ${rule.maxCalibrationRise}, and perhaps by chance`,
      ],
    };
  }
  if (gain.high < rule.minGain)
    return { decision: 'reject', reasons: [said, 'it is worse, or not better enough'] };
  return {
    decision: otherwise,
    reasons: [said, waitedTooLong ? 'not told apart in time' : 'not told apart yet'],
  };
};

/**
 * Whether a version that was promoted does harm: the version before it goes on scoring in the shadow, and is better by
 * the same measure with the same confidence. Pairs have the version before as candidate.
 */
export const doesHarm = (comparison: Comparison, rule: PromotionRule): boolean =>
  suffices(comparison, rule) && comparison.gain.low > rule.harm.maxLoss;

/** A loss is known of every row, whatever its label. */
const suffices = (
  { gain, shipments, ones, zeros }: Pick<Comparison, 'gain' | 'shipments' | 'ones' | 'zeros'>,
  rule: PromotionRule,
): boolean =>
  shipments >= rule.minShipments && (gain.metric === 'loss' || Math.min(ones, zeros) >= rule.minOfEachLabel);

const calibrationErrors = (pairs: readonly MaturedPair[]): Sides<Measure> => {
  const labels = pairs.map(({ label }) => label);
  const errorOf =
    (scores: readonly number[]): Measure =>
    (weights) =>
      calibrationError(labels, scores, weights);
  return {
    incumbent: errorOf(pairs.map(({ incumbent }) => incumbent)),
    candidate: errorOf(pairs.map(({ candidate }) => candidate)),
  };
};

const calibrationSaid = ({ incumbent, candidate, rise }: Comparison['calibration']): string =>
  `its calibration error is ${figure(candidate)} against ${figure(incumbent)}, a rise of ${figure(rise.low)} to ${figure(rise.high)}`;

/** One label a shipment. */
const endOfShipments = (pairs: readonly MaturedPair[]): readonly (0 | 1)[] => [
  ...new Map(pairs.map(({ shipmentId, label }) => [shipmentId, label])).values(),
];

const worstOf = (
  pairs: readonly MaturedPair[],
  { segment: { minShipments } }: PromotionRule,
  bootstrap: (rows: readonly MaturedPair[]) => Gain,
): Comparison['worstSegment'] => {
  const bySegment = new Map<string, MaturedPair[]>();
  for (const pair of pairs) {
    const rows = bySegment.get(pair.segment);
    if (rows === undefined) bySegment.set(pair.segment, [pair]);
    else rows.push(pair);
  }
  let worst: Comparison['worstSegment'] = null;
  for (const [segment, rows] of bySegment) {
    if (shipmentsOf(rows).count < minShipments) continue;
    const gain = bootstrap(rows);
    if (!Number.isNaN(gain.high) && gain.high < (worst?.gain.high ?? Infinity)) worst = { segment, gain };
  }
  return worst;
};

const figure = (value: number): string => (Number.isNaN(value) ? 'unknown' : value.toFixed(4));
