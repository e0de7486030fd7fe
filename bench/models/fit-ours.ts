import type { BinaryModel } from '../../models/model.ts';
import { predict } from '../../models/predict.ts';
import { train } from '../../models/training/train.ts';
import type { Fitted } from './fitted.ts';
import type { Task } from './task.ts';

/** Our trainer with the parameters that LightGBM has by default. */
export const fitOurs = (
  { matrix, labels, columns: { length: columns }, learned, rows }: Task,
  { trees, leaves }: { readonly trees: number; readonly leaves: number },
): Fitted & { readonly model: BinaryModel } => {
  const data = {
    matrix: matrix.subarray(0, learned * columns),
    rows: learned,
    columns,
    labels: labels.subarray(0, learned),
  };
  const before = process.cpuUsage();
  const model = train(data, { objective: 'binary', trees, maxLeaves: leaves, lambda: 0 });
  const { user, system } = process.cpuUsage(before);
  return {
    model,
    cpuSeconds: (user + system) / 1e6,
    scores: predict(model, matrix.subarray(learned * columns), rows - learned),
  };
};
