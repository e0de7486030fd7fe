import * as ort from 'onnxruntime-node';
import { exportOnnx, outputNameOf } from '../../../models/onnx/export-onnx.ts';
import { inputName } from '../../../models/onnx/graph-part.ts';
import type { Model } from '../../../models/model.ts';

/** What onnxruntime says of the exported model, row by row as `predict` does: of a binary model the probability of 1. */
export const onnxScores = async (model: Model, matrix: Float32Array, rows: number): Promise<Float32Array> => {
  const session = await ort.InferenceSession.create(exportOnnx(model), {
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  const name = outputNameOf(model);
  const input = new ort.Tensor('float32', matrix.slice(0, rows * model.columns), [rows, model.columns]);
  const output = await session.run({ [inputName]: input }, [name]);
  const { data, dims } = output[name] ?? {};
  await session.release();
  if (!(data instanceof Float32Array) || dims?.[0] !== rows) throw new Error(`no ${name} of ${rows} rows`);
  return model.objective === 'binary' ? data.filter((_, index) => index % 2 === 1) : data;
};

/** The largest distance of two predictions; infinite where only one is a number. */
export const furthest = (left: ArrayLike<number>, right: ArrayLike<number>): number => {
  let most = left.length === right.length ? 0 : Infinity;
  for (let index = 0; index < left.length; index++) {
    const distance = Math.abs(left[index]! - right[index]!);
    most =
      Number.isNaN(distance) && !Object.is(left[index], right[index]) ? Infinity : Math.max(most, distance);
  }
  return most;
};
