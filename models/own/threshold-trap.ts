import { readGraph } from '../explain/read-graph.ts';

/**
 * Which columns of a row lie exactly on a threshold of the file's trees. Libraries train with thresholds in float64, and
 * ONNX holds them in float32: rounded to the nearest, a threshold may move above a value that was above it, and that row
 * goes the other way. 0.1 becomes 0.100000001, which a float32 value of 0.1 is too: x ≤ 0.1 was false and becomes true.
 * Rounded down, no float32 value changes its side.
 */
export const columnsOnThresholds = (onnx: Uint8Array): ((row: readonly number[]) => number[]) => {
  const thresholds = new Map<number, Set<number>>();
  const tests = /^BRANCH_(LEQ|LT|GT|GTE)$/;
  for (const { operator, numbers, texts } of readGraph(onnx).nodes) {
    if (!operator.startsWith('TreeEnsemble')) continue;
    const values = numbers.get('nodes_values') ?? [];
    const columns = numbers.get('nodes_featureids') ?? [];
    for (const [node, mode] of (texts.get('nodes_modes') ?? []).entries()) {
      if (!tests.test(mode)) continue;
      const known = thresholds.get(columns[node]!) ?? new Set();
      thresholds.set(columns[node]!, known.add(values[node]!));
    }
  }
  return (row) =>
    Array.from(row.keys()).filter(
      (column) => thresholds.get(column)?.has(Math.fround(row[column]!)) === true,
    );
};
