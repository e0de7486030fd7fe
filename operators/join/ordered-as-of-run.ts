import type { Barrier, Item, Rows } from '../../runtime/item.ts';
import type { Arrived } from '../../runtime/operate.ts';
import { Walk } from '../../runtime/rows/walk.ts';
import type { StepContext } from '../../runtime/step.ts';
import { type HeldRow, OrderedRows } from '../process/ordered-rows.ts';
import { AsOfOut } from './as-of-out.ts';
import { type AsOfSettings, AsOfTable } from './as-of-table.ts';
import { LEFT } from './available-as-of-run.ts';

/** Rows that may wait for the watermark in a task. */
const MOST_WAITING = 100_000;

/** An as-of join in one task whose rows wait for the watermark: they meet by event time, and time is event time. */
export class OrderedAsOfRun {
  readonly #out: AsOfOut;
  readonly #table: AsOfTable;
  readonly #waiting = new OrderedRows(MOST_WAITING);
  readonly #walk: Walk<unknown>;
  #isBegun = false;
  #watermark = -Infinity;
  #heardAt = 0;

  constructor(context: StepContext, settings: AsOfSettings, out: (item: Item<unknown>) => void) {
    const ways = new AsOfOut(context, out);
    this.#out = ways;
    this.#table = new AsOfTable(
      settings,
      {
        say: (left, right, revision, key, at) => ways.answer(left, right, revision, key, at, this.#heardAt),
        fail: (row, _, error) => ways.fail(row, this.#heardAt, error),
      },
      context,
    );
    context.checkpoint('waiting', this.#waiting);
    this.#walk = new Walk<unknown>({
      row: (rows, index, port) => this.#hold(rows, index, port),
      time: () => undefined,
      watermark: (t, heardAt, position) => this.#rise(t, heardAt, position),
    });
  }

  beat(parts: readonly Arrived<unknown>[]): void {
    if (!this.#isBegun) this.#table.begin();
    this.#isBegun = true;
    this.#out.begin(parts[0]!.rows.progress);
    this.#walk.beat(parts);
    this.#table.end();
    this.#out.end();
  }

  barrier(barrier: Barrier): void {
    this.#out.barrier(barrier);
  }

  #hold(rows: Rows<unknown>, index: number, port: number): void {
    const at = rows.at[index]!;
    if (at < rows.origin[index]!) {
      this.#out.late(rows, index);
      return;
    }
    const row = rows.body.row(index);
    try {
      this.#waiting.hold(port, rows.keys![index]!, at, row);
    } catch (error) {
      this.#out.position = rows.position[index]!;
      this.#out.fail(row, rows.heardAt[index]!, error);
    }
  }

  #rise(t: number, heardAt: number, position: number): void {
    // Where a run begins, what was below this watermark has been released before.
    if (heardAt > -Infinity) {
      this.#heardAt = heardAt;
      this.#out.position = position;
      this.#out.origin = this.#watermark;
      for (let held = this.#waiting.release(t); held !== undefined; held = this.#waiting.release(t))
        this.#take(held);
      this.#table.timeTo(t);
    }
    this.#watermark = t;
  }

  #take({ port, key, at, row }: HeldRow): void {
    this.#table.timeTo(at);
    const id = this.#table.keys.idOf(key);
    try {
      if (port === LEFT) this.#table.left(id, key, at, at, row);
      else this.#table.right(id, key, at, at, row);
    } catch (error) {
      this.#table.giveBack(id);
      this.#out.fail(row, this.#heardAt, error);
    }
  }
}
