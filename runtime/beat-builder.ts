import type { SourceNode } from './graph.ts';
import { type Item, type Progress, WANTED_ROWS } from './item.ts';
import { ColumnWriter } from './rows/column-writer.ts';
import { ObjectBody } from './rows/object-body.ts';
import { newMarks } from './rows/rows-builder.ts';

/** Rows of one source in the beat that is being made. */
interface Intake {
  readonly node: number;
  readonly marks: ReturnType<typeof newMarks>;
  readonly writer: ColumnWriter<unknown> | null;
  values: unknown[];
  size: number;
}

/** A tick and a stamp may take an entry beside those of the rows. */
const ENTRIES = 2 * WANTED_ROWS;

/**
 * Makes the beats of a task: rows of all its sources in one order, and how time came on by each. A source whose schema
 * is numbers, booleans and strings alone becomes columns; its buffers are used again for every beat.
 */
export class BeatBuilder {
  readonly #intakes = new Map<number, Intake>();
  #heardAt = new Float64Array(ENTRIES);
  #watermark = new Float64Array(ENTRIES);
  #entries = 0;
  #rows = 0;

  constructor(sources: readonly SourceNode[]) {
    for (const { id, topic } of sources) {
      const writer = topic.layout === null ? null : new ColumnWriter<unknown>(topic.layout, WANTED_ROWS);
      this.#intakes.set(id, { node: id, marks: newMarks(WANTED_ROWS), writer, values: [], size: 0 });
    }
  }

  get rows(): number {
    return this.#rows;
  }

  get entries(): number {
    return this.#entries;
  }

  get isFull(): boolean {
    return this.#rows === WANTED_ROWS || this.#entries >= ENTRIES - 2;
  }

  /** A row; `setWatermark` follows. Throws a TypeError, and takes nothing, where it does not fit its columns. */
  row(node: number, row: unknown, at: number, heardAt: number, origin: number): void {
    const intake = this.#intakes.get(node)!;
    const { marks, writer, size } = intake;
    if (writer === null) intake.values.push(row);
    else writer.push(row);
    marks.at[size] = at;
    marks.heardAt[size] = heardAt;
    marks.origin[size] = origin;
    marks.position[size] = this.#entries;
    intake.size = size + 1;
    this.#rows += 1;
    this.tick(heardAt, -Infinity);
  }

  /** Time came on to here without a row. */
  tick(heardAt: number, watermark: number): void {
    this.#heardAt[this.#entries] = heardAt;
    this.#watermark[this.#entries] = watermark;
    this.#entries += 1;
  }

  /** The watermark that the last row has made. */
  setWatermark(watermark: number): void {
    this.#watermark[this.#entries - 1] = watermark;
  }

  /** Sends the beat to every source, and starts the next one. */
  send(to: (node: number, item: Item<unknown>) => void): Progress {
    const progress: Progress = {
      size: this.#entries,
      heardAt: this.#heardAt.slice(0, this.#entries),
      watermark: this.#watermark.slice(0, this.#entries),
    };
    this.#entries = 0;
    this.#rows = 0;
    for (const intake of this.#intakes.values()) {
      const { node, marks, writer, values, size } = intake;
      to(node, {
        kind: 'rows',
        size,
        body: writer === null ? new ObjectBody(values) : writer.body(),
        keys: null,
        ...marks,
        progress,
        last: true,
      });
    }
    for (const intake of this.#intakes.values()) {
      intake.values = [];
      intake.size = 0;
      intake.writer?.reset();
    }
    return progress;
  }
}
