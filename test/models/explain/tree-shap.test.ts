import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explainRow } from '../../../models/explain/explain-row.ts';
import { readTrees } from '../../../models/explain/read-trees.ts';
import { TreeShap } from '../../../models/explain/tree-shap.ts';
import { exportOnnx } from '../../../models/onnx/export-onnx.ts';
import { train } from '../../../models/training/train.ts';
import { leafOf, newTree, type Tree, type TreeEnsemble } from '../../../models/tree-ensemble.ts';
import { noisyRows } from '../training/noisy-rows.ts';

const golden = join(import.meta.dirname, '../../../../shared/golden/ml_misc.json');

const marginOf = ({ base, trees }: TreeEnsemble, row: Float32Array): number =>
  trees.reduce((sum, tree) => sum + tree.value[leafOf(tree, row, 0)]!, base);

/** What the tree says when only these features are known: the others go both ways, by cover. */
const mean = (tree: Tree, row: Float32Array, known: number, node = 0): number => {
  const [left, right] = [tree.left[node]!, tree.right[node]!];
  if (left < 0) return tree.value[node]!;
  const feature = tree.feature[node]!;
  const value = row[feature]!;
  const toLeft = Number.isNaN(value) ? tree.missingLeft[node] === 1 : value <= tree.threshold[node]!;
  if ((known >> feature) & 1) return mean(tree, row, known, toLeft ? left : right);
  const [a, b] = [tree.cover[left]!, tree.cover[right]!];
  return (a * mean(tree, row, known, left) + b * mean(tree, row, known, right)) / (a + b);
};

/** Shapley's formula, over all subsets. */
const shapley = ({ columns, trees }: TreeEnsemble, row: Float32Array): number[] => {
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
  const says = (known: number): number => trees.reduce((sum, tree) => sum + mean(tree, row, known), 0);
  return Array.from({ length: columns }, (_, feature) => {
    let value = 0;
    for (let subset = 0; subset < 1 << columns; subset++) {
      if ((subset >> feature) & 1) continue;
      const size = subset.toString(2).replaceAll('0', '').length;
      const weight = (factorial(size) * factorial(columns - size - 1)) / factorial(columns);
      value += weight * (says(subset | (1 << feature)) - says(subset));
    }
    return value;
  });
};

const { matrix, labels, rows, columns } = noisyRows(600, 11);
const model = train({ matrix, rows, columns, labels }, { objective: 'binary', trees: 12, maxLeaves: 12 });
const ensemble = model.ensembles[0]!;
const shap = new TreeShap(ensemble);

const anyRow = fc
  .array(fc.oneof(fc.float({ min: -3, max: 3 }), fc.constantFrom(NaN, Infinity, -Infinity)), {
    minLength: columns,
    maxLength: columns,
  })
  .map((values) => Float32Array.from(values));

describe('TreeShap', () => {
  it('gives the one feature of one split all of the difference', () => {
    const one: TreeEnsemble = {
      columns: 2,
      base: 0,
      trees: [
        {
          feature: Int32Array.of(1, 0, 0),
          threshold: Float32Array.of(5, 0, 0),
          missingLeft: Uint8Array.of(0, 0, 0),
          left: Int32Array.of(1, -1, -1),
          right: Int32Array.of(2, -1, -1),
          value: Float32Array.of(0, -1, 3),
          cover: Float64Array.of(40, 30, 10),
        },
      ],
    };
    const shap = new TreeShap(one);
    expect(shap.expected).toBe(0);
    expect([...shap.valuesOf(Float32Array.of(9, 7))]).toEqual([0, 3]);
    expect([...shap.valuesOf(Float32Array.of(9, 5))]).toEqual([0, -1]);
  });

  it("equals Shapley's formula over all subsets of features, also with missing and infinite values", () => {
    fc.assert(
      fc.property(anyRow, (row) => {
        const naive = shapley(ensemble, row);
        for (const [column, value] of shap.valuesOf(row).entries())
          expect(value).toBeCloseTo(naive[column]!, 9);
      }),
      { numRuns: 60 },
    );
  });

  it('is exact in a deep tree that asks the same feature again and again', () => {
    // x0 is asked at every second node of a chain: 24 splits, 13 features, leaves of 1 to 1,000 rows.
    const splits = 24;
    const tree = newTree(2 * splits + 1);
    for (let split = 0; split < splits; split++) {
      const node = 2 * split;
      tree.feature[node] = split % 2 === 0 ? 0 : (split + 1) / 2;
      tree.threshold[node] = split % 2 === 0 ? split / 12 - 1 : 0;
      [tree.left[node], tree.right[node]] = [node + 1, node + 2];
      [tree.value[node + 1], tree.cover[node + 1]] = [split - 9, 1 + ((split * 37) % 1_000)];
    }
    [tree.value[2 * splits], tree.cover[2 * splits]] = [5, 3];
    for (let node = 2 * splits - 2; node >= 0; node -= 2)
      tree.cover[node] = tree.cover[node + 1]! + tree.cover[node + 2]!;
    const chain: TreeEnsemble = { columns: 13, base: 1, trees: [tree] };
    const deep = new TreeShap(chain);
    for (const x of [-2, -0.5, 0.4, NaN]) {
      const row = Float32Array.from({ length: 13 }, (_, at) => (at === 0 ? x : Math.sin(at)));
      for (const [column, value] of shapley(chain, row).entries())
        expect(deep.valuesOf(row)[column]).toBeCloseTo(value, 9);
    }
  });

  it('sums to the margin with what is expected', () => {
    fc.assert(
      fc.property(anyRow, (row) => {
        const sum = shap.valuesOf(row).reduce((all, one) => all + one, shap.expected);
        expect(sum).toBeCloseTo(marginOf(ensemble, row), 9);
      }),
    );
  });

  it.skipIf(!existsSync(golden))("equals LightGBM's own SHAP values (skipped without the reference)", () => {
    const { trees, X, contrib, raw } = readGolden();
    const lightgbm: TreeEnsemble = { columns: X[0]!.length, base: 0, trees: trees.map(fromGolden) };
    const goldenShap = new TreeShap(lightgbm);
    expect(X.length).toBeGreaterThan(10);
    for (const [index, values] of X.entries()) {
      const row = Float32Array.from(values, (value) => value ?? NaN);
      const told = [...goldenShap.valuesOf(row), goldenShap.expected];
      for (const [column, value] of told.entries()) expect(value).toBeCloseTo(contrib[index]![column]!, 5);
      expect(marginOf(lightgbm, row)).toBeCloseTo(raw[index]!, 5);
    }
  });
});

interface GoldenNode {
  readonly feature?: number;
  readonly threshold?: number;
  readonly missing?: string;
  readonly default_left?: boolean;
  readonly left?: number;
  readonly right?: number;
  readonly value?: number;
  readonly cover: number;
}

interface Golden {
  readonly trees: readonly (readonly GoldenNode[])[];
  readonly X: readonly (readonly (number | null)[])[];
  readonly contrib: readonly (readonly number[])[];
  readonly raw: readonly number[];
}

const readGolden = (): Golden =>
  (JSON.parse(readFileSync(golden, 'utf8').replaceAll(/(?<!")NaN/g, 'null')) as { treeshap: Golden })
    .treeshap;

const fromGolden = (nodes: readonly GoldenNode[]): Tree => ({
  feature: Int32Array.from(nodes, ({ feature }) => feature ?? 0),
  threshold: Float32Array.from(nodes, ({ threshold }) => threshold ?? 0),
  // LightGBM takes a missing value for 0 where training saw none.
  missingLeft: Uint8Array.from(nodes, ({ missing, default_left, threshold = 0 }) =>
    (missing === 'NaN' ? default_left === true : threshold >= 0) ? 1 : 0,
  ),
  left: Int32Array.from(nodes, ({ left }) => left ?? -1),
  right: Int32Array.from(nodes, ({ right }) => right ?? -1),
  value: Float32Array.from(nodes, ({ value }) => value ?? 0),
  cover: Float64Array.from(nodes, ({ cover }) => cover),
});

describe('readTrees', () => {
  it('reads back what was exported, covers and all', () => {
    const read = readTrees(exportOnnx(model), columns);
    expect(read).not.toHaveProperty('absent');
    const again = (read as { ensemble: TreeEnsemble }).ensemble;
    for (let row = 0; row < 50; row++) {
      const one = matrix.subarray(row * columns, (row + 1) * columns);
      expect(marginOf(again, one)).toBeCloseTo(marginOf(ensemble, one), 5);
      const [told, own] = [new TreeShap(again), shap].map((of) => of.valuesOf(one));
      for (const [column, value] of told!.entries()) expect(value).toBeCloseTo(own![column]!, 5);
    }
  });

  it('says why there is no explanation where the file has no covers', () => {
    const trees = ensemble.trees.map((tree) => ({ ...tree, cover: tree.cover.map(() => 1) }));
    const bare = { ...model, ensembles: [{ ...ensemble, trees }] };
    expect(readTrees(exportOnnx(bare), columns)).toEqual({
      absent: 'its file does not say how many training rows came by each node (nodes_hitrates)',
    });
    expect(readTrees(new Uint8Array(0), columns)).toEqual({ absent: 'the model has no trees' });
  });
});

describe('explainRow', () => {
  it('tells the largest first, with their values, and the margin they lead to', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const row = Float32Array.from(matrix.subarray(0, columns));
    row[3] = NaN;
    const told = explainRow('late@1', { shap, encodings: [] }, names, row);
    const sizes = told.contributions.map(({ contribution }) => Math.abs(contribution));
    expect(sizes).toEqual(sizes.toSorted((left, right) => right - left));
    expect(told.margin).toBeCloseTo(marginOf(ensemble, row), 6);
    const d = told.contributions.find(({ feature }) => feature === 'd');
    if (d !== undefined) expect(d.value).toBeNull();
    expect(told.contributions.length).toBeGreaterThan(0);
  });
});
