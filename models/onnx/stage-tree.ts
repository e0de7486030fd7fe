import type { Curve } from '../calibration/calibration.ts';
import type { StageTable } from '../stage-table.ts';
import type { Branch } from './tree-nodes.ts';

/**
 * A table by stage as a tree: what a runtime without a loop or a map can look up. Stages are asked for one after the other;
 * NaN, where it is a stage, by a comparison that nothing else passes.
 */
export const stageTree = <T>({ column, stages, rest }: StageTable<T>, leaf: (of: T) => Branch): Branch =>
  column === null
    ? leaf(rest)
    : stages.reduceRight(
        (no: Branch, { stage, of }): Branch => ({
          column,
          mode: Number.isNaN(stage) ? 'BRANCH_LT' : 'BRANCH_EQ',
          threshold: Number.isNaN(stage) ? -Infinity : stage,
          missing: Number.isNaN(stage),
          yes: leaf(of),
          no,
        }),
        leaf(rest),
      );

/** Numbers that a curve's piece is made of, in the order of the tree's targets; see `pieces`. */
export const pieceTargets = ['slope', 'offset', 'logistic', 'from', 'level', 'rise'] as const;

/**
 * The piece of the curve that a margin m falls on, of which the probability is
 *
 *   logistic · σ(slope · m + offset) + level + rise · (m − from)
 *
 * with logistic = 1 for Platt's curve and 0 for the straight pieces of an isotonic one, found by bisection.
 */
export const pieces = (curve: Curve, marginColumn: number): Branch => {
  if (curve.kind !== 'isotonic') {
    const { slope, offset } = curve.kind === 'none' ? { slope: 1, offset: 0 } : curve;
    return piece([slope, offset, 1, 0, 0, 0]);
  }
  const { x, y } = curve;
  const level = (at: number) => piece([0, 0, 0, 0, y[at]!, 0]);
  // Piece 0 lies before the first knot, piece k between knots k − 1 and k, the last behind the last knot.
  const between = (first: number, last: number): Branch => {
    if (first === last) {
      if (first === 0) return level(0);
      if (first === x.length) return level(first - 1);
      const rise = (y[first]! - y[first - 1]!) / (x[first]! - x[first - 1]!);
      return piece([0, 0, 0, x[first - 1]!, y[first - 1]!, rise]);
    }
    const middle = (first + last) >> 1;
    return {
      column: marginColumn,
      mode: 'BRANCH_LEQ',
      threshold: x[middle]!,
      missing: false,
      yes: between(first, middle),
      no: between(middle + 1, last),
    };
  };
  return between(0, x.length);
};

const piece = (numbers: readonly number[]): Branch => ({
  weights: numbers.map((number, target) => [target, number]),
});
