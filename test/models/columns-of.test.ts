import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { featureNames } from '../../domain/features.ts';
import { columnsOf, projected } from '../../models/columns-of.ts';
import { modelRegistry } from '../../models/registry.ts';
import { packageRoot } from '../../runtime/package-root.ts';

const modelOf = (...names: readonly string[]) => ({
  model: 'late',
  version: 'v',
  features: names.map((name) => ({ name, type: 'float32' as const })),
});

describe('columnsOf', () => {
  it('finds the columns of a model among the declared ones, as in its example', () => {
    expect([...columnsOf(modelOf('slack', 'mode'), ['legs', 'mode', 'slack'])]).toEqual([2, 1]);
  });

  it('refuses what is not declared, and tells it from what has changed its meaning', () => {
    expect(() => columnsOf(modelOf('legs', 'speed'), ['legs'])).toThrow(
      /^FW208 model "late" version v: its column 1 is "speed", which is not declared; train it again/,
    );
    expect(() => columnsOf(modelOf('legs'), ['legs@2'])).toThrow(/meaning has changed: it is "legs@2" now/);
    expect(() => columnsOf(modelOf('legs@2'), ['legs@3'])).toThrow(/it is "legs@3" now/);
  });

  it('finds every column of the model that ships', async () => {
    const registry = modelRegistry(join(packageRoot, 'models', 'registry'));
    const version = (await registry.aliases('late-delivery')).champion ?? expect.fail('no champion');
    const { signature } = await registry.load('late-delivery', version, featureNames);
    const columns = columnsOf(signature, featureNames);
    expect([...columns].map((column) => featureNames[column])).toEqual(
      signature.features.map(({ name }) => name),
    );
  });
});

describe('projected', () => {
  const matrix = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9);

  it('takes the columns of the first rows, and leaves the matrix as it is', () => {
    expect(projected(matrix, 2, 3, Int32Array.of(2, 0))).toEqual(Float32Array.of(3, 1, 6, 4));
    expect([...matrix]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('copies nothing where the model takes all columns in their order', () => {
    expect(projected(matrix, 3, 3, Int32Array.of(0, 1, 2))).toBe(matrix);
    expect(projected(matrix, 1, 3, Int32Array.of(0, 2, 1))).toEqual(Float32Array.of(1, 3, 2));
  });
});
