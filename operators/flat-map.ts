import type { Step } from '../runtime/step.ts';
import { stateless } from './stateless.ts';

/** None, one or many rows out for each row in, in order. flatMap(n => Array(n).fill(n)): 2, 0, 1 → 2, 2, 1. */
export const flatMap = <In, Out>(change: (row: In) => readonly Out[]): Step<In, Out> =>
  stateless<In, Out>('flatMap', '', (row, push) => {
    for (const value of change(row)) push(value);
  });
