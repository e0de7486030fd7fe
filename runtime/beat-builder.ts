import { columnsWanted } from './columns-wanted.ts';
import type { Stage } from './graph.ts';
import { type Item, type Progress, WANTED_ROWS } from './item.ts';
import { ColumnWriter } from './rows/column-writer.ts';
import { ObjectBody } from './rows/object-body.ts';
import { type RowShape, rowShapeOf } from './rows/row-shape.ts';
import { newMarks } from './rows/rows-builder.ts';
import { jsonSchemaOf } from './topic.ts';

/** Rows of one source in the beat that is being made. */
interface Intake {
  readonly node: number;
  readonly marks: ReturnType<typeof newMarks>;
  /** What rows are made into: columns, or objects of a shape, or whatever was read. */
  readonly writer: ColumnWriter<unknown> | null;
  readonly shape: RowShape | null;
  /** Of rows that are written as they are read; null where that is another form. */
  readonly schema: unknown;
  values: unknown[];
  json: (Uint8Array | undefined)[];
  size: number;
}

/** A tick and a stamp may take an entry beside those of the rows. */
const ENTRIES = 2 * WANTED_ROWS;

/**
 * Makes the beats of a task: rows of all its sources in one order, and how time came on by each. A source whose schema
 * is numbers, booleans and strings alone becomes columns where a step reads columns; its buffers are used again for every beat.
 */
export class BeatBuilder {
  readonly #intakes = new Map<number, Intake>();
  #heardAt = new Float64Array(ENTRIES);
  #watermark = new Float64Array(ENTRIES);
  #entries = 0;
  #rows = 0;

  constructor(stage: Pick<Stage, 'nodes' | 'sources'>) {
    const wanted = columnsWanted(stage);
    for (const { id, topic } of stage.sources) {
      const { layout } = topic;
      const isColumns = layout !== null && wanted.has(id);
      this.#intakes.set(id, {
        node: id,
        marks: newMarks(WANTED_ROWS),
        writer: isColumns ? new ColumnWriter<unknown>(layout, WANTED_ROWS) : null,
        shape: isColumns || layout === null ? null : rowShapeOf(layout),
        schema: jsonSchemaOf(topic),
        values: [],
        json: [],
        size: 0,
      });
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

  /**
   * A row, and the bytes that it was read from; `setWatermark` follows. Throws a TypeError, and takes nothing, where it does not fit its
   * schema's columns.
   */
  row(node: number, row: unknown, at: number, heardAt: number, origin: number, json?: Uint8Array): void {
    const intake = this.#intakes.get(node)!;
    const { marks, writer, shape, size } = intake;
    if (writer === null) {
      const taken = shape === null ? row : shape.take(row as Readonly<Record<string, unknown>>);
      intake.values.push(taken);
      intake.json.push(taken === row ? json : undefined);
    } else writer.push(row);
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
      const { node, marks, writer, values, json, schema, size } = intake;
      to(node, {
        kind: 'rows',
        size,
        body: writer?.body() ?? new ObjectBody(values, schema === null ? null : { schema, json }),
        keys: null,
        ...marks,
        progress,
        last: true,
      });
    }
    for (const intake of this.#intakes.values()) {
      intake.values = [];
      intake.json = [];
      intake.size = 0;
      intake.writer?.reset();
    }
    return progress;
  }
}
