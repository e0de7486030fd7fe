import type { Barrier, Item, Key, Rows } from '../../runtime/item.ts';
import { operate } from '../../runtime/operate.ts';
import { pickRows } from '../../runtime/rows/pick-rows.ts';
import type { Step, StepContext } from '../../runtime/step.ts';
import type { TimeWindows } from '../../runtime/window-spec.ts';

export interface BestOfBatch {
  readonly by: string;
  readonly k: number;
  readonly isLeast: boolean;
  readonly spec: TimeWindows;
  readonly field: string | null;
  readonly key: (row: never) => Key;
}

/**
 * Stands before a change of key that leads to the best rows of windows: what is not among the best of its batch cannot
 * be among the best of all, so it need not go through the log. Rows that are late, or tie, pass. Keeps no state; which
 * rows pass depends on the batch, what becomes of them does not.
 */
export const bestOfBatch = (best: BestOfBatch): Step<never, unknown> => ({
  verb: 'best of batch',
  name: null,
  stateful: false,
  async: false,
  columns: 'read',
  detail: `${best.k} by ${best.by}`,
  faults: [],
  make: (context) => (inputs) =>
    inputs[0]!.pipe(operate<unknown, unknown>((out) => new Sieve(context, best, out)) as never),
});

/** The k best values of a group so far, the worst of them first. */
type Bar = number[];

class Sieve {
  readonly #context: StepContext;
  readonly #best: BestOfBatch;
  readonly #out: (item: Item<unknown>) => void;

  constructor(context: StepContext, best: BestOfBatch, out: (item: Item<unknown>) => void) {
    this.#context = context;
    this.#best = best;
    this.#out = out;
  }

  rows(rows: Rows<unknown>): void {
    const { k, isLeast, by } = this.#best;
    if (rows.size <= k) {
      this.#out(rows);
      return;
    }
    const sign = isLeast ? -1 : 1;
    const values = rows.body.numbers(by);
    const bars = this.#barsOf(rows, values, sign);
    const kept = new Int32Array(rows.size);
    let size = 0;
    for (let index = 0; index < rows.size; index++) {
      const bar = bars[index];
      const isOut = bar !== undefined && bar.length === k && values[index]! * sign < bar[0]!;
      if (!isOut) kept[size++] = index;
    }
    this.#out(size === rows.size ? rows : pickRows(rows, kept, size));
  }

  barrier(barrier: Barrier): void {
    this.#context.atBarrier(barrier.epoch);
    this.#out(barrier);
  }

  /** The bar of each row's group; undefined for a row that passes in any case. */
  #barsOf(rows: Rows<unknown>, values: ArrayLike<number>, sign: number): readonly (Bar | undefined)[] {
    const { k, spec, field, key } = this.#best;
    const { at, origin, size, body } = rows;
    const keys = field === null ? null : body.keys(field);
    const groups = new Map<Key, Map<number, Bar>>();
    const bars: (Bar | undefined)[] = [];
    for (let index = 0; index < size; index++) {
      const value = values[index]! * sign;
      if (at[index]! < origin[index]! || Number.isNaN(value)) {
        bars.push(undefined);
        continue;
      }
      // Overlapping windows share panes: the best of a pane are judged pane by pane.
      const pane = Math.floor((at[index]! - spec.offsetMs) / spec.paneMs);
      const bar = barOf(groups, keys === null ? key(body.row(index) as never) : keys[index]!, pane);
      if (bar.length < k) insert(bar, value);
      else if (value > bar[0]!) {
        bar.shift();
        insert(bar, value);
      }
      bars.push(bar);
    }
    return bars;
  }
}

const barOf = (groups: Map<Key, Map<number, Bar>>, key: Key, pane: number): Bar => {
  let panes = groups.get(key);
  if (panes === undefined) groups.set(key, (panes = new Map()));
  let bar = panes.get(pane);
  if (bar === undefined) panes.set(pane, (bar = []));
  return bar;
};

const insert = (bar: Bar, value: number): void => {
  let at = bar.length;
  while (at > 0 && bar[at - 1]! > value) at -= 1;
  bar.splice(at, 0, value);
};
