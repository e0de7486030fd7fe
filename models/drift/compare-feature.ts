import { chiSquaredTest } from './chi-squared.ts';
import {
  type CategoricalReference,
  countValues,
  type FeatureReference,
  type NumericReference,
  thinned,
} from './feature-reference.ts';
import { jensenShannon } from './jensen-shannon.ts';
import { kolmogorovSmirnov } from './kolmogorov-smirnov.ts';
import { populationStability } from './population-stability.ts';
import { countInBins } from './quantile-bins.ts';
import { wasserstein } from './wasserstein.ts';

export type FeatureValues = readonly number[] | readonly (string | null)[];

export interface FeatureComparison {
  readonly rows: number;
  /** Over quantile bins with stored edges, or over categories. */
  readonly psi: number;
  readonly jensenShannon: number;
  /** Of Kolmogorov-Smirnov for numbers, of chi² for categories. */
  readonly pValue: number;
  /** Distance of Kolmogorov-Smirnov, and that of Wasserstein in the feature's unit; null for categories. */
  readonly ks: number | null;
  readonly wasserstein: number | null;
  readonly missingBefore: number;
  readonly missingNow: number;
  /** Share of rows with a category that the reference has not; 0 for numbers. */
  readonly unseen: number;
}

/** At most so many values are tested: rows of one block are alike, and of more the smallest shift is "significant". */
const TESTED = 400;

/** A block of a feature against its reference. NaN and null are missing. */
export const compareFeature = (reference: FeatureReference, values: FeatureValues): FeatureComparison =>
  reference.kind === 'numeric'
    ? compareNumbers(reference, values.map(Number))
    : compareCategories(
        reference,
        values.map((value) => (value === null ? null : String(value))),
      );

const compareNumbers = (reference: NumericReference, values: readonly number[]): FeatureComparison => {
  const { counts, missing } = countInBins(values, reference.edges);
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const current = thinned(sorted, TESTED);
  const { distance, pValue } = kolmogorovSmirnov(reference.sample, current);
  return {
    rows: values.length,
    psi: populationStability(reference.counts, counts),
    jensenShannon: sorted.length === 0 ? 0 : jensenShannon(reference.counts, counts),
    pValue,
    ks: distance,
    wasserstein: wasserstein(reference.sample, current),
    missingBefore: reference.missing / reference.rows,
    missingNow: missing / values.length,
    unseen: 0,
  };
};

const compareCategories = (
  reference: CategoricalReference,
  values: readonly (string | null)[],
): FeatureComparison => {
  const { counts, missing } = countValues(values);
  const names = [...new Set([...Object.keys(reference.counts), ...counts.keys()])];
  const before = names.map((name) => reference.counts[name] ?? 0);
  const now = names.map((name) => counts.get(name) ?? 0);
  const known = values.length - missing;
  const unseen = names.reduce(
    (sum, name) => sum + (reference.counts[name] === undefined ? (counts.get(name) ?? 0) : 0),
    0,
  );
  const share = Math.min(1, TESTED / Math.max(1, known));
  return {
    rows: values.length,
    psi: populationStability(before, now),
    jensenShannon: known === 0 ? 0 : jensenShannon(before, now),
    pValue: chiSquaredTest(
      before,
      now.map((count) => count * share),
    ).pValue,
    ks: null,
    wasserstein: null,
    missingBefore: reference.missing / reference.rows,
    missingNow: missing / values.length,
    unseen: unseen / values.length,
  };
};
