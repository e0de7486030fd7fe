import type { Explanation } from '../../domain/explanation.ts';
import { withEncodings } from './read-encodings.ts';
import type { ExplainableTrees } from './read-trees.ts';
import { expectedMargin, treeShap } from './tree-shap.ts';

/** Features that are told with an alarm; those after them seldom say anything to anybody. */
const TOLD = 5;

/** The largest contributions of one row, with the values that the model saw. What contributed nothing is not told. */
export const explainRow = (
  modelVersion: string,
  { ensemble, encodings }: ExplainableTrees,
  features: readonly string[],
  row: Float32Array,
): Explanation => {
  const values = treeShap(ensemble, withEncodings(row, encodings));
  // What a column's code did, the column did.
  for (const [at, { column }] of encodings.entries()) {
    values[column]! += values[row.length + at]!;
    values[row.length + at] = 0;
  }
  const expected = expectedMargin(ensemble);
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
