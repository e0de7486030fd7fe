import type { Barrier, Item, Rows } from '../../runtime/item.ts';
import type { RowFailure, StepContext } from '../../runtime/step.ts';
import type { Beside, BesideOptions } from '../beside.ts';
import { keptRows, rowsWith } from '../../runtime/rows/kept-rows.ts';
import { failureAt } from '../stateless.ts';

/** An item at its place in line; while it is open it holds back what came after it. */
interface Place<T, V> {
  readonly item: Rows<T> | Barrier;
  /** Indexes of the rows that were asked about. */
  readonly asked: readonly number[];
  /** By index of the row. */
  readonly failures: ReadonlyMap<number, RowFailure>;
  readonly release: () => void;
  said: readonly V[];
  isOpen: boolean;
}

const nothing = (): void => undefined;

/** Of a place that waits for nothing. */
const settled = {
  asked: [],
  failures: new Map<number, RowFailure>(),
  release: nothing,
  said: [],
  isOpen: false,
} as const;

/** What came into one task and is not out yet, in order. */
export class BesideRun<T, V> {
  readonly #context: StepContext;
  readonly #options: BesideOptions<T, V>;
  readonly #out: (item: Item<Beside<T, V>>) => void;
  readonly #line: Place<T, V>[] = [];
  #waitingRows = 0;

  constructor(context: StepContext, options: BesideOptions<T, V>, out: (item: Item<Beside<T, V>>) => void) {
    this.#context = context;
    this.#options = options;
    this.#out = out;
  }

  rows(lent: Rows<T>): void {
    const rows = keptRows(lent);
    const asked: number[] = [];
    const failures = new Map<number, RowFailure>();
    for (let index = 0; index < rows.size; index++) {
      const row = rows.body.row(index);
      try {
        if (this.#options.wants(row)) asked.push(index);
      } catch (error) {
        failures.set(index, failureAt(rows, index, error, row));
      }
    }
    this.#place(rows, asked, failures);
    this.#advance();
  }

  barrier(barrier: Barrier): void {
    if (this.#options.atBarrier === 'leaves') this.#leave(0);
    this.#line.push({ ...settled, item: barrier });
    this.#advance();
  }

  #place(rows: Rows<T>, asked: readonly number[], failures: Place<T, V>['failures']): void {
    const answer =
      asked.length === 0
        ? undefined
        : this.#options.ask(
            asked.map((index) => rows.body.row(index)),
            this.#context.services,
          );
    const waits = this.#options.atBarrier === 'waits';
    const place: Place<T, V> = {
      item: rows,
      asked,
      failures,
      // What is to be waited for holds credit; what may leave must not slow down those who bring it.
      release: answer !== undefined && waits ? this.#context.hold() : nothing,
      said: [],
      isOpen: answer !== undefined,
    };
    this.#line.push(place);
    if (answer === undefined) return;
    this.#waitingRows += rows.size;
    void answer
      .then(
        (said) => this.#close(place, said),
        () => this.#close(place, []),
      )
      .then(() => this.#advance());
    if (!waits) this.#leave(this.#options.atMost ?? 4_096);
  }

  #close(place: Place<T, V>, said: readonly V[]): void {
    if (!place.isOpen) return;
    place.isOpen = false;
    place.said = said;
    this.#waitingRows -= place.item.kind === 'barrier' ? 0 : place.item.size;
    const missing = place.asked.length - said.length;
    if (missing > 0) this.#context.count('unanswered', missing);
  }

  /** The oldest leave without their answers until no more rows than these wait. */
  #leave(most: number): void {
    for (const place of this.#line) {
      if (this.#waitingRows <= most) return;
      this.#close(place, []);
    }
  }

  #advance(): void {
    while (this.#line[0]?.isOpen === false) {
      const { item, asked, said, failures, release } = this.#line.shift()!;
      for (const failure of failures.values()) this.#context.fail(failure);
      if (item.kind === 'barrier') {
        this.#context.atBarrier(item.epoch);
        this.#out(item);
      } else this.#out(withAnswers(item, asked, said, failures));
      release();
    }
  }
}

/** All rows but those that failed. */
const withAnswers = <T, V>(
  rows: Rows<T>,
  asked: readonly number[],
  said: readonly V[],
  failures: ReadonlyMap<number, RowFailure>,
): Rows<Beside<T, V>> => {
  const values: Beside<T, V>[] = [];
  const indexes = new Int32Array(rows.size);
  const answers = new Map(asked.map((index, at) => [index, said[at] ?? null]));
  for (let index = 0; index < rows.size; index++) {
    if (failures.has(index)) continue;
    indexes[values.length] = index;
    values.push({ row: rows.body.row(index), said: answers.get(index) ?? null });
  }
  return rowsWith(rows, values, indexes);
};
