import type { Barrier, Item, Key, Progress, Rows } from '../../runtime/item.ts';
import type { Arrived } from '../../runtime/operate.ts';
import { RowsBuilder } from '../../runtime/rows/rows-builder.ts';
import { Walk } from '../../runtime/rows/walk.ts';
import { KeyIndex } from '../../runtime/state/key-index.ts';
import type { StepContext } from '../../runtime/step.ts';
import type { TimeWindows } from '../../runtime/window-spec.ts';
import type { Firing, WindowBounds } from '../window/windowed.ts';
import { JoinSide } from './join-side.ts';

export type WindowJoinKind = 'inner' | 'left' | 'outer' | 'semi' | 'anti';

export interface WindowJoinSettings {
  readonly spec: TimeWindows;
  readonly latenessMs: number;
  readonly how: WindowJoinKind;
  /** With the rows that the kind of join has, and then the window. */
  readonly select: (...given: never[]) => unknown;
}

const LEFT = 0;
const RIGHT = 1;

/** What a result goes with: when it is said, and what is known of time by then. */
interface Saying {
  readonly end: number;
  readonly firing: Firing;
  readonly heardAt: number;
  readonly position: number;
}

/**
 * A window join in one task. Rows of a side lie in one ring, once, however many windows they belong to; a window is
 * what lies between its start and its end, and is joined when the watermark passes its end.
 */
export class WindowJoinRun {
  readonly #context: StepContext;
  readonly #settings: WindowJoinSettings;
  readonly #outs: readonly ((item: Item<unknown>) => void)[];
  readonly #builder: RowsBuilder<unknown>;
  readonly #late: readonly RowsBuilder<unknown>[];
  readonly #keys = new KeyIndex();
  readonly #sides = [new JoinSide(), new JoinSide()] as const;
  readonly #walk: Walk<unknown>;
  /** Ends of windows with rows in them that the watermark has not passed. */
  readonly #ends = new Set<number>();
  #isBegun = false;
  #watermark = -Infinity;
  #progress!: Progress;

  constructor(context: StepContext, settings: WindowJoinSettings, out: (item: Item<unknown>) => void) {
    this.#context = context;
    this.#settings = settings;
    const late = [context.side('late-left'), context.side('late-right')];
    this.#outs = [out, ...late];
    this.#builder = new RowsBuilder<unknown>(out);
    this.#late = late.map((side) => new RowsBuilder<unknown>(side));
    this.#walk = new Walk<unknown>({
      row: (rows, index, port) => this.#take(rows, index, port),
      time: () => undefined,
      watermark: (t, heardAt, position) => this.#rise(t, heardAt, position),
    });
    context.checkpoint('keys', this.#keys);
    context.checkpoint('left', this.#sides[LEFT]);
    context.checkpoint('right', this.#sides[RIGHT]);
  }

  beat(parts: readonly Arrived<unknown>[]): void {
    const { progress } = parts[0]!.rows;
    this.#begin(progress);
    this.#walk.beat(parts);
    this.#evict();
    this.#builder.end(true);
    for (const late of this.#late) late.end(true);
  }

  barrier(barrier: Barrier): void {
    this.#context.atBarrier(barrier.epoch);
    for (const out of this.#outs) out(barrier);
  }

  #begin(progress: Progress): void {
    this.#progress = progress;
    this.#builder.begin(progress);
    for (const late of this.#late) late.begin(progress);
    if (this.#isBegun) return;
    this.#isBegun = true;
    if (progress.size > 0 && progress.heardAt[0] === -Infinity) this.#watermark = progress.watermark[0]!;
    this.#keys.forgetCounts();
    for (const side of this.#sides) {
      side.retainKeys(this.#keys);
      for (let entry = side.ring.tail; entry < side.ring.head; entry++) this.#expect(side.ring.atOf(entry));
    }
  }

  #take(
    { body, keys, at: ats, heardAt, origin, position }: Rows<unknown>,
    index: number,
    port: number,
  ): void {
    const { sizeMs, slideMs } = this.#settings.spec;
    const at = ats[index]!;
    const key = keys![index]!;
    const row = body.row(index);
    const kept = origin[index]! - this.#settings.latenessMs;
    const lastEnd = this.#startOf(at) + sizeMs;
    if (lastEnd <= kept) {
      this.#context.count('late', 1);
      this.#late[port]!.push(row, key, at, heardAt[index]!, origin[index]!, position[index]!);
      return;
    }
    const id = this.#keys.idOf(key);
    const entry = this.#sides[port]!.keep(id, at, row);
    this.#keys.retain(id);
    this.#expect(at);
    for (let end = lastEnd - sizeMs + slideMs; end <= lastEnd; end += slideMs) {
      if (end <= kept || end > this.#watermark) continue;
      this.#context.count('revised', 1);
      this.#sayLate(port, entry, {
        end,
        firing: 'late',
        heardAt: heardAt[index]!,
        position: position[index]!,
      });
    }
  }

  /** Start of the last window that holds a moment. */
  #startOf(at: number): number {
    const { slideMs, offsetMs } = this.#settings.spec;
    return Math.floor((at - offsetMs) / slideMs) * slideMs + offsetMs;
  }

  #expect(at: number): void {
    const { sizeMs, slideMs } = this.#settings.spec;
    const lastEnd = this.#startOf(at) + sizeMs;
    for (let end = lastEnd; end > lastEnd - sizeMs && end > this.#watermark; end -= slideMs)
      this.#ends.add(end);
  }

  #rise(t: number, heardAt: number, position: number): void {
    // Where a run begins, these windows were said by the one before.
    const passed = [...this.#ends].filter((end) => end <= t).sort((a, b) => a - b);
    for (const end of passed) {
      this.#ends.delete(end);
      if (heardAt !== -Infinity) this.#sayAll({ end, firing: 'on time', heardAt, position });
    }
    this.#watermark = t;
  }

  /** What a window comes to, by (event time, key, order of arrival) of the left rows and then of the right ones. */
  #sayAll(saying: Saying): void {
    const { how } = this.#settings;
    for (const left of this.#inOrder(LEFT, saying.end)) {
      const rights = this.#partners(LEFT, left, saying.end);
      if (how === 'semi' || how === 'anti') {
        if (rights.length > 0 === (how === 'semi')) this.#say(saying, left, null);
      } else if (rights.length > 0) for (const right of rights) this.#say(saying, left, right);
      else if (how !== 'inner') this.#say(saying, left, null);
    }
    if (how !== 'outer') return;
    for (const right of this.#inOrder(RIGHT, saying.end)) {
      if (this.#partners(RIGHT, right, saying.end).length === 0) this.#say(saying, null, right);
    }
  }

  /** What a row changes in a window that was said before. */
  #sayLate(port: number, entry: number, saying: Saying): void {
    const { how } = this.#settings;
    const partners = this.#partners(port, entry, saying.end);
    if (port === LEFT && how === 'semi') {
      if (partners.length > 0) this.#say(saying, entry, null);
    } else if (port === RIGHT && how === 'semi') {
      // Those that had no partner until now; they all have the same ones.
      const first = partners[0];
      if (first === undefined || this.#partners(LEFT, first, saying.end).length > 1) return;
      for (const left of partners) this.#say(saying, left, null);
    } else if (partners.length > 0) {
      for (const one of partners) this.#say(saying, port === LEFT ? entry : one, port === LEFT ? one : entry);
    } else if (port === LEFT && how !== 'inner') this.#say(saying, entry, null);
    else if (port === RIGHT && how === 'outer') this.#say(saying, null, entry);
  }

  /** Rows of a side in a window, by (event time, key, order of arrival). */
  #inOrder(port: number, end: number): readonly number[] {
    const { ring } = this.#sides[port]!;
    const start = end - this.#settings.spec.sizeMs;
    const found: number[] = [];
    for (let entry = ring.tail; entry < ring.head; entry++) {
      const at = ring.atOf(entry);
      if (at >= start && at < end) found.push(entry);
    }
    const keyOf = (entry: number): Key => this.#keys.keyOf(ring.keyOf(entry));
    return found.sort((a, b) => {
      const apart = ring.atOf(a) - ring.atOf(b);
      if (apart !== 0) return apart;
      const [one, other] = [keyOf(a), keyOf(b)];
      return one === other ? a - b : one < other ? -1 : 1;
    });
  }

  /** Rows of the same key and window on the other side, by (event time, order of arrival). */
  #partners(port: number, entry: number, end: number): readonly number[] {
    const key = this.#sides[port]!.ring.keyOf(entry);
    const { ring } = this.#sides[1 - port]!;
    const start = end - this.#settings.spec.sizeMs;
    const found: number[] = [];
    for (let one = ring.newest(key, start, end); one >= 0; one = ring.older(one, start, end))
      if (ring.atOf(one) < end) found.push(one);
    return found.length < 2 ? found : found.sort((a, b) => ring.atOf(a) - ring.atOf(b) || a - b);
  }

  #say(
    { end, firing, heardAt, position }: Saying,
    leftEntry: number | null,
    rightEntry: number | null,
  ): void {
    const { spec, how, select } = this.#settings;
    const [lefts, rights] = this.#sides;
    const left = leftEntry === null ? null : lefts.rowOf(leftEntry);
    const right = rightEntry === null ? null : rights.rowOf(rightEntry);
    const id = leftEntry === null ? rights.ring.keyOf(rightEntry!) : lefts.ring.keyOf(leftEntry);
    const window: WindowBounds = { windowStart: end - spec.sizeMs, windowEnd: end, firing };
    const given = how === 'semi' || how === 'anti' ? [left, window] : [left, right, window];
    const at = end - 1;
    try {
      const value = select(...(given as never[]));
      // Whoever comes after has not heard of the rise yet.
      const origin = firing === 'late' ? this.#watermark : Math.min(this.#watermark, at);
      this.#builder.push(value, this.#keys.keyOf(id), at, heardAt, origin, position);
    } catch (error) {
      const moment = { progress: this.#progress, position };
      this.#context.fail({ stage: 'operator', row: { left, right }, heardAt, error, moment });
    }
  }

  /** Rows whose last window, with its lateness, has passed are over. */
  #evict(): void {
    const { spec, latenessMs } = this.#settings;
    const before = this.#startOf(this.#watermark - latenessMs - spec.sizeMs) + spec.slideMs;
    for (const side of this.#sides) side.evict(before, this.#keys);
  }
}
