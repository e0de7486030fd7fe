import { type MaturedPair, shipmentsOf } from './matured-pair.ts';
import { type Measure, measureOf, type MetricName } from './weighted-metrics.ts';

/** How much better the candidate is than the incumbent on the same rows; above 0 is better. */
export interface Gain extends Bounds {
  readonly metric: MetricName;
  readonly incumbent: number;
  readonly candidate: number;
  /** Candidate minus incumbent. */
  readonly gain: number;
  readonly shipments: number;
  readonly rows: number;
}

export interface DrawOptions {
  /** Share of the draws between the bounds, such as .95. */
  readonly confidence: number;
  readonly draws: number;
  /** Numbers in [0, 1). */
  readonly random: () => number;
}

export interface BootstrapOptions extends DrawOptions {
  readonly metric: MetricName;
}

/** Bounds of the middle `confidence` of what all draws gave; NaN where too few gave anything. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/**
 * Bounds of what `measure` tells of the rows, by a cluster bootstrap (Efron & Tibshirani 1993, ch. 13: percentile
 * bounds): each draw takes as many shipments as there are, with replacement, all rows of a shipment together, so that 20
 * rows of one shipment do not pass for 20 cases. A draw in which a measure has no value, such as an AUC without late
 * shipments, is drawn again; NaN bounds where that never ends.
 */
export const clusterBootstrap = (
  pairs: readonly MaturedPair[],
  measure: Measure,
  { confidence, draws, random }: DrawOptions,
): Bounds => {
  const { of, count } = shipmentsOf(pairs);
  const times = new Int32Array(count);
  const weights = new Float64Array(pairs.length);
  const drawn: number[] = [];
  for (let attempt = 0; drawn.length < draws && attempt < draws * 2; attempt++) {
    times.fill(0);
    for (let shipment = 0; shipment < count; shipment++) times[Math.floor(random() * count)]! += 1;
    for (let row = 0; row < weights.length; row++) weights[row] = pairs[row]!.weight * times[of[row]!]!;
    const found = measure(weights);
    if (!Number.isNaN(found)) drawn.push(found);
  }
  if (drawn.length < draws) return { low: NaN, high: NaN };
  drawn.sort((left, right) => left - right);
  const tail = (1 - confidence) / 2;
  return { low: quantile(drawn, tail), high: quantile(drawn, 1 - tail) };
};

/** The gain with its bounds. Both versions are compared on each draw, which takes out what is hard for both. */
export const pairedBootstrap = (
  pairs: readonly MaturedPair[],
  { metric, ...options }: BootstrapOptions,
): Gain => {
  const labels = Uint8Array.from(pairs, ({ label }) => label);
  const sideOf = (side: 'incumbent' | 'candidate'): Measure =>
    measureOf(
      metric,
      labels,
      Float64Array.from(pairs, (pair) => pair[side]),
    );
  const [incumbentOf, candidateOf] = [sideOf('incumbent'), sideOf('candidate')];
  const own = Float64Array.from(pairs, ({ weight }) => weight);
  const [incumbent, candidate] = [incumbentOf(own), candidateOf(own)];
  return {
    metric,
    incumbent,
    candidate,
    gain: candidate - incumbent,
    ...clusterBootstrap(pairs, (weights) => candidateOf(weights) - incumbentOf(weights), options),
    shipments: shipmentsOf(pairs).count,
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
