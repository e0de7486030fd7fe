import { type Item, type Key, type Rows } from '../runtime/item.ts';
import { operate } from '../runtime/operate.ts';
import { RowsBuilder } from '../runtime/rows/rows-builder.ts';
import type { Step, StepContext } from '../runtime/step.ts';

/**
 * The loop that every stateless step is: each row goes to `each`, which pushes none, one or many. A row on which it
 * throws goes to dead letters, and the rest goes on.
 */
export const stateless = <In, Out>(
  verb: string,
  detail: string,
  each: (row: In, push: (out: Out) => void) => void,
): Step<In, Out> => ({
  verb,
  name: null,
  stateful: false,
  async: false,
  detail,
  faults: [],
  make: (context) => (inputs) =>
    inputs[0]!.pipe(operate<In, Out>((out) => new Loop(context, each, out)) as never),
});

class Loop<In, Out> {
  readonly #context: StepContext;
  readonly #each: (row: In, push: (out: Out) => void) => void;
  readonly #out: (item: Item<Out>) => void;
  readonly #builder: RowsBuilder<Out>;
  readonly #push: (out: Out) => void;
  #rows!: Rows<In>;
  #index = 0;

  constructor(
    context: StepContext,
    each: (row: In, push: (out: Out) => void) => void,
    out: (item: Item<Out>) => void,
  ) {
    this.#context = context;
    this.#each = each;
    this.#out = out;
    this.#builder = new RowsBuilder<Out>(out);
    this.#push = (value) => {
      const { keys, at, heardAt, origin, position } = this.#rows;
      const index = this.#index;
      const key: Key | null = keys === null ? null : keys[index]!;
      this.#builder.push(value, key, at[index]!, heardAt[index]!, origin[index]!, position[index]!);
    };
  }

  rows(rows: Rows<In>): void {
    this.#builder.begin(rows.progress);
    this.#rows = rows;
    for (let index = 0; index < rows.size; index++) {
      this.#index = index;
      const row = rows.body.row(index);
      try {
        this.#each(row, this.#push);
      } catch (error) {
        this.#context.fail(failureAt(rows, index, error, row));
      }
    }
    this.#builder.end(rows.last);
  }

  barrier(barrier: Exclude<Item<In>, Rows<In>>): void {
    this.#context.atBarrier(barrier.epoch);
    this.#out(barrier);
  }
}

/** What a row on which an author's callback threw leaves behind. */
export const failureAt = <T>(
  rows: Rows<T>,
  index: number,
  error: unknown,
  row: T = rows.body.row(index),
) => ({
  stage: 'operator' as const,
  row,
  heardAt: rows.heardAt[index]!,
  error,
  moment: { progress: rows.progress, position: rows.position[index]! },
});
