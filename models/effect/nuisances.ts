import { seededRandom } from '../training/seeded-random.ts';
import { type Design, fitLinear, fitLogistic } from './ridge.ts';

/** One decision as the estimators see it. */
export interface Case {
  /** The cause, or the shipment where it stands alone. */
  readonly cluster: string;
  readonly treated: boolean;
  readonly covariates: readonly number[];
  readonly outcome: number;
}

/** What is expected of each case from what the cases of other clusters show. */
export interface Expected {
  readonly withIt: Float64Array;
  readonly withoutIt: Float64Array;
}

/** Covariates with mean 0 and deviation 1, and a 1 in front; one that never differs becomes 0. */
export const designOf = (cases: readonly Pick<Case, 'covariates'>[]): Design => {
  const width = cases[0]?.covariates.length ?? 0;
  const rows = cases.map(() => Float64Array.of(1, ...new Float64Array(width)));
  for (let column = 0; column < width; column += 1) {
    const values = cases.map(({ covariates }) => covariates[column] ?? 0);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    for (const [index, row] of rows.entries())
      row[column + 1] = deviation < 1e-12 ? 0 : ((values[index] ?? 0) - mean) / deviation;
  }
  return rows;
};

/** A fold for each case: all cases of a cluster are in one, and folds have as many clusters as each other. */
export const foldsOf = (cases: readonly Pick<Case, 'cluster'>[], folds: number, seed: number): Int32Array => {
  const random = seededRandom(seed);
  const clusters = [...new Set(cases.map(({ cluster }) => cluster))].sort();
  const shuffled = clusters.map((cluster) => ({ cluster, luck: random() })).sort((a, b) => a.luck - b.luck);
  const foldOf = new Map(shuffled.map(({ cluster }, rank) => [cluster, rank % folds]));
  return Int32Array.from(cases, ({ cluster }) => foldOf.get(cluster) ?? 0);
};

type Fit = (design: Design, y: Float64Array) => (row: Float64Array) => number;

/** Fits on the cases of the other folds that are `among`, and says what that expects of the cases of this one. */
const crossFitted = (
  design: Design,
  y: Float64Array,
  folds: Int32Array,
  fit: Fit,
  among: (index: number) => boolean,
): Float64Array => {
  const expected = new Float64Array(design.length);
  for (const fold of new Set(folds)) {
    const learned = [...design.keys()].filter((index) => folds[index] !== fold && among(index));
    const expect = fit(
      learned.map((index) => design[index] ?? new Float64Array()),
      Float64Array.from(learned, (index) => y[index] ?? 0),
    );
    for (const [index, row] of design.entries()) if (folds[index] === fold) expected[index] = expect(row);
  }
  return expected;
};

/**
 * Outcomes with and without the step, each learned from its own arm of the other folds (cross-fitting: Chernozhukov
 * et al. 2018): what a case itself showed never goes into what is expected of it.
 */
export const expectedOutcomes = (
  cases: readonly Case[],
  folds: Int32Array,
  kind: 'rate' | 'amount',
): Expected => {
  const design = designOf(cases);
  const y = Float64Array.from(cases, ({ outcome }) => outcome);
  const fit = kind === 'rate' ? fitLogistic : fitLinear;
  const isTreated = (index: number): boolean => cases[index]?.treated === true;
  return {
    withIt: crossFitted(design, y, folds, fit, isTreated),
    withoutIt: crossFitted(design, y, folds, fit, (index) => !isTreated(index)),
  };
};

/** P(treated) of each case, where people decided: learned from what they did in cases of other clusters. */
export const learnedPropensities = (cases: readonly Case[], folds: Int32Array): Float64Array => {
  const y = Float64Array.from(cases, ({ treated }) => (treated ? 1 : 0));
  return crossFitted(designOf(cases), y, folds, fitLogistic, () => true);
};
