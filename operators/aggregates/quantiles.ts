import { ForewarnError } from '../../runtime/forewarn-error.ts';
import type { ObjectAggregate } from './aggregate.ts';
import { binning, DDSketch, type EncodedSketch } from './parts/dd-sketch.ts';
import type { NumbersIn } from './parts/field-types.ts';
import { wholeNumber } from './parts/whole-number.ts';

export interface QuantilesOptions<Q extends Readonly<Record<string, number>>> {
  /** The quantiles wanted, each from 0 to 1, by the name it has in the answer: `{ median: 0.5, p99: 0.99 }`. */
  readonly of: Q;
  /** Relative error, from 0.0001 to 0.5: with 0.01, what is answered as 200 is between 198 and 202. 0.01 if not given. */
  readonly accuracy?: number;
  /** Bins for positive numbers, and as many for negative ones: 8 bytes each; 2,048 if not given. */
  readonly maxBins?: number;
}

/**
 * Quantiles of a field within a relative error: `quantiles('delayMin', { of: { median: 0.5, p90: 0.9 } })` over
 * 1, 2, … 100 → about 50 and 90, each wrong by 1 % at most. The q-quantile of n values is that of rank ⌊q · (n − 1)⌋ in
 * ascending order, counted from 0. Null and NaN are passed over; of no values all is null.
 *
 * A DDSketch a key and pane: with 2,048 bins and 1 % at most 33 KB, and a few hundred bytes where values are alike. The bins reach
 * down from the largest value by a factor of 6e17; what is nearer to 0 than that loses its accuracy, and nothing else does.
 * The order of rows and the way they were split do not show.
 */
export const quantiles = <const F extends string, const Q extends Readonly<Record<string, number>>>(
  field: F,
  { of, accuracy = 0.01, maxBins = 2048 }: QuantilesOptions<Q>,
): ObjectAggregate<NumbersIn<F>, DDSketch, { readonly [K in keyof Q]: number | null }> => {
  const label = `quantiles(${field})`;
  wholeNumber(label, 'maxBins', maxBins);
  inRange(label, 'accuracy', accuracy, 0.0001, 0.5);
  for (const [name, quantile] of Object.entries(of)) inRange(label, `of.${name}`, quantile, 0, 1);
  const bins = binning(accuracy, maxBins);
  return {
    kind: 'object',
    label,
    field,
    maxBytes: 320 + 16 * maxBins,
    create: () => new DDSketch(bins),
    add(sketch, rows, index) {
      const value = rows.numbers[index]!;
      if (!Number.isNaN(value)) sketch.add(value);
      return sketch;
    },
    merge(sketch, other) {
      sketch.merge(other);
      return sketch;
    },
    result(sketch) {
      const answers = Object.entries(of).map(([name, quantile]) => [
        name,
        sketch.count === 0 ? null : sketch.quantile(quantile),
      ]);
      return Object.fromEntries(answers) as { readonly [K in keyof Q]: number | null };
    },
    encode: (sketch) => sketch.encode(),
    decode: (encoded) => DDSketch.decode(bins, encoded as EncodedSketch),
  };
};

const inRange = (label: string, option: string, value: number, least: number, most: number): void => {
  if (value >= least && value <= most) return;
  throw new ForewarnError(
    'FW220',
    `aggregate ${label}: ${option} is ${String(value)}; give a number from ${least} to ${most}`,
  );
};
