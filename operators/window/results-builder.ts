import { type Item, type Key, type Progress, WANTED_ROWS } from '../../runtime/item.ts';
import { newMarks } from '../../runtime/rows/rows-builder.ts';
import type { Records, RecordSpace } from './records.ts';
import { compileResult, ResultBody, type ReadResult } from './result-body.ts';
import type { Firing } from './windowed.ts';

interface Store {
  readonly marks: ReturnType<typeof newMarks>;
  readonly keys: Key[];
  readonly columns: readonly (Float64Array | unknown[])[];
}

/** Of which window a result is, and when it is said. */
export interface Saying {
  readonly start: number;
  readonly end: number;
  readonly firing: Firing;
  readonly at: number;
  readonly heardAt: number;
  readonly origin: number;
  readonly position: number;
}

const KEY = 0;
const START = 1;
const END = 2;
const FIRING = 3;
const FIRST = 4;

/** Puts results into columns, without an object for each, and hands them on in batches whose buffers are used again. */
export class ResultsBuilder {
  readonly #records: Records;
  readonly #out: (item: Item<unknown>) => void;
  readonly #names: readonly string[];
  readonly #read: ReadResult;
  readonly #stores: Store[] = [];
  #used = 0;
  #size = 0;
  #progress: Progress | undefined;

  constructor(records: Records, keyName: string, out: (item: Item<unknown>) => void) {
    this.#records = records;
    this.#out = out;
    this.#names = [keyName, 'windowStart', 'windowEnd', 'firing', ...records.names];
    this.#read = compileResult(this.#names, [false, false, false, false, ...records.isNumeric]);
    this.#stores.push(this.#newStore());
  }

  begin(progress: Progress): void {
    if (progress === this.#progress) return;
    this.#progress = progress;
    this.#used = 0;
  }

  push(space: RecordSpace, slot: number, key: Key, saying: Saying): void {
    if (this.#size === WANTED_ROWS) this.#flush(false);
    const index = this.#size;
    const { marks, keys, columns } = this.#stores[this.#used]!;
    keys[index] = key;
    columns[KEY]![index] = key;
    columns[START]![index] = saying.start;
    columns[END]![index] = saying.end;
    columns[FIRING]![index] = saying.firing;
    this.#records.resultsInto(space, slot, columns, FIRST, index);
    marks.at[index] = saying.at;
    marks.heardAt[index] = saying.heardAt;
    marks.origin[index] = saying.origin;
    marks.position[index] = saying.position;
    this.#size = index + 1;
  }

  end(last: boolean): void {
    if (last || this.#size > 0) this.#flush(last);
  }

  #flush(last: boolean): void {
    const { marks, keys, columns } = this.#stores[this.#used]!;
    const size = this.#size;
    this.#size = 0;
    this.#used += 1;
    if (this.#used === this.#stores.length) this.#stores.push(this.#newStore());
    this.#out({
      kind: 'rows',
      size,
      body: new ResultBody({ names: this.#names, columns, read: this.#read }),
      keys: keys as readonly string[],
      ...marks,
      progress: this.#progress!,
      last,
    });
  }

  #newStore(): Store {
    const bounds = [[], new Float64Array(WANTED_ROWS), new Float64Array(WANTED_ROWS), []];
    const results = this.#records.isNumeric.map((isNumeric) =>
      isNumeric ? new Float64Array(WANTED_ROWS) : [],
    );
    return { marks: newMarks(WANTED_ROWS), keys: [], columns: [...bounds, ...results] };
  }
}
