import { calibrate } from '../../models/calibration/calibration.ts';
import { marginsOf, predict } from '../../models/predict.ts';
import { train } from '../../models/training/train.ts';
import type { Task } from './task.ts';

const WATCHED_SHARE = 0.2;

/**
 * As `trainRisk` calibrates, with the parameters of the others: a model of the older rows tells of the newest fifth, which
 * teach the calibration, and the trees then learn once more from all.
 */
export const fitCalibrated = (
  { matrix, labels, columns, learned, rows }: Task,
  stageColumn: number | null,
  options: { readonly trees: number; readonly leaves: number },
): Float32Array => {
  const width = columns.length;
  const older = Math.round(learned * (1 - WATCHED_SHARE));
  const settings = {
    objective: 'binary',
    trees: options.trees,
    maxLeaves: options.leaves,
    lambda: 0,
  } as const;
  const dataTo = (end: number) => ({
    matrix: matrix.subarray(0, end * width),
    rows: end,
    columns: width,
    labels: labels.subarray(0, end),
  });
  const first = train(dataTo(older), settings);
  const watched = matrix.subarray(older * width, learned * width);
  const margins = marginsOf(first, watched, learned - older);
  const calibration = calibrate(
    { margins, labels: labels.subarray(older, learned), matrix: watched, columns: width },
    stageColumn,
  );
  const model = { ...train(dataTo(learned), settings), calibration };
  return predict(model, matrix.subarray(learned * width), rows - learned);
};
