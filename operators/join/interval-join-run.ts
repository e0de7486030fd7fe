import type { Barrier, Item, Key, Progress, Rows } from '../../runtime/item.ts';
import type { Arrived } from '../../runtime/operate.ts';
import { RowsBuilder } from '../../runtime/rows/rows-builder.ts';
import { Heap } from '../../runtime/state/heap.ts';
import { KeyIndex } from '../../runtime/state/key-index.ts';
import type { StepContext } from '../../runtime/step.ts';
import type { JoinMode } from '../keyed-process.ts';
import { JoinSide } from './join-side.ts';
import { Line } from './line.ts';

export interface IntervalJoinSettings {
  readonly beforeMs: number;
  readonly afterMs: number;
  readonly where: ((left: never, right: never) => boolean) | null;
  readonly select: (left: never, right: never) => unknown;
  readonly mode: JoinMode;
  readonly isLeft: boolean;
}

/** A kept row that waits for a moment of event time. */
interface Waiting {
  readonly at: number;
  readonly key: Key;
  readonly port: number;
  readonly entry: number;
}

const isBefore = (a: Waiting, b: Waiting): boolean => {
  if (a.at !== b.at) return a.at < b.at;
  if (a.key !== b.key) return a.key < b.key;
  return a.port !== b.port ? a.port < b.port : a.entry < b.entry;
};

const LEFT = 0;
const RIGHT = 1;

/**
 * An interval join in one task. A row is put beside the kept rows of its key on the other side, and then kept itself:
 * at once, or, where the join is ordered, when the watermark has passed it. What an ordered join has not passed yet is
 * told from what it has by event time alone, so both kinds lie in the same ring.
 */
export class IntervalJoinRun {
  readonly #context: StepContext;
  readonly #settings: IntervalJoinSettings;
  readonly #outs: readonly ((item: Item<unknown>) => void)[];
  readonly #builder: RowsBuilder<unknown>;
  readonly #late: readonly RowsBuilder<unknown>[];
  readonly #keys = new KeyIndex();
  readonly #sides = [new JoinSide(), new JoinSide()] as const;
  /** Rows of an ordered join that the watermark has not passed. */
  readonly #held = new Heap<Waiting>(isBefore);
  /** Left rows that nobody has joined yet, by the end of their wait. */
  readonly #alone = new Heap<Waiting>(isBefore);
  /** Parts of the beat by input, and the ids of their keys. */
  readonly #lines: readonly Line[] = [new Line(), new Line()];
  readonly #refused: number[] = [];
  readonly #found: number[] = [];
  #isBegun = false;
  #watermark = -Infinity;
  #progress!: Progress;
  #entry = 0;

  constructor(context: StepContext, settings: IntervalJoinSettings, out: (item: Item<unknown>) => void) {
    this.#context = context;
    this.#settings = settings;
    const late = [context.side('late-left'), context.side('late-right')];
    this.#outs = [out, ...late];
    this.#builder = new RowsBuilder<unknown>(out);
    this.#late = late.map((side) => new RowsBuilder<unknown>(side));
    context.checkpoint('keys', this.#keys);
    context.checkpoint('left', this.#sides[LEFT]);
    context.checkpoint('right', this.#sides[RIGHT]);
  }

  beat(parts: readonly Arrived<unknown>[]): void {
    const { progress } = parts[0]!.rows;
    this.#begin(progress);
    for (const { port, rows } of parts) if (rows.size > 0) this.#lines[port]!.add(rows, this.#keys);
    this.#merge();
    this.#riseTo(progress.size);
    for (const id of this.#refused) this.#keys.releaseUnheld(id);
    this.#refused.length = 0;
    this.#evict();
    for (const line of this.#lines) line.clear();
    this.#builder.end(true);
    for (const late of this.#late) late.end(true);
  }

  barrier(barrier: Barrier): void {
    this.#context.atBarrier(barrier.epoch);
    for (const out of this.#outs) out(barrier);
  }

  #begin(progress: Progress): void {
    this.#progress = progress;
    this.#entry = 0;
    this.#builder.begin(progress);
    for (const late of this.#late) late.begin(progress);
    if (this.#isBegun) return;
    this.#isBegun = true;
    if (progress.size > 0 && progress.heardAt[0] === -Infinity) this.#watermark = progress.watermark[0]!;
    this.#keys.forgetCounts();
    for (const side of this.#sides) side.retainKeys(this.#keys);
    this.#refillHeaps();
  }

  /** Rows of both inputs in the order (entry, log time, input). */
  #merge(): void {
    const [lefts, rights] = this.#lines as readonly [Line, Line];
    while (lefts.rows !== null || rights.rows !== null) {
      const isLeft = rights.rows === null || (lefts.rows !== null && lefts.isBefore(rights));
      const line = isLeft ? lefts : rights;
      this.#riseTo(line.rows!.position[line.index]!);
      this.#take(isLeft ? LEFT : RIGHT, line.rows!, line.index, line.ids[line.index]!);
      line.next();
    }
  }

  #take(port: number, rows: Rows<unknown>, index: number, id: number): void {
    const at = rows.at[index]!;
    const row = rows.body.row(index);
    if (at < rows.origin[index]!) {
      this.#refuse(port, rows, index, id, row);
      return;
    }
    const entry = this.#sides[port]!.keep(id, at, row);
    this.#keys.retain(id);
    if (this.#settings.mode === 'ordered') {
      this.#held.push({ at, key: rows.keys![index]!, port, entry });
      return;
    }
    const key = rows.keys![index]!;
    this.#answer(
      port,
      id,
      key,
      at,
      entry,
      row,
      rows.heardAt[index]!,
      rows.origin[index]!,
      rows.position[index]!,
    );
    if (port === LEFT && this.#settings.isLeft) this.#waitAlone(entry, key, at);
  }

  #refuse(
    port: number,
    { at, origin, heardAt, position, keys }: Rows<unknown>,
    index: number,
    id: number,
    row: unknown,
  ): void {
    this.#context.count('late', 1);
    this.#late[port]!.push(row, keys![index]!, at[index]!, heardAt[index]!, origin[index]!, position[index]!);
    this.#refused.push(id);
  }

  /** Puts a row beside those of the other side that it reaches, by (event time, order of arrival). */
  #answer(
    port: number,
    id: number,
    key: Key,
    at: number,
    entry: number,
    row: unknown,
    heardAt: number,
    origin: number,
    position: number,
  ): void {
    const { beforeMs, afterMs, mode } = this.#settings;
    const other = this.#sides[1 - port]!;
    const from = at - (port === LEFT ? beforeMs : afterMs);
    // In order, what lies later will be put beside this row when its turn comes.
    const to = mode === 'ordered' ? at : at + (port === LEFT ? afterMs : beforeMs);
    const { ring } = other;
    let first = ring.newest(id, from, to);
    if (first < 0) return;
    const second = ring.older(first, from, to);
    if (second < 0) {
      this.#pair(port, entry, row, first, at, ring.atOf(first), key, heardAt, origin, position);
      return;
    }
    const found = this.#found;
    found.length = 0;
    for (; first >= 0; first = ring.older(first, from, to)) found.push(first);
    found.sort((a, b) => ring.atOf(a) - ring.atOf(b) || a - b);
    for (const one of found)
      this.#pair(port, entry, row, one, at, ring.atOf(one), key, heardAt, origin, position);
  }

  #pair(
    port: number,
    entry: number,
    row: unknown,
    otherEntry: number,
    at: number,
    otherAt: number,
    key: Key,
    heardAt: number,
    origin: number,
    position: number,
  ): void {
    const { mode, where, select, isLeft } = this.#settings;
    // Of two at the same time the right one is later, and has been put beside the left one or will be.
    if (mode === 'ordered' && port === LEFT && otherAt === at) return;
    const other = this.#sides[1 - port]!.rowOf(otherEntry);
    const left = (port === LEFT ? row : other) as never;
    const right = (port === LEFT ? other : row) as never;
    let value: unknown;
    try {
      if (where !== null && !where(left, right)) return;
      value = select(left, right);
    } catch (error) {
      const moment = { progress: this.#progress, position };
      this.#context.fail({ stage: 'operator', row: { left, right }, heardAt, error, moment });
      return;
    }
    if (isLeft) this.#sides[LEFT].match(port === LEFT ? entry : otherEntry);
    this.#builder.push(value, key, at > otherAt ? at : otherAt, heardAt, origin, position);
  }

  #waitAlone(entry: number, key: Key, at: number): void {
    if (this.#sides[LEFT].isMatched(entry)) return;
    this.#alone.push({ at: at + this.#settings.afterMs, key, port: LEFT, entry });
  }

  /** Event time comes on by the entries before this one. */
  #riseTo(entry: number): void {
    const { watermark, heardAt } = this.#progress;
    while (this.#entry < entry) {
      const t = watermark[this.#entry]!;
      if (t > this.#watermark) this.#rise(t, heardAt[this.#entry]!, this.#entry);
      this.#entry += 1;
    }
  }

  /** Rows that the watermark has passed have their turn, and left rows whose wait is over go alone, in order of time. */
  #rise(t: number, heardAt: number, position: number): void {
    const [lefts] = this.#sides;
    for (;;) {
      const held = this.#held.first;
      const alone = this.#alone.first;
      // A right row at the very end of a wait still comes before the end.
      if (held !== undefined && held.at < t && (alone === undefined || held.at <= alone.at)) {
        this.#held.pop();
        this.#release(held, heardAt, position);
      } else if (alone !== undefined && alone.at < t) {
        this.#alone.pop();
        if (!lefts.isMatched(alone.entry)) this.#giveUp(alone, heardAt, position);
      } else break;
    }
    this.#watermark = t;
  }

  #release({ at, key, port, entry }: Waiting, heardAt: number, position: number): void {
    const side = this.#sides[port]!;
    const id = side.ring.keyOf(entry);
    this.#answer(port, id, key, at, entry, side.rowOf(entry), heardAt, this.#watermark, position);
    if (port === LEFT && this.#settings.isLeft) this.#waitAlone(entry, key, at);
  }

  #giveUp({ at, key, entry }: Waiting, heardAt: number, position: number): void {
    const left = this.#sides[LEFT].rowOf(entry) as never;
    try {
      const value = this.#settings.select(left, null as never);
      this.#builder.push(value, key, at, heardAt, this.#watermark, position);
    } catch (error) {
      const moment = { progress: this.#progress, position };
      this.#context.fail({ stage: 'operator', row: { left, right: null }, heardAt, error, moment });
    }
  }

  #evict(): void {
    const { beforeMs, afterMs } = this.#settings;
    const [lefts, rights] = this.#sides;
    const leftsMoved = lefts.evict(this.#watermark - afterMs, this.#keys);
    const rightsMoved = rights.evict(this.#watermark - beforeMs, this.#keys);
    if (leftsMoved || rightsMoved) this.#refillHeaps();
  }

  /** What waits can be told from the kept rows and the watermark. */
  #refillHeaps(): void {
    const { mode, isLeft, afterMs } = this.#settings;
    this.#held.filter(() => false);
    this.#alone.filter(() => false);
    if (mode !== 'ordered' && !isLeft) return;
    for (const [port, side] of this.#sides.entries()) {
      for (let entry = side.ring.tail; entry < side.ring.head; entry++) {
        const at = side.ring.atOf(entry);
        const key = this.#keys.keyOf(side.ring.keyOf(entry));
        if (mode === 'ordered' && at >= this.#watermark) this.#held.push({ at, key, port, entry });
        else if (isLeft && port === LEFT && at + afterMs >= this.#watermark) this.#waitAlone(entry, key, at);
      }
    }
  }
}
