import fc from 'fast-check';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { exportOnnx, inputName, outputName } from '../../../models/onnx/export-onnx.ts';
import { predict, type TreeEnsemble } from '../../../models/tree-ensemble.ts';
import { train } from '../../../models/training/train.ts';
import { noisyRows } from '../training/noisy-rows.ts';

const onnxScores = async (ensemble: TreeEnsemble, matrix: Float32Array, rows: number): Promise<number[]> => {
  const session = await ort.InferenceSession.create(exportOnnx(ensemble), {
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  const input = new ort.Tensor('float32', matrix, [rows, ensemble.columns]);
  const output = await session.run({ [inputName]: input }, [outputName]);
  const { data, dims } = output[outputName] ?? expect.fail('no probabilities');
  expect(dims).toEqual([rows, 2]);
  await session.release();
  return Array.from({ length: rows }, (_, row) => Number(data[row * 2 + 1]));
};

const furthest = (left: ArrayLike<number>, right: ArrayLike<number>): number =>
  Array.from(left).reduce((most, value, index) => Math.max(most, Math.abs(value - (right[index] ?? NaN))), 0);

describe('exportOnnx', () => {
  it('is what our own predictor says, on odd numbers and at the very thresholds', async () => {
    const { matrix, labels, rows, columns } = noisyRows(3_000, 7);
    const ensemble = train(matrix, rows, columns, labels, { trees: 40 });
    const thresholds = ensemble.trees.flatMap((tree) => [...tree.threshold]);
    const odd = fc.oneof(
      fc.constantFrom(NaN, Infinity, -Infinity, 0, -0, 3.4e38, 1e-45, ...thresholds),
      fc.float({ noNaN: true }),
      fc.float({ noNaN: true, min: -3, max: 3 }),
    );
    const row = fc.array(odd, { minLength: columns, maxLength: columns });
    const drawn = fc.sample(row, { numRuns: 4_000, seed: 11 });
    const input = Float32Array.from(drawn.flat());
    const ours = predict(ensemble, input, drawn.length);
    expect(new Set(ours).size).toBeGreaterThan(500);
    expect(furthest(ours, await onnxScores(ensemble, input, drawn.length))).toBeLessThan(1e-6);
  });

  it('gives the base rate when no tree was grown', async () => {
    const ensemble = { columns: 2, base: Math.fround(Math.log(0.25 / 0.75)), trees: [oneLeaf(0)] };
    const [score] = await onnxScores(ensemble, Float32Array.of(1, NaN), 1);
    expect(score).toBeCloseTo(0.25, 6);
  });
});

const oneLeaf = (value: number) => ({
  feature: Int32Array.of(0),
  threshold: Float32Array.of(0),
  missingLeft: Uint8Array.of(0),
  left: Int32Array.of(-1),
  right: Int32Array.of(-1),
  value: Float32Array.of(value),
  cover: Float64Array.of(1),
});
