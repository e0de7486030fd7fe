import { calibrated } from './calibration/calibration.ts';
import { encodeCategories } from './category-encoding.ts';
import type { BinaryModel, Model, MulticlassModel, QuantileModel } from './model.ts';
import { atStage } from './stage-table.ts';
import { addUp } from './tree-ensemble.ts';

/** Scores before any link, row-major with one for each head: log-odds, raw quantiles, logits. */
export const marginsOf = (model: Model, matrix: Float32Array, rows: number): Float32Array => {
  const { ensembles, encodings, columns } = model;
  const encoded = encodeCategories(encodings, matrix, rows, columns);
  const margins = new Float32Array(rows * ensembles.length);
  for (const [head, ensemble] of ensembles.entries()) {
    addUp(ensemble, encoded, rows, margins, ensembles.length, head);
  }
  return margins;
};

/**
 * What the model says of each row of a row-major matrix: the probability of 1, a rising quantile for each level, or a
 * probability for each class. The exported ONNX says the same.
 */
export const predict = (model: Model, matrix: Float32Array, rows: number): Float32Array => {
  const margins = marginsOf(model, matrix, rows);
  switch (model.objective) {
    case 'binary':
      return probabilities(model, margins, matrix);
    case 'quantile':
      return quantiles(model, margins, matrix);
    case 'multiclass':
      return softmax(model, margins);
  }
};

const probabilities = ({ calibration, columns }: BinaryModel, margins: Float32Array, matrix: Float32Array) =>
  margins.map((margin, row) =>
    calibration === null
      ? 1 / (1 + Math.exp(-margin))
      : calibrated(calibration, margin, matrix, row * columns),
  );

/** Sorted once they have moved: the interval may only grow by it, so its coverage stays. */
const quantiles = (
  { conformal, levels, columns }: QuantileModel,
  margins: Float32Array,
  matrix: Float32Array,
) => {
  const { length } = levels;
  for (let from = 0; from < margins.length; from += length) {
    if (conformal !== null) {
      const outward = atStage(conformal, matrix, (from / length) * columns);
      margins[from]! -= outward;
      margins[from + length - 1]! += outward;
    }
    margins.subarray(from, from + length).sort();
  }
  return margins;
};

const softmax = ({ classes }: MulticlassModel, margins: Float32Array): Float32Array => {
  for (let from = 0; from < margins.length; from += classes.length) {
    const row = margins.subarray(from, from + classes.length);
    const highest = Math.max(...row);
    let sum = 0;
    for (const logit of row) sum += Math.exp(logit - highest);
    for (const [head, logit] of row.entries()) row[head] = Math.exp(logit - highest) / sum;
  }
  return margins;
};
