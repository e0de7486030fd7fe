import type { Explanation } from '../../domain/explanation.ts';
import { type Encoding, withEncodings } from './read-encodings.ts';
import type { TreeShap } from './tree-shap.ts';

/** Features that are told with an alarm; those after them seldom say anything to anybody. */
const TOLD = 5;

/** A model that is ready to be explained, once for all its rows. */
export interface Explained {
  readonly shap: TreeShap;
  readonly encodings: readonly Encoding[];
}

/** The largest contributions of one row, with the values that the model saw. What contributed nothing is not told. */
export const explainRow = (
  modelVersion: string,
  { shap, encodings }: Explained,
  features: readonly string[],
  row: Float32Array,
): Explanation => {
  const values = shap.valuesOf(withEncodings(row, encodings));
  // What a column's code did, the column did.
  for (const [at, { column }] of encodings.entries()) {
    values[column]! += values[row.length + at]!;
    values[row.length + at] = 0;
  }
  const { expected } = shap;
  const order = Array.from(values.keys())
    .filter((column) => values[column] !== 0)
    .toSorted((left, right) => Math.abs(values[right]!) - Math.abs(values[left]!) || left - right);
  return {
    modelVersion,
    expected,
    margin: values.reduce((sum, value) => sum + value, expected),
    contributions: order.slice(0, TOLD).map((column) => ({
      feature: features[column]!,
      value: Number.isFinite(row[column]) ? row[column]! : null,
      contribution: values[column]!,
    })),
    absent: null,
  };
};
