import type { Barrier, Item, Progress, Rows } from '../../runtime/item.ts';
import type { Arrived } from '../../runtime/operate.ts';
import type { StepContext } from '../../runtime/step.ts';
import { AsOfOut } from './as-of-out.ts';
import { type AsOfSettings, AsOfTable } from './as-of-table.ts';
import { Line } from './line.ts';

const RIGHT = 0;
export const LEFT = 1;

/** An as-of join in one task that answers with what is known: rows in the order of the log, time is log time. */
export class AvailableAsOfRun {
  readonly #out: AsOfOut;
  readonly #table: AsOfTable;
  /** Parts of the beat by input, and the ids of their keys. */
  readonly #lines: readonly Line[] = [new Line(), new Line()];
  #isBegun = false;
  /** The watermark that has been told. */
  #watermark = -Infinity;
  #progress!: Progress;
  #entry = 0;

  constructor(context: StepContext, settings: AsOfSettings, out: (item: Item<unknown>) => void) {
    const ways = new AsOfOut(context, out);
    this.#out = ways;
    this.#table = new AsOfTable(
      settings,
      {
        say: (left, right, revision, key, at, now) => ways.answer(left, right, revision, key, at, now),
        fail: (row, now, error) => ways.fail(row, now, error),
      },
      context,
    );
  }

  beat(parts: readonly Arrived<unknown>[]): void {
    const { progress } = parts[0]!.rows;
    if (!this.#isBegun) this.#table.begin();
    this.#isBegun = true;
    this.#progress = progress;
    this.#entry = 0;
    this.#out.begin(progress);
    for (const { port, rows } of parts) if (rows.size > 0) this.#lines[port]!.add(rows, this.#table.keys);
    this.#merge();
    this.#entriesTo(progress.size);
    for (const line of this.#lines) line.clear();
    this.#table.end();
    this.#out.end();
  }

  barrier(barrier: Barrier): void {
    this.#out.barrier(barrier);
  }

  /** Rows of both inputs in the order (entry, log time, input): of two at one moment the version comes first. */
  #merge(): void {
    const [rights, lefts] = this.#lines as readonly [Line, Line];
    while (lefts.rows !== null || rights.rows !== null) {
      const isRight = lefts.rows === null || (rights.rows !== null && rights.isBefore(lefts));
      const line = isRight ? rights : lefts;
      const { index, ids } = line;
      const rows = line.rows!;
      this.#entriesTo(rows.position[index]!);
      this.#take(isRight ? RIGHT : LEFT, rows, index, ids[index]!);
      line.next();
    }
  }

  #take(
    port: number,
    { body, keys, at, heardAt, origin, position }: Rows<unknown>,
    index: number,
    id: number,
  ): void {
    const now = heardAt[index]!;
    this.#timeTo(now, position[index]!);
    this.#out.origin = origin[index]!;
    const row = body.row(index);
    try {
      if (port === LEFT) this.#table.left(id, keys![index]!, at[index]!, now, row);
      else this.#table.right(id, keys![index]!, at[index]!, now, row);
    } catch (error) {
      this.#table.giveBack(id);
      this.#out.fail(row, now, error);
    }
  }

  /** Goes through the entries before this one: time comes on to the end of each, and then the watermark. */
  #entriesTo(entry: number): void {
    const { watermark, heardAt } = this.#progress;
    while (this.#entry < entry) {
      this.#timeTo(heardAt[this.#entry]!, this.#entry);
      const t = watermark[this.#entry]!;
      if (t > this.#watermark) this.#watermark = t;
      this.#entry += 1;
    }
  }

  #timeTo(now: number, position: number): void {
    this.#out.position = position;
    // What a wait's end says was caused by no row.
    this.#out.origin = this.#watermark;
    this.#table.timeTo(now);
  }
}
