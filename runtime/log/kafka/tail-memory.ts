import type { LogRecord } from '../log.ts';

interface Tail {
  records: LogRecord[];
  head: number;
  /** Everything from here on up to `end` is held. */
  from: number;
  /** Behind the last record that was seen. */
  end: number;
}

const bytesOf = ({ value, key }: LogRecord): number => value.length + key.length + 200;

/** Records dropped from a list before the list itself is cut. */
const SLACK = 1_024;

/**
 * The newest records of all partitions, as they came from the broker, within so many bytes in all: what most readers
 * want has just been written. What was held longest goes first, whichever partition it is of.
 */
export class TailMemory {
  readonly #maxBytes: number;
  readonly #tails = new Map<string, Tail>();
  /** Places of held records, in the order in which they came. */
  #order: string[] = [];
  #orderHead = 0;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Reading begins at an offset; `end` is behind the last record that is known to lie before it. */
  begin(place: string, from: number, end: number): void {
    this.#tails.set(place, { records: [], head: 0, from, end });
  }

  end(place: string): number {
    return this.#tails.get(place)?.end ?? 0;
  }

  /** Nobody reads it any more: what is held of it goes. */
  leave(place: string): void {
    const tail = this.#tails.get(place);
    if (tail === undefined) return;
    for (let at = tail.head; at < tail.records.length; at++) this.#bytes -= bytesOf(tail.records[at]!);
    this.#tails.delete(place);
    this.#order = this.#order.slice(this.#orderHead).filter((held) => held !== place);
    this.#orderHead = 0;
  }

  /** In the order of their offsets; what is held already is passed over. */
  push(place: string, records: readonly LogRecord[]): void {
    const tail = this.#tails.get(place);
    if (tail === undefined) return;
    for (const record of records) {
      if (record.offset < tail.end) continue;
      tail.records.push(record);
      tail.end = record.offset + 1;
      this.#order.push(place);
      this.#bytes += bytesOf(record);
    }
    while (this.#bytes > this.#maxBytes) this.#dropOldest();
  }

  /** Undefined when some of what is asked for is not held any more. */
  read(place: string, fromOffset: number, maxBytes: number): readonly LogRecord[] | undefined {
    const tail = this.#tails.get(place);
    if (tail === undefined || fromOffset < tail.from) return undefined;
    const found: LogRecord[] = [];
    let bytes = 0;
    for (let at = firstFrom(tail, fromOffset); at < tail.records.length; at++) {
      const record = tail.records[at]!;
      if (found.length > 0 && bytes >= maxBytes) break;
      found.push(record);
      bytes += record.value.length + 64;
    }
    return found;
  }

  #dropOldest(): void {
    const place = this.#order[this.#orderHead]!;
    this.#orderHead += 1;
    if (this.#orderHead > SLACK && this.#orderHead * 2 > this.#order.length) {
      this.#order = this.#order.slice(this.#orderHead);
      this.#orderHead = 0;
    }
    const tail = this.#tails.get(place)!;
    const dropped = tail.records[tail.head]!;
    this.#bytes -= bytesOf(dropped);
    tail.head += 1;
    tail.from = dropped.offset + 1;
    if (tail.head > SLACK && tail.head * 2 > tail.records.length) {
      tail.records = tail.records.slice(tail.head);
      tail.head = 0;
    }
  }
}

/** Index of the first held record at or behind an offset. */
const firstFrom = ({ records, head }: Tail, offset: number): number => {
  let low = head;
  let high = records.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (records[middle]!.offset < offset) low = middle + 1;
    else high = middle;
  }
  return low;
};
