import { atStage, fitByStage, type StageTable } from '../stage-table.ts';
import type { Numbers } from '../quality.ts';
import { interpolate, isotonic, type Knots } from './isotonic.ts';
import { platt, type Sigmoid } from './platt.ts';

/** What makes a probability of log-odds. `none` is the logistic function as it is; all numbers are exact in float32. */
export type Curve =
  | { readonly kind: 'none' }
  | ({ readonly kind: 'platt' } & Sigmoid)
  | ({ readonly kind: 'isotonic' } & Knots);

export type Calibration = StageTable<Curve>;

export interface CalibrationRows {
  /** Log-odds that the model gave them. */
  readonly margins: Float32Array;
  readonly labels: Numbers;
  /** Their features, for the stage. */
  readonly matrix: Float32Array;
  readonly columns: number;
  /** What each row counts; all alike where left out. */
  readonly weights?: Numbers | undefined;
}

/** Rows, and of each label, that a stage must have for a curve of its own; the rest share one. */
const leastRows = 200;
const leastOfLabel = 20;
const folds = 5;

/**
 * For each stage the curve that does best on rows it was not fitted to: five folds of neighbouring rows (of one time, and
 * so mostly of one shipment), log-loss. Rows must be others than the model learned from.
 */
export const calibrate = (
  { margins, labels, matrix, columns, weights }: CalibrationRows,
  stageColumn: number | null,
): Calibration =>
  fitByStage<Curve>(
    stageColumn,
    columns,
    matrix,
    margins.length,
    (rows) => {
      const ones = rows.reduce((sum, row) => sum + labels[row]!, 0);
      if (rows.length < leastRows || Math.min(ones, rows.length - ones) < leastOfLabel) return null;
      return bestCurve({
        margins: Float32Array.from(rows, (row) => margins[row]!),
        labels: Float32Array.from(rows, (row) => labels[row]!),
        weights: Float64Array.from(rows, (row) => weights?.[row] ?? 1),
      });
    },
    { kind: 'none' },
  );

/** Probability of 1 at the log-odds of the row at `offset`. */
export const calibrated = (
  calibration: Calibration,
  margin: number,
  matrix: Float32Array,
  offset: number,
): number => onCurve(atStage(calibration, matrix, offset), margin);

export const onCurve = (curve: Curve, margin: number): number => {
  if (curve.kind === 'isotonic') return interpolate(curve, margin);
  const logit = curve.kind === 'none' ? margin : curve.slope * margin + curve.offset;
  return 1 / (1 + Math.exp(-logit));
};

interface Rows {
  readonly margins: Float32Array;
  readonly labels: Float32Array;
  readonly weights: Float64Array;
}

const fits: readonly ((rows: Rows) => Curve)[] = [
  () => ({ kind: 'none' }),
  ({ margins, labels, weights }) => {
    const { slope, offset } = platt(margins, labels, weights);
    return { kind: 'platt', slope: Math.fround(slope), offset: Math.fround(offset) };
  },
  ({ margins, labels, weights }) => {
    const { x, y } = isotonic(margins, labels, weights);
    // Nothing is certain: none of n rows is told as 1 in n + 2.
    const least = 1 / (labels.length + 2);
    return {
      kind: 'isotonic',
      x: x.map(Math.fround),
      y: y.map((rate) => Math.fround(Math.min(1 - least, Math.max(least, rate)))),
    };
  },
];

const bestCurve = (rows: Rows): Curve => {
  let best = fits[0]!;
  let least = Infinity;
  for (const fit of fits) {
    let loss = 0;
    for (let fold = 0; fold < folds; fold++) loss += heldOutLoss(fit, rows, fold);
    // A curve of its own must earn its place: less than a thousandth better is chance.
    if (loss < least * 0.999) [best, least] = [fit, loss];
  }
  return best(rows);
};

const heldOutLoss = (
  fit: (rows: Rows) => Curve,
  { margins, labels, weights }: Rows,
  fold: number,
): number => {
  const from = Math.floor((fold * labels.length) / folds);
  const to = Math.floor(((fold + 1) * labels.length) / folds);
  const isOut = (_: number, row: number) => row < from || row >= to;
  const curve = fit({
    margins: margins.filter(isOut),
    labels: labels.filter(isOut),
    weights: weights.filter(isOut),
  });
  let loss = 0;
  for (let row = from; row < to; row++) {
    const probability = onCurve(curve, margins[row]!);
    loss -= weights[row]! * Math.log(labels[row] === 1 ? probability : 1 - probability);
  }
  return loss;
};
