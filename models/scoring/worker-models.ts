import type { RegisteredModel } from '../registry.ts';
import { columnsOf } from '../columns-of.ts';
import { type Signature, type SignatureOutput, versionName } from '../signature.ts';
import type { WorkerModel } from './score-task.ts';
import type { BatchPart } from './micro-batches.ts';
import type { Scores } from './scorer.ts';
import type { BatchTime } from './scoring-times.ts';

export type ServedModel = Pick<RegisteredModel, 'modelPath' | 'signature'>;

/** Numbers a row in the answer. */
export const widthOf = ({ levels, labels }: SignatureOutput): number => levels?.length ?? labels?.length ?? 1;

/** A model as its threads need it, given a matrix with these columns. */
export const workerModelOf = (
  { modelPath, signature }: ServedModel,
  columns: readonly string[],
): WorkerModel => {
  const pick = columnsOf(signature, columns);
  const isWhole = pick.length === columns.length && pick.every((column, at) => column === at);
  return {
    name: versionName(signature),
    modelPath,
    input: signature.input,
    outputs: signature.outputs.map((output) => ({
      name: output.name,
      kind: output.kind,
      gives: output.gives,
      width: widthOf(output),
    })),
    calibration: signature.calibration,
    pick: isWhole ? null : pick,
  };
};

/** The part of a batch's answer that belongs to one question: see `ScoreTask` for how it lies there. */
export const scoresOf = (
  models: readonly Pick<Signature, 'outputs'>[],
  { values, from, of }: BatchPart,
  rows: number,
): Scores => {
  let offset = 0;
  return models.map(({ outputs }) =>
    outputs.map((output) => {
      const width = widthOf(output);
      const start = offset + from * width;
      offset += of * width;
      return values.subarray(start, start + rows * width);
    }),
  );
};

/** What a batch of so many rows took by each model; none of one that was given up, which has no answer. */
export const timesOf = (
  models: readonly Pick<Signature, 'model' | 'version' | 'outputs'>[],
  values: Float32Array,
  rows: number,
): readonly BatchTime[] => {
  const width = models.flatMap(({ outputs }) => outputs).reduce((sum, output) => sum + widthOf(output), 0);
  return models.flatMap((signature, index) => {
    const tookMs = values[rows * width + index];
    return tookMs === undefined ? [] : [{ modelVersion: versionName(signature), rows, tookMs }];
  });
};
