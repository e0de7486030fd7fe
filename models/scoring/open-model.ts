import * as ort from 'onnxruntime-node';
import { projected } from '../columns-of.ts';
import { calibrate, logistic } from './calibrate.ts';
import type { WorkerModel, WorkerOutput } from './score-task.ts';

/** Writes what one model says of all rows of the matrix into `target` from `offset` on, output by output. */
export type RunModel = (
  matrix: Float32Array,
  rows: number,
  target: Float32Array,
  offset: number,
) => Promise<void>;

/** What keeps one session in one thread, silent. */
export const sessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  logSeverityLevel: 3,
} as const satisfies ort.InferenceSession.SessionOptions;

/** Opens a model in this thread, which both this and its runs block. */
export const openModel = async (model: WorkerModel, columns: number): Promise<RunModel> => {
  const session = await ort.InferenceSession.create(model.modelPath, sessionOptions);
  const names = model.outputs.map(({ name }) => name);
  return async (matrix, rows, target, offset) => {
    const input = model.pick === null ? matrix : projected(matrix, rows, columns, model.pick);
    const tensor = new ort.Tensor('float32', input, [rows, input.length / rows]);
    const results = await session.run({ [model.input]: tensor }, names);
    let at = offset;
    for (const output of model.outputs) {
      write(model, output, results[output.name], rows, target, at);
      at += rows * output.width;
    }
  };
};

/** A risk may come as both classes, and may need its logistic or its calibration; everything else is taken as it is. */
const write = (
  { name, calibration }: WorkerModel,
  output: WorkerOutput,
  result: ort.Tensor | undefined,
  rows: number,
  target: Float32Array,
  offset: number,
): void => {
  const data = result?.data;
  if (!(data instanceof Float32Array || data instanceof Float64Array))
    throw new Error(`output "${output.name}" of ${name} is ${result?.type ?? 'missing'}, not float`);
  const given = data.length / rows;
  if (output.kind !== 'risk') {
    if (given !== output.width)
      throw new Error(`output "${output.name}" of ${name} has ${given} numbers a row, not ${output.width}`);
    target.set(data, offset);
    return;
  }
  if (given !== 1 && given !== 2)
    throw new Error(`output "${output.name}" of ${name} has ${given} numbers a row, a risk has 1 or 2`);
  for (let row = 0; row < rows; row++) {
    const value = data[row * given + given - 1]!;
    target[offset + row] = calibrate(calibration, output.gives === 'margin' ? logistic(value) : value);
  }
};
