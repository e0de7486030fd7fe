import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { checkOwnModel } from '../../../models/own/check-own-model.ts';
import { ownSignature, readOwnSignature } from '../../../models/own/own-signature.ts';
import { readTrees } from '../../../models/explain/read-trees.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { layer, treesWithTensor, treesWithZipMap } from './onnx-files.ts';

const late = 1 / (1 + Math.exp(-2));
const punctual = 1 - late;

const told = {
  model: 'late-delivery',
  origin: 'lightgbm',
  features: ['delay', 'margin'],
  outputs: [{ name: 'probabilities', kind: 'risk' }],
  golden: {
    rows: [
      [1, 0],
      [9, NaN],
    ],
    expected: [punctual, late],
  },
};

let folder: string;
beforeEach(async () => {
  folder = await tempFolder();
});

const check = async (onnx: Uint8Array, more: object = {}) => {
  const file = join(folder, 'model.onnx');
  await writeFile(file, onnx);
  return checkOwnModel(file, ownSignature.parse({ ...told, ...more }));
};

describe('checkOwnModel', () => {
  it('takes trees with their probabilities as a tensor', async () => {
    const checked = await check(treesWithTensor(5));
    expect(checked.input).toBe('input');
    expect(checked.distance).toBeLessThan(1e-6);
    expect(checked.rowsOnThresholds).toBe(0);
  });

  it('refuses what went through a ZipMap, with the mend', async () => {
    await expect(check(treesWithZipMap(5), { outputs: [{ name: 'output', kind: 'risk' }] })).rejects.toThrow(
      /^FW611 .*"output" is a sequence of maps and no tensor; convert it with zipmap off/,
    );
  });

  it('refuses a label, an output that is not there, too many columns and what is no model', async () => {
    const outputs = (name: string) => ({ outputs: [{ name, kind: 'risk' }] });
    await expect(check(treesWithTensor(5), outputs('label'))).rejects.toThrow(/^FW611 .*int64, a label/);
    await expect(check(treesWithTensor(5), outputs('late'))).rejects.toThrow(
      /^FW611 .*no output "late", only "label", "probabilities"/,
    );
    const three = { features: ['a', 'b', 'c'], golden: { rows: [[1, 2, 3]], expected: [0.5] } };
    await expect(check(treesWithTensor(5), three)).rejects.toThrow(/^FW611 .*2 columns.*names 3 features/);
    await expect(check(Buffer.from('no model'))).rejects.toThrow(/^FW611 .*cannot be opened/);
  });

  const network = { origin: 'pytorch', outputs: [{ name: 'y', kind: 'risk' }] };
  const rows = [
    [1, 2],
    [-1, 0.5],
  ];
  const logit = ([x = 0, y = 0]: readonly number[]): number => 0.5 * x - y + 0.25;
  const golden = { rows, expected: rows.map((row) => 1 / (1 + Math.exp(-logit(row)))) };

  it('takes a network with one output a row, with or without its last sigmoid', async () => {
    await check(layer([0.5, -1], 0.25, true), { ...network, golden });
    const outputs = [{ name: 'y', kind: 'risk', gives: 'margin' }];
    await check(layer([0.5, -1], 0.25, false), { ...network, golden, outputs });
    // A margin that is taken for a probability is seen at once.
    await expect(check(layer([0.5, -1], 0.25, false), { ...network, golden })).rejects.toThrow(
      /^FW612 .*golden row 0.*check the order of the features/,
    );
  });

  it('calibrates what the signature says', async () => {
    const platt = { kind: 'platt', slope: 2, intercept: -1 };
    const expected = rows.map((row) => 1 / (1 + Math.exp(-(2 * logit(row) - 1))));
    await check(layer([0.5, -1], 0.25, true), {
      ...network,
      calibration: platt,
      golden: { rows, expected },
    });
    const isotonic = { kind: 'isotonic', x: [0, 1], y: [0.1, 0.6] };
    const halved = rows.map((row) => 0.1 + 0.5 / (1 + Math.exp(-logit(row))));
    await check(layer([0.5, -1], 0.25, true), {
      ...network,
      calibration: isotonic,
      golden: { rows, expected: halved },
    });
  });

  it('refuses a network that takes one row at once', async () => {
    await expect(check(layer([0.5, -1], 0.25, true, 1), { ...network, golden })).rejects.toThrow(
      /^FW611 .*takes just 1 row at once; .*dynamic axis/,
    );
  });

  it('sees the trap of float32 thresholds, and is content with those that are rounded down', async () => {
    // Trained with x <= 0.1 in float64: the float32 value 0.1 is 0.100000001…, which is above it.
    const value = Math.fround(0.1);
    expect(value > 0.1).toBe(true);
    const onThreshold = { golden: { rows: [[value, 0]], expected: [late] } };
    await expect(check(treesWithTensor(Math.fround(0.1)), onThreshold)).rejects.toThrow(
      /^FW612 .*"delay" lies exactly on a threshold .*round thresholds down to float32/,
    );
    const below = new Float32Array(
      new Int32Array(Float32Array.of(0.1).buffer).map((bits) => bits - 1).buffer,
    );
    expect((await check(treesWithTensor(below[0]!), onThreshold)).distance).toBeLessThan(1e-6);
    const atIt = { golden: { rows: [[below[0]!, 0]], expected: [punctual] } };
    expect((await check(treesWithTensor(below[0]!), atIt)).rowsOnThresholds).toBe(1);
  });

  it('knows why such trees cannot be explained', () => {
    expect(readTrees(treesWithTensor(5), 2)).toEqual({
      absent: 'its file does not say how many training rows came by each node (nodes_hitrates)',
    });
    expect(readTrees(layer([1, 1], 0, true), 2)).toEqual({ absent: 'the model has no trees' });
  });
});

describe('readOwnSignature', () => {
  const read = async (text: string) => {
    const file = join(folder, 'signature.yaml');
    await writeFile(file, text);
    return readOwnSignature(file, ['delay', 'margin']);
  };
  const good = `
model: late-delivery
origin: xgboost
features: [delay, { name: margin, type: float32 }]
outputs: [{ name: probabilities, kind: risk }]
golden: { rows: [[1, .nan]], expected: [0.25] }
`;

  it('reads missing values and both ways to write a feature', async () => {
    const own = await read(good);
    expect(own.features).toEqual(['delay', 'margin']);
    expect(own.golden.rows).toEqual([[1, NaN]]);
    expect(own.threshold).toBe(0.5);
  });

  it.each([
    ['delay, {', 'dealy, {', /features: "dealy" is no feature of ours; forewarn features list/],
    ['xgboost', 'catboost', /origin/],
    ['float32', 'float64', /features/],
    ['[[1, .nan]]', '[[1]]', /golden.rows.0: has 1 numbers for 2 features/],
    ['[0.25]', '[0.25, 1]', /golden.expected: has 2 answers for 1 rows/],
    ['[0.25]', '[[0.1, 0.2]]', /golden.expected.0: is not 1 numbers/],
    ['kind: risk', 'kind: quantiles', /quantiles need their levels/],
    ['model: late-delivery', 'model: [', /not YAML/],
  ])('says what is wrong where %s is %s', async (from, to, says) => {
    await expect(read(good.replace(from, to))).rejects.toThrow(says);
    await expect(read(good.replace(from, to))).rejects.toThrow(/^FW610 /);
  });
});
