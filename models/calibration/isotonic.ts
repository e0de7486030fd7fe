import type { Numbers } from '../quality.ts';

/** A function that never falls: straight between its knots, level outside them. */
export interface Knots {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/**
 * The rising function nearest to the labels in squares, by pooling neighbours that fall (pool adjacent violators; R. Barlow
 * et al., 1972). Equal x count as one with their mean; of a level stretch only both ends are kept. As scikit-learn has it:
 * x .1 .2 .3 .4 with labels 0 1 0 1 → 0 ½ ½ 1.
 */
export const isotonic = (x: Numbers, labels: Numbers, weights?: Numbers): Knots => {
  const order = Uint32Array.from({ length: x.length }, (_, row) => row).sort((a, b) => x[a]! - x[b]!);
  const points: { x: number; sum: number; rows: number }[] = [];
  for (const row of order) {
    const last = points.at(-1);
    const weight = weights?.[row] ?? 1;
    if (last !== undefined && last.x === x[row]) {
      last.sum += weight * labels[row]!;
      last.rows += weight;
    } else points.push({ x: x[row]!, sum: weight * labels[row]!, rows: weight });
  }
  const blocks: { sum: number; rows: number; points: number }[] = [];
  for (const { sum, rows } of points) {
    let block = { sum, rows, points: 1 };
    for (let last = blocks.at(-1); last !== undefined; last = blocks.at(-1)) {
      if (last.sum * block.rows < block.sum * last.rows) break;
      block = {
        sum: last.sum + block.sum,
        rows: last.rows + block.rows,
        points: last.points + block.points,
      };
      blocks.pop();
    }
    blocks.push(block);
  }
  const knots = { x: [] as number[], y: [] as number[] };
  let first = 0;
  for (const { sum, rows, points: length } of blocks) {
    for (const at of length === 1 ? [first] : [first, first + length - 1]) {
      knots.x.push(points[at]!.x);
      knots.y.push(sum / rows);
    }
    first += length;
  }
  return knots;
};

/** The number of knots below the value: 0 before the first, all of them after the last. */
export const knotsBelow = (x: ArrayLike<number>, value: number): number => {
  let low = 0;
  let high = x.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= x[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
};

export const interpolate = ({ x, y }: Knots, value: number): number => {
  const below = knotsBelow(x, value);
  if (below === 0) return y[0]!;
  if (below === x.length) return y.at(-1)!;
  const share = (value - x[below - 1]!) / (x[below]! - x[below - 1]!);
  return y[below - 1]! + share * (y[below]! - y[below - 1]!);
};
