import { trainFromRows, type TrainFromRowsOptions, type TrainingRow } from './train-from-rows.ts';

export interface TrainingTask {
  readonly rows: readonly TrainingRow[];
  readonly options: TrainFromRowsOptions;
}

/** Training in a thread of its own: seconds of arithmetic that nobody has to wait for. */
const runTraining = ({ rows, options }: TrainingTask) => trainFromRows(rows, options);

export default runTraining;
