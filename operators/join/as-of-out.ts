import type { Barrier, Item, Key, Progress, Rows } from '../../runtime/item.ts';
import { RowsBuilder } from '../../runtime/rows/rows-builder.ts';
import type { StepContext } from '../../runtime/step.ts';

/** The ways out of an as-of join: answers, late rows, and rows that failed, each with what is known of its moment. */
export class AsOfOut {
  readonly #context: StepContext;
  readonly #outs: readonly ((item: Item<unknown>) => void)[];
  readonly #answers: RowsBuilder<unknown>;
  readonly #late: RowsBuilder<unknown>;
  #progress!: Progress;
  /** What the answers of the call that is under way are judged by, and the entry that it belongs to. */
  origin = -Infinity;
  position = 0;

  constructor(context: StepContext, out: (item: Item<unknown>) => void) {
    const late = context.side('late');
    this.#context = context;
    this.#outs = [out, late];
    this.#answers = new RowsBuilder<unknown>(out);
    this.#late = new RowsBuilder<unknown>(late);
  }

  begin(progress: Progress): void {
    this.#progress = progress;
    this.#answers.begin(progress);
    this.#late.begin(progress);
  }

  answer(left: unknown, right: unknown, revision: number, key: Key, at: number, heardAt: number): void {
    this.#answers.push({ left, right, revision }, key, at, heardAt, this.origin, this.position);
  }

  late({ body, keys, at, heardAt, origin, position }: Rows<unknown>, index: number): void {
    this.#context.count('late', 1);
    this.#late.push(
      body.row(index),
      keys![index]!,
      at[index]!,
      heardAt[index]!,
      origin[index]!,
      position[index]!,
    );
  }

  fail(row: unknown, heardAt: number, error: unknown): void {
    const moment = { progress: this.#progress, position: this.position };
    this.#context.fail({ stage: 'operator', row, heardAt, error, moment });
  }

  end(): void {
    this.#answers.end(true);
    this.#late.end(true);
  }

  barrier(barrier: Barrier): void {
    this.#context.atBarrier(barrier.epoch);
    for (const out of this.#outs) out(barrier);
  }
}
