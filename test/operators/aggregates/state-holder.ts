import { isDeepStrictEqual } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import { expect } from 'vitest';
import type {
  Aggregate,
  CellAggregate,
  FieldRows,
  ObjectAggregate,
} from '../../../operators/aggregates/aggregate.ts';
import { fieldRows, type LawRow } from './law-rows.ts';

type Cells = CellAggregate<never, unknown>;
type Objects = ObjectAggregate<never, unknown, unknown>;

/** One state of an aggregate of either kind. */
export interface Holder {
  add(rows: FieldRows, from: number, to: number): void;
  merge(other: Holder): void;
  result(): unknown;
  /** What a checkpoint would hold, and a holder made of it. */
  encode(): Uint8Array;
  restored(): Holder;
}

/** Whether two checkpoints hold the same, to the last bit; the bytes may differ in how V8 kept an array. */
export const sameEncoded = (a: Uint8Array, b: Uint8Array): boolean =>
  isDeepStrictEqual(deserialize(a), deserialize(b));

export const guard = 7.25;

/** A record of cells between others that nothing may touch; it was used before. */
export class CellHolder implements Holder {
  readonly cells: Float64Array;
  readonly #aggregate: Cells;

  constructor(aggregate: Cells, kept?: Uint8Array) {
    this.#aggregate = aggregate;
    this.cells = new Float64Array(aggregate.width + 4).fill(guard);
    if (kept === undefined) aggregate.init(this.cells, 2);
    else this.cells.set(deserialize(kept) as Float64Array, 2);
  }

  add(rows: FieldRows, from: number, to: number): void {
    this.#aggregate.add(this.cells, new Int32Array(rows.size).fill(2), rows, from, to);
    this.#check();
  }

  merge(other: CellHolder): void {
    this.#aggregate.merge(this.cells, 2, other.cells, 2);
    this.#check();
  }

  result(): unknown {
    return this.#aggregate.result(this.cells, 2);
  }

  encode(): Uint8Array {
    return serialize(this.cells.slice(2, -2));
  }

  restored(): Holder {
    return new CellHolder(this.#aggregate, this.encode());
  }

  #check(): void {
    expect([...this.cells.slice(0, 2), ...this.cells.slice(-2)]).toEqual([guard, guard, guard, guard]);
  }
}

export class ObjectHolder implements Holder {
  state: unknown;
  readonly #aggregate: Objects;

  constructor(aggregate: Objects, kept?: Uint8Array) {
    this.#aggregate = aggregate;
    this.state = kept === undefined ? aggregate.create() : aggregate.decode(deserialize(kept));
  }

  add(rows: FieldRows, from: number, to: number): void {
    for (let index = from; index < to; index++) this.state = this.#aggregate.add(this.state, rows, index);
  }

  merge(other: ObjectHolder): void {
    this.state = this.#aggregate.merge(this.state, other.state);
  }

  result(): unknown {
    return this.#aggregate.result(this.state);
  }

  encode(): Uint8Array {
    return serialize(this.#aggregate.encode(this.state));
  }

  /** Encoded at once, as at a barrier, and serialised only after the state went on changing. */
  encodeBeforeMore(more: () => void): readonly [Uint8Array, Uint8Array] {
    const encoded = this.#aggregate.encode(this.state);
    const before = serialize(encoded);
    more();
    return [before, serialize(encoded)];
  }

  restored(): Holder {
    return new ObjectHolder(this.#aggregate, this.encode());
  }
}

export const holder = (aggregate: Aggregate<never, unknown>): Holder =>
  aggregate.kind === 'cells' ? new CellHolder(aggregate) : new ObjectHolder(aggregate);

export const holding = (aggregate: Aggregate<never, unknown>, rows: readonly LawRow[]): Holder => {
  const made = holder(aggregate);
  made.add(fieldRows(rows), 0, rows.length);
  return made;
};
