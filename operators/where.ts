import type { Step } from '../runtime/step.ts';
import { stateless } from './stateless.ts';

/**
 * Lets the rows pass for which `test` holds.
 * where(n => n > 2): 1, 3, 2, 5 → 3, 5. A type guard narrows the flow.
 */
export function where<In, Out extends In>(test: (row: In) => row is Out): Step<In, Out>;
export function where<In>(test: (row: In) => boolean): Step<In, In>;
export function where<In>(test: (row: In) => boolean): Step<In, In> {
  return stateless<In, In>('where', '', (row, push) => {
    if (test(row)) push(row);
  });
}
