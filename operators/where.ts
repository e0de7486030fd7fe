import type { Item, Rows } from '../runtime/item.ts';
import { operate } from '../runtime/operate.ts';
import { pickRows } from '../runtime/rows/pick-rows.ts';
import type { Step, StepContext } from '../runtime/step.ts';
import { failureAt } from './stateless.ts';

/**
 * Rows for which `holds` is true; columns stay columns. where(n => n > 2): 1, 3, 2, 5 → 3, 5.
 * A row on which `holds` throws goes to dead letters. Keeps no state.
 */
export function where<In, Out extends In>(holds: (row: In) => row is Out): Step<In, Out>;
export function where<In>(holds: (row: In) => boolean): Step<In, In>;
export function where<In>(holds: (row: In) => boolean): Step<In, In> {
  return {
    verb: 'where',
    name: null,
    stateful: false,
    async: false,
    columns: 'passed',
    detail: '',
    faults: [],
    make: (context) => (inputs) =>
      inputs[0]!.pipe(operate<In, In>((out) => new Sieve(context, holds, out)) as never),
  };
}

class Sieve<T> {
  readonly #context: StepContext;
  readonly #holds: (row: T) => boolean;
  readonly #out: (item: Item<T>) => void;

  constructor(context: StepContext, holds: (row: T) => boolean, out: (item: Item<T>) => void) {
    this.#context = context;
    this.#holds = holds;
    this.#out = out;
  }

  rows(rows: Rows<T>): void {
    const kept = new Int32Array(rows.size);
    let size = 0;
    for (let index = 0; index < rows.size; index++) {
      const row = rows.body.row(index);
      try {
        if (this.#holds(row)) kept[size++] = index;
      } catch (error) {
        this.#context.fail(failureAt(rows, index, error, row));
      }
    }
    this.#out(size === rows.size ? rows : pickRows(rows, kept, size));
  }

  barrier(barrier: Exclude<Item<T>, Rows<T>>): void {
    this.#context.atBarrier(barrier.epoch);
    this.#out(barrier);
  }
}
