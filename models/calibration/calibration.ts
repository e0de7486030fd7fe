import { caseGain, isSure } from '../case-gain.ts';
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
  /** Rows of one shipment end alike and are one case; each row is a case of its own where left out. */
  readonly shipments?: readonly (string | undefined)[];
}

/** Rows, and of each label, that a stage must have for a curve of its own; the rest share one. */
const leastRows = 200;
const leastOfLabel = 20;
const folds = 5;

/**
 * For each stage the curve that does best on rows it was not fitted to: five folds of neighbouring rows (of one time, and
 * so mostly of one shipment), log-loss. One of its own must be better than none by more than two standard errors between
 * shipments: of a hundred shipments a curve mostly learns what they were by chance. Rows must be others than the model learned
 * from.
 */
export const calibrate = (
  { margins, labels, matrix, columns, weights, shipments }: CalibrationRows,
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
        cases: Array.from(rows, (row) => shipments?.[row] ?? row),
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

interface Cases extends Rows {
  readonly cases: readonly (string | number)[];
}

type Fit = (rows: Rows) => Curve;

const none: Fit = () => ({ kind: 'none' });
const fits: readonly Fit[] = [
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

const bestCurve = ({ cases, ...rows }: Cases): Curve => {
  const plain = heldOutLosses(none, rows);
  let best = none;
  let most = 0;
  for (const fit of fits) {
    const gain = caseGain(plain, heldOutLosses(fit, rows), cases);
    if (isSure(gain) && gain.mean > most) [best, most] = [fit, gain.mean];
  }
  return best(rows);
};

const heldOutLosses = (fit: Fit, { margins, labels, weights }: Rows): Float64Array => {
  const losses = new Float64Array(labels.length);
  for (let fold = 0; fold < folds; fold++) {
    const from = Math.floor((fold * labels.length) / folds);
    const to = Math.floor(((fold + 1) * labels.length) / folds);
    const isOut = (_: number, row: number) => row < from || row >= to;
    const curve = fit({
      margins: margins.filter(isOut),
      labels: labels.filter(isOut),
      weights: weights.filter(isOut),
    });
    for (let row = from; row < to; row++) {
      const probability = onCurve(curve, margins[row]!);
      losses[row] = -weights[row]! * Math.log(labels[row] === 1 ? probability : 1 - probability);
    }
  }
  return losses;
};
