import { type MaturedPair, shipmentsOf } from './matured-pair.ts';
import { measureOf, type MetricName } from './weighted-metrics.ts';

/** How much better the candidate is than the incumbent on the same rows; above 0 is better. */
export interface Gain {
  readonly metric: MetricName;
  readonly incumbent: number;
  readonly candidate: number;
  /** Candidate minus incumbent. */
  readonly gain: number;
  /** Bounds of the middle `confidence` of the gains of all draws. */
  readonly low: number;
  readonly high: number;
  readonly shipments: number;
  readonly rows: number;
}

export interface BootstrapOptions {
  readonly metric: MetricName;
  /** Share of the draws between the bounds, such as .95. */
  readonly confidence: number;
  readonly draws: number;
  /** Numbers in [0, 1). */
  readonly random: () => number;
}

/**
 * The gain with bounds, by a paired cluster bootstrap (Efron & Tibshirani 1993, ch. 13: percentile bounds): each draw
 * takes as many shipments as there are, with replacement, all rows of a shipment together, and compares both versions on
 * it. Pairing takes out what is hard for both; drawing shipments keeps 20 rows of one shipment from passing for 20
 * cases. A draw in which a measure has no value, such as an AUC without late shipments, is drawn again; NaN bounds where
 * that never ends.
 */
export const pairedBootstrap = (pairs: readonly MaturedPair[], options: BootstrapOptions): Gain => {
  const { metric, confidence, draws, random } = options;
  const labels = Uint8Array.from(pairs, ({ label }) => label);
  const own = Float64Array.from(pairs, ({ weight }) => weight);
  const incumbentOf = measureOf(
    metric,
    labels,
    Float64Array.from(pairs, ({ incumbent }) => incumbent),
  );
  const candidateOf = measureOf(
    metric,
    labels,
    Float64Array.from(pairs, ({ candidate }) => candidate),
  );
  const { of, count } = shipmentsOf(pairs);
  const times = new Int32Array(count);
  const weights = new Float64Array(pairs.length);
  const gains: number[] = [];
  for (let attempt = 0; gains.length < draws && attempt < draws * 2; attempt++) {
    times.fill(0);
    for (let drawn = 0; drawn < count; drawn++) times[Math.floor(random() * count)]! += 1;
    for (let row = 0; row < weights.length; row++) weights[row] = own[row]! * times[of[row]!]!;
    const gain = candidateOf(weights) - incumbentOf(weights);
    if (!Number.isNaN(gain)) gains.push(gain);
  }
  gains.sort((left, right) => left - right);
  const incumbent = incumbentOf(own);
  const candidate = candidateOf(own);
  const tail = (1 - confidence) / 2;
  const complete = gains.length === draws;
  return {
    metric,
    incumbent,
    candidate,
    gain: candidate - incumbent,
    low: complete ? quantile(gains, tail) : NaN,
    high: complete ? quantile(gains, 1 - tail) : NaN,
    shipments: count,
    rows: pairs.length,
  };
};

/** Of sorted numbers, between neighbours by distance (Hyndman & Fan 1996, type 7). */
const quantile = (sorted: readonly number[], share: number): number => {
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)] ?? NaN;
  const above = sorted[Math.ceil(at)] ?? NaN;
  return below + (above - below) * (at - Math.floor(at));
};
