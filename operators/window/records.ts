import type { Rows } from '../../runtime/item.ts';
import type { ObjectCodec, PaneTable } from '../../runtime/state/pane-table.ts';
import type { Aggregate, CellAggregate, FieldRows, ObjectAggregate } from '../aggregates/aggregate.ts';

interface CellPart {
  readonly name: string;
  readonly aggregate: CellAggregate<never, unknown>;
  readonly offset: number;
  /** Place among the names. */
  readonly order: number;
}
interface ObjectPart {
  readonly name: string;
  readonly aggregate: ObjectAggregate<never, unknown, unknown>;
  readonly order: number;
}

export type Pane = PaneTable<unknown[]>;
export type Results = Record<string, unknown>;

/** Where records lie: a pane of many, or a place for one. */
export interface RecordSpace {
  readonly cells: Float64Array;
  readonly objects: unknown[][];
  readonly size: number;
}

/**
 * Several aggregates in one record: the cells of all, one after the other, and a list of the objects of those that have
 * some. count, mean(price), topK → cells 0 · 1…3, objects [top].
 */
export class Records {
  readonly width: number;
  readonly names: readonly string[];
  /** By name: whether the result is a number, or none. */
  readonly isNumeric: readonly boolean[];
  readonly #cells: readonly CellPart[];
  readonly #objects: readonly ObjectPart[];
  readonly codec: ObjectCodec<unknown[]> | undefined;
  #shifted = new Int32Array(0);

  constructor(aggregates: Readonly<Record<string, Aggregate<never, unknown>>>) {
    const cells: CellPart[] = [];
    const objects: ObjectPart[] = [];
    let offset = 0;
    for (const [order, [name, aggregate]] of Object.entries(aggregates).entries()) {
      if (aggregate.kind === 'cells') {
        cells.push({ name, aggregate, offset, order });
        offset += aggregate.width;
      } else objects.push({ name, aggregate, order });
    }
    this.names = Object.keys(aggregates);
    this.isNumeric = Object.values(aggregates).map(({ kind }) => kind === 'cells');
    this.#cells = cells;
    this.#objects = objects;
    // A pane counts its keys by their records, so a record has a cell even where all is objects.
    this.width = Math.max(1, offset);
    this.codec =
      objects.length === 0
        ? undefined
        : {
            encode: (states) => objects.map(({ aggregate }, at) => aggregate.encode(states[at])),
            decode: (plain) => objects.map(({ aggregate }, at) => aggregate.decode((plain as unknown[])[at])),
          };
  }

  /** Whether some aggregate keeps an object, and so may refuse a row. */
  get hasObjects(): boolean {
    return this.#objects.length > 0;
  }

  /** Begins the records from `slot` on. */
  begin(pane: RecordSpace, slot: number): void {
    const { cells, objects, size } = pane;
    for (let at = slot; at < size; at++) {
      for (const { aggregate, offset } of this.#cells) aggregate.init(cells, at * this.width + offset);
      if (this.#objects.length > 0) objects[at] = this.#objects.map(({ aggregate }) => aggregate.create());
    }
  }

  /** A place for one record, begun. */
  single(): RecordSpace {
    const space = { cells: new Float64Array(this.width), objects: [] as unknown[][], size: 1 };
    this.begin(space, 0);
    return space;
  }

  /** One record as plain data that shares nothing with it, and back. */
  encode({ cells, objects }: RecordSpace): unknown {
    return [cells.slice(), this.codec === undefined ? null : this.codec.encode(objects[0]!)];
  }

  decode(encoded: unknown): RecordSpace {
    const [cells, objects] = encoded as readonly [Float64Array, unknown];
    return {
      cells: cells.slice(),
      objects: this.codec === undefined ? [] : [this.codec.decode(objects)],
      size: 1,
    };
  }

  /** What the aggregates read of a batch. */
  fieldsOf(rows: Rows<unknown>): readonly FieldRows[] {
    const { body, size, at, heardAt } = rows;
    return [...this.#cells, ...this.#objects].map(({ aggregate: { field } }) => ({
      size,
      numbers: field === null ? NO_NUMBERS : body.numbers(field),
      at,
      heardAt,
      value: (index) => (field === null ? null : body.value(field, index)),
      row: (index) => body.row(index),
    }));
  }

  /**
   * Adds rows `from` to `to` (not with it), row i to the record that starts at `records[i]`. A row that an aggregate
   * refuses is handed to `refuse`, and no other aggregate counts it.
   */
  add(
    pane: RecordSpace,
    records: Int32Array,
    fields: readonly FieldRows[],
    from: number,
    to: number,
    refuse: (index: number, error: unknown) => void,
  ): void {
    if (this.#objects.length === 0) {
      this.#addCells(pane, records, fields, from, to);
      return;
    }
    let begun = from;
    for (let index = from; index < to; index++) {
      try {
        this.#addObjects(pane.objects[records[index]! / this.width]!, fields, index);
      } catch (error) {
        refuse(index, error);
        this.#addCells(pane, records, fields, begun, index);
        begun = index + 1;
      }
    }
    this.#addCells(pane, records, fields, begun, to);
  }

  #addObjects(states: unknown[], fields: readonly FieldRows[], index: number): void {
    for (let part = 0; part < this.#objects.length; part++)
      states[part] = this.#objects[part]!.aggregate.add(
        states[part],
        fields[this.#cells.length + part]!,
        index,
      );
  }

  #addCells(
    { cells }: RecordSpace,
    records: Int32Array,
    fields: readonly FieldRows[],
    from: number,
    to: number,
  ): void {
    for (let part = 0; part < this.#cells.length; part++) {
      const { aggregate, offset } = this.#cells[part]!;
      aggregate.add(
        cells,
        offset === 0 ? records : this.#shift(records, offset, from, to),
        fields[part]!,
        from,
        to,
      );
    }
  }

  /** Adds the rows of a record of another pane. */
  merge(pane: RecordSpace, slot: number, other: RecordSpace, otherSlot: number): void {
    for (const { aggregate, offset } of this.#cells)
      aggregate.merge(pane.cells, slot * this.width + offset, other.cells, otherSlot * this.width + offset);
    for (let part = 0; part < this.#objects.length; part++) {
      const states = pane.objects[slot]!;
      states[part] = this.#objects[part]!.aggregate.merge(states[part], other.objects[otherSlot]![part]);
    }
  }

  /** Puts the results of a record into a row, in the order in which the author named them. */
  results(pane: RecordSpace, slot: number, into: Results): void {
    for (const name of this.names) into[name] = undefined;
    for (const { name, aggregate, offset } of this.#cells)
      into[name] = aggregate.result(pane.cells, slot * this.width + offset);
    for (let part = 0; part < this.#objects.length; part++)
      into[this.#objects[part]!.name] = this.#objects[part]!.aggregate.result(pane.objects[slot]![part]);
  }

  /** Puts the results of a record at `index` of columns, the first of which is at `first`. */
  resultsInto(
    { cells, objects }: RecordSpace,
    slot: number,
    columns: readonly (Float64Array | unknown[])[],
    first: number,
    index: number,
  ): void {
    for (let part = 0; part < this.#cells.length; part++) {
      const { aggregate, offset, order } = this.#cells[part]!;
      columns[first + order]![index] = aggregate.result(cells, slot * this.width + offset) ?? NaN;
    }
    for (let part = 0; part < this.#objects.length; part++) {
      const { aggregate, order } = this.#objects[part]!;
      columns[first + order]![index] = aggregate.result(objects[slot]![part]);
    }
  }

  #shift(records: Int32Array, by: number, from: number, to: number): Int32Array {
    if (this.#shifted.length < records.length) this.#shifted = new Int32Array(records.length);
    for (let index = from; index < to; index++) this.#shifted[index] = records[index]! + by;
    return this.#shifted;
  }
}

const NO_NUMBERS = new Float64Array(0);
