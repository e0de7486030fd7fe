import type { MessagePort } from 'node:worker_threads';
import type { BoostProgress } from './boost.ts';
import { type PackedRows, unpackRows } from './packed-rows.ts';
import { trainCause, type TrainCauseOptions } from './train-cause.ts';
import { trainCategory, type TrainCategoryOptions } from './train-category.ts';
import { trainEta, type TrainEtaOptions } from './train-eta.ts';
import { trainRisk, type TrainRiskOptions } from './train-risk.ts';

/** What may be trained, and with which options. */
export type TrainingJob =
  | { readonly kind: 'risk'; readonly options: TrainRiskOptions }
  | { readonly kind: 'eta'; readonly options: TrainEtaOptions }
  | { readonly kind: 'cause'; readonly options: TrainCauseOptions }
  | { readonly kind: 'category'; readonly options: TrainCategoryOptions };

export interface TrainingTask {
  readonly rows: PackedRows;
  readonly job: TrainingJob;
  /** Where progress is told. */
  readonly progress: MessagePort;
}

/** Training in a thread of its own: seconds of arithmetic that nobody has to wait for. */
const runTraining = ({ rows: packed, job, progress }: TrainingTask) => {
  const rows = unpackRows(packed);
  const onProgress = (of: BoostProgress): void => progress.postMessage(of);
  const train = { ...job.options.train, onProgress };
  try {
    switch (job.kind) {
      case 'risk':
        return trainRisk(rows, { ...job.options, train });
      case 'eta':
        return trainEta(rows, { ...job.options, train });
      case 'cause':
        return trainCause(rows, { ...job.options, train });
      case 'category':
        return trainCategory(rows, { ...job.options, train });
    }
  } finally {
    progress.close();
  }
};

export default runTraining;
