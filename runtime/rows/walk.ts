import type { Progress, Rows } from '../item.ts';
import type { Arrived } from '../operate.ts';

/** What happens to an operator while it goes through a beat, in the order of the log. */
export interface Walker<A> {
  row(rows: Rows<A>, index: number, port: number): void;
  /** Log time has come to `now`, before a row or at the end of the entry at `position`; it may have been there before. */
  time(now: number, position: number): void;
  /** The watermark has risen to `t`, after all rows of the entry; `heardAt` is the entry's log time. */
  watermark(t: number, heardAt: number, position: number): void;
}

/**
 * Goes through beats entry by entry: log time comes to each row and the row is handled, then the watermark rises. Rows
 * of several inputs come in the order (entry, log time, input). However a beat was cut into parts, and the input into
 * beats, the order of calls is the same.
 */
export class Walk<A> {
  readonly #walker: Walker<A>;
  #progress: Progress | undefined;
  #entry = 0;
  #watermark = -Infinity;

  constructor(walker: Walker<A>) {
    this.#walker = walker;
  }

  /** A part of a beat with one input. */
  part(rows: Rows<A>): void {
    this.#begin(rows.progress);
    for (let index = 0; index < rows.size; index++) this.#row(rows, index, 0);
    if (rows.last) this.#end();
  }

  /** A whole beat with several inputs. */
  beat(parts: readonly Arrived<A>[]): void {
    const filled = parts.filter(({ rows }) => rows.size > 0);
    this.#begin(parts[0]!.rows.progress);
    const one = filled.length === 1 ? filled[0] : undefined;
    if (one === undefined) {
      for (const { rows, index, port } of inOrder(filled)) this.#row(rows, index, port);
    } else {
      for (let index = 0; index < one.rows.size; index++) this.#row(one.rows, index, one.port);
    }
    this.#end();
  }

  #begin(progress: Progress): void {
    if (progress === this.#progress) return;
    this.#progress = progress;
    this.#entry = 0;
  }

  #row(rows: Rows<A>, index: number, port: number): void {
    const position = rows.position[index]!;
    while (this.#entry < position) this.#leave();
    this.#walker.time(rows.heardAt[index]!, position);
    this.#walker.row(rows, index, port);
  }

  /** Goes on from an entry to the next. */
  #leave(): void {
    const entry = this.#entry;
    const { watermark, heardAt } = this.#progress!;
    const now = heardAt[entry]!;
    const t = watermark[entry]!;
    this.#walker.time(now, entry);
    if (t > this.#watermark) {
      this.#watermark = t;
      this.#walker.watermark(t, now, entry);
    }
    this.#entry = entry + 1;
  }

  #end(): void {
    const { size } = this.#progress!;
    while (this.#entry < size) this.#leave();
    this.#progress = undefined;
  }
}

interface Cursor<A> {
  readonly rows: Rows<A>;
  readonly port: number;
  index: number;
}

/** Merges parts by (entry, log time, input); parts of one input come one after the other. */
function* inOrder<A>(
  parts: readonly Arrived<A>[],
): Generator<{ readonly rows: Rows<A>; readonly index: number; readonly port: number }> {
  const lines = new Map<number, Cursor<A>[]>();
  for (const { port, rows } of parts) {
    const line = lines.get(port);
    if (line === undefined) lines.set(port, [{ rows, port, index: 0 }]);
    else line.push({ rows, port, index: 0 });
  }
  const open = [...lines].sort(([a], [b]) => a - b).map(([, line]) => line);
  while (open.length > 0) {
    let best = 0;
    for (let at = 1; at < open.length; at++) if (isBefore(open[at]![0]!, open[best]![0]!)) best = at;
    const line = open[best]!;
    const cursor = line[0]!;
    yield { rows: cursor.rows, index: cursor.index, port: cursor.port };
    cursor.index += 1;
    if (cursor.index < cursor.rows.size) continue;
    line.shift();
    if (line.length === 0) open.splice(best, 1);
  }
}

const isBefore = <A>(a: Cursor<A>, b: Cursor<A>): boolean => {
  const apart = a.rows.position[a.index]! - b.rows.position[b.index]!;
  return apart !== 0 ? apart < 0 : a.rows.heardAt[a.index]! < b.rows.heardAt[b.index]!;
};
