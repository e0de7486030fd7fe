import type { BinnedMatrix } from './bins.ts';
import { type Bounds, type Direction, unbounded, within } from './leaf-bounds.ts';

export interface SplitOptions {
  readonly minDataInLeaf: number;
  readonly minHessian: number;
  /** L2 on leaf values. */
  readonly lambda: number;
  readonly minGain: number;
  /** By column; left out where nothing is asked. */
  readonly monotone?: readonly Direction[];
}

/** Sums over the rows of a node; `packed` as in `packed-sums.ts`. */
export interface Sums {
  readonly gradient: number;
  readonly packed: number;
}

export interface Split {
  readonly gain: number;
  readonly column: number;
  readonly bin: number;
  readonly missingLeft: boolean;
  readonly left: Sums;
}

/** Hessian of packed sums; `one` is what each row adds to them beside it, a power of two. */
export const hessianOf = (packed: number, one: number): number => packed - Math.floor(packed / one) * one;

/**
 * The split of largest gain in a node's histogram (T. Chen, C. Guestrin, XGBoost, 2016, eq. 7), tried with NaN on either
 * side where there is any. Under monotone columns a gain counts the values that the bounds leave.
 */
export const bestSplit = (
  { first, edges }: BinnedMatrix,
  used: Int32Array,
  histogram: Float64Array,
  total: Sums,
  one: number,
  bounds: Bounds,
  options: SplitOptions,
): Split | null => {
  const { minDataInLeaf, minHessian, lambda, minGain, monotone } = options;
  const leastPacked = Math.max(1, minDataInLeaf) * one;
  if (total.packed < 2 * leastPacked) return null;
  const totalHessian = hessianOf(total.packed, one);
  const parent = gainWithin(total.gradient, totalHessian + lambda, bounds);
  let best: Split | null = null;
  let least = minGain;
  for (let index = 0; index < used.length; index++) {
    const column = used[index]!;
    const direction = monotone?.[column] ?? 0;
    const isFree = direction === 0 && bounds === unbounded;
    const from = 2 * first[column]!;
    const missingAt = 2 * first[column + 1]! - 2;
    const missingPacked = histogram[missingAt + 1]!;
    const valuesEnd = from + 2 * edges[column]!.length;
    for (let side = 0; side < (missingPacked > 0 ? 2 : 1); side++) {
      let gradient = side === 1 ? histogram[missingAt]! : 0;
      let packed = side === 1 ? missingPacked : 0;
      // With NaN on the right, the split after the last bin parts the known from the missing.
      const end = missingPacked > 0 && side === 0 ? valuesEnd + 2 : valuesEnd;
      for (let at = from; at < end; at += 2) {
        const here = histogram[at + 1]!;
        if (here === 0) continue;
        gradient += histogram[at]!;
        packed += here;
        if (packed < leastPacked) continue;
        const rightPacked = total.packed - packed;
        if (rightPacked < leastPacked) break;
        const hessian = packed - Math.floor(packed / one) * one;
        const rightHessian = totalHessian - hessian;
        if (hessian < minHessian) continue;
        if (rightHessian < minHessian) break;
        const rightGradient = total.gradient - gradient;
        const leftMass = hessian + lambda;
        const rightMass = rightHessian + lambda;
        const gain = isFree
          ? (gradient * gradient * rightMass + rightGradient * rightGradient * leftMass) /
              (leftMass * rightMass) -
            parent
          : boundedGain(gradient, leftMass, rightGradient, rightMass, bounds, direction) - parent;
        if (gain > least) {
          least = gain;
          best = { gain, column, bin: (at - from) / 2, missingLeft: side === 1, left: { gradient, packed } };
        }
      }
    }
  }
  return best;
};

/** −(2 g w + (h + λ) w²) at the value w that the bounds leave; g² ÷ (h + λ) where they leave the best one. */
const gainWithin = (gradient: number, mass: number, bounds: Bounds): number => {
  const value = within(-gradient / mass, bounds);
  return -(2 * gradient * value + mass * value * value);
};

const boundedGain = (
  gradient: number,
  leftMass: number,
  rightGradient: number,
  rightMass: number,
  bounds: Bounds,
  direction: Direction,
): number => {
  const step = within(-rightGradient / rightMass, bounds) - within(-gradient / leftMass, bounds);
  if (direction * step < 0) return -Infinity;
  return gainWithin(gradient, leftMass, bounds) + gainWithin(rightGradient, rightMass, bounds);
};
