import { type BinEdges, countInBins, quantileEdges } from './quantile-bins.ts';

const BINS = 10;
/** Values that Kolmogorov-Smirnov and Wasserstein need; more tell little more. */
const SAMPLE = 400;

/** What a number looked like: bins with stored edges, an ascending thinned sample, and how often it was missing. */
export interface NumericReference {
  readonly kind: 'numeric';
  readonly edges: BinEdges;
  readonly counts: readonly number[];
  readonly sample: readonly number[];
  readonly missing: number;
  readonly rows: number;
}

export interface CategoricalReference {
  readonly kind: 'categorical';
  readonly counts: Readonly<Record<string, number>>;
  readonly missing: number;
  readonly rows: number;
}

export type FeatureReference = NumericReference | CategoricalReference;

export const numericReference = (values: ArrayLike<number>): NumericReference => {
  const known = Array.from(values).filter((value) => !Number.isNaN(value));
  const sorted = known.sort((a, b) => a - b);
  const edges = quantileEdges(sorted, BINS);
  const { counts, missing } = countInBins(values, edges);
  return { kind: 'numeric', edges, counts, sample: thinned(sorted, SAMPLE), missing, rows: values.length };
};

export const categoricalReference = (values: readonly (string | null)[]): CategoricalReference => {
  const { counts, missing } = countValues(values);
  return { kind: 'categorical', counts: Object.fromEntries(counts), missing, rows: values.length };
};

export const countValues = (
  values: readonly (string | null)[],
): { readonly counts: ReadonlyMap<string, number>; readonly missing: number } => {
  const counts = new Map<string, number>();
  let missing = 0;
  for (const value of values) {
    if (value === null) missing++;
    else counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return { counts, missing };
};

/** Values at even ranks of ascending ones: [1 … 9] in three → 2, 5, 8. */
export const thinned = (sorted: readonly number[], most: number): number[] =>
  sorted.length <= most
    ? [...sorted]
    : Array.from({ length: most }, (_, at) => sorted[Math.floor(((at + 0.5) * sorted.length) / most)] ?? NaN);
