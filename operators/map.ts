import type { Step } from '../runtime/step.ts';
import { stateless } from './stateless.ts';

/** One row out for each row in. map(n => n * 2): 1, 3 → 2, 6. */
export const map = <In, Out>(change: (row: In) => Out): Step<In, Out> =>
  stateless<In, Out>('map', '', (row, push) => push(change(row)));
