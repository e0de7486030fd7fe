import { calibrate } from '../../models/calibration/calibration.ts';
import type { BinaryModel } from '../../models/model.ts';
import { marginsOf, predict } from '../../models/predict.ts';
import { train } from '../../models/training/train.ts';
import type { Task } from './task.ts';

const WATCHED_SHARE = 0.2;

/**
 * What a model of all learned rows says, calibrated as `trainRisk` does it: a model of the older rows tells of the newest
 * fifth, which teach the calibration.
 */
export const fitCalibrated = (
  { matrix, labels, columns, learned, rows }: Task,
  all: BinaryModel,
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
  const past = {
    matrix: matrix.subarray(0, older * width),
    rows: older,
    columns: width,
    labels: labels.subarray(0, older),
  };
  const first = train(past, settings);
  const watched = matrix.subarray(older * width, learned * width);
  const margins = marginsOf(first, watched, learned - older);
  const calibration = calibrate(
    { margins, labels: labels.subarray(older, learned), matrix: watched, columns: width },
    stageColumn,
  );
  return predict({ ...all, calibration }, matrix.subarray(learned * width), rows - learned);
};
