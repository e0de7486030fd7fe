import { type Barrier, type Item, type Key, type Rows, WANTED_ROWS } from '../../runtime/item.ts';
import { RowsBuilder } from '../../runtime/rows/rows-builder.ts';
import { Walk } from '../../runtime/rows/walk.ts';
import { Heap } from '../../runtime/state/heap.ts';
import type { StepContext } from '../../runtime/step.ts';
import type { SessionWindows } from '../../runtime/window-spec.ts';
import type { FieldRows } from '../aggregates/aggregate.ts';
import { failureAt } from '../stateless.ts';
import { EarlyResults } from './early-results.ts';
import type { Records, Results } from './records.ts';
import { type Session, Sessions } from './sessions.ts';
import type { Firing } from './windowed.ts';

export interface SessionSettings {
  readonly spec: SessionWindows;
  readonly records: Records;
  readonly keyName: string;
  readonly latenessMs: number;
  readonly earlyMs: number | null;
  readonly rowsOf: ((results: Results) => readonly unknown[]) | null;
}

interface Ending {
  readonly end: number;
  readonly key: Key;
}

const isBefore = (a: Ending, b: Ending): boolean => (a.end !== b.end ? a.end < b.end : a.key < b.key);

/**
 * Sessions in one task: a row opens one, prolongs one, or joins two. The result of a session that has grown after it
 * was said stands in place of those whose windows lie in it.
 */
export class SessionRun {
  readonly #context: StepContext;
  readonly #settings: SessionSettings;
  readonly #sessions: Sessions;
  readonly #early: EarlyResults | null;
  /** When a session ends, and again when its lateness does; passed over where the session has grown. */
  readonly #endings = new Heap<Ending>(isBefore);
  readonly #builder: RowsBuilder<unknown>;
  readonly #late: RowsBuilder<unknown>;
  readonly #out: (item: Item<unknown>) => void;
  readonly #lateOut: (item: Item<unknown>) => void;
  readonly #walk: Walk<unknown>;
  #watermark = -Infinity;
  #fields: readonly FieldRows[] = [];
  /** Of a space for one record all rows go to the same one. */
  #starts = new Int32Array(WANTED_ROWS);
  #error: unknown;
  readonly #refuse = (_: number, error: unknown): void => {
    this.#error = error;
  };

  constructor(context: StepContext, settings: SessionSettings, out: (item: Item<unknown>) => void) {
    this.#context = context;
    this.#settings = settings;
    this.#out = out;
    this.#lateOut = context.side('late');
    this.#builder = new RowsBuilder<unknown>(out);
    this.#late = new RowsBuilder<unknown>(this.#lateOut);
    this.#sessions = new Sessions(settings.records, (key, session) => this.#schedule(key, session));
    context.checkpoint('sessions', this.#sessions);
    this.#early = settings.earlyMs === null ? null : new EarlyResults(settings.earlyMs);
    if (this.#early !== null) context.checkpoint('early', this.#early);
    this.#walk = new Walk<unknown>({
      row: (rows, index) => this.#row(rows, index),
      time: (now, position) => this.#earlyUpTo(now, position),
      watermark: (t, heardAt, position) => this.#rise(t, heardAt, position),
    });
  }

  rows(rows: Rows<unknown>): void {
    this.#builder.begin(rows.progress);
    this.#late.begin(rows.progress);
    this.#fields = rows.size === 0 ? [] : this.#settings.records.fieldsOf(rows);
    if (this.#starts.length < rows.size) this.#starts = new Int32Array(rows.size);
    this.#walk.part(rows);
    this.#builder.end(rows.last);
    this.#late.end(rows.last);
  }

  barrier(barrier: Barrier): void {
    this.#context.atBarrier(barrier.epoch);
    this.#out(barrier);
    this.#lateOut(barrier);
  }

  #row(rows: Rows<unknown>, index: number): void {
    const { spec, latenessMs } = this.#settings;
    const key = rows.keys![index]!;
    const at = rows.at[index]!;
    const origin = rows.origin[index]!;
    const open = this.#sessions.of(key);
    let start = at;
    let end = at + spec.gapMs;
    let touched = 0;
    let touching: Session | undefined;
    for (const one of open) {
      if (at >= one.end || one.start >= at + spec.gapMs) continue;
      touched += 1;
      touching = one;
      if (one.start < start) start = one.start;
      if (one.end > end) end = one.end;
    }
    if (at < origin && end + latenessMs <= origin) {
      this.#context.count('late', 1);
      this.#late.push(rows.body.row(index), key, at, rows.heardAt[index]!, origin, rows.position[index]!);
      return;
    }
    const session =
      touched === 1 && !this.#settings.records.hasObjects
        ? this.#prolong(key, touching!, start, end, index)
        : this.#begin(rows, key, start, end, index);
    if (session === undefined) return;
    if (end > this.#watermark) {
      this.#schedule(key, session);
      this.#early?.changed(start, key, rows.heardAt[index]!);
      return;
    }
    this.#context.count('revised', 1);
    this.#say(key, session, 'late', rows.heardAt[index]!, rows.position[index]!);
    session.isSaid = true;
    this.#schedule(key, session);
  }

  /** The row falls into one session; what is in cells alone refuses no row, so it is added there at once. */
  #prolong(key: Key, session: Session, start: number, end: number, index: number): Session {
    this.#early?.forget(session.start, key);
    this.#settings.records.add(session.space, this.#starts, this.#fields, index, index + 1, this.#refuse);
    session.start = start;
    session.end = end;
    session.isSaid = false;
    this.#sessions.touch(key);
    return session;
  }

  /** The row begins a session, which takes up those that it touches; undefined where an aggregate refused the row. */
  #begin(rows: Rows<unknown>, key: Key, start: number, end: number, index: number): Session | undefined {
    const { records } = this.#settings;
    const space = records.single();
    this.#error = undefined;
    records.add(space, this.#starts, this.#fields, index, index + 1, this.#refuse);
    if (this.#error !== undefined) {
      this.#context.fail(failureAt(rows, index, this.#error));
      return undefined;
    }
    // All that lies within the new bounds was touched. The oldest first, so that sums and first rows come out the same
    // however the sessions met.
    const touching = this.#sessions.of(key).filter((one) => one.start < end && one.end > start);
    const whole = touching[0]?.space ?? space;
    for (const one of touching.slice(1)) records.merge(whole, 0, one.space, 0);
    if (whole !== space) records.merge(whole, 0, space, 0);
    const session: Session = { start, end, isSaid: false, dueAt: NaN, space: whole };
    this.#sessions.replace(key, touching, session);
    for (const one of touching) this.#early?.forget(one.start, key);
    return session;
  }

  /** One look a session is enough: where it has grown by then, the next one is at its new end. */
  #schedule(key: Key, session: Session): void {
    const dueAt = session.isSaid ? session.end + this.#settings.latenessMs : session.end;
    if (session.dueAt <= dueAt) return;
    session.dueAt = dueAt;
    this.#endings.push({ end: dueAt, key });
  }

  #rise(t: number, heardAt: number, position: number): void {
    for (let due = this.#endings.first; due !== undefined && due.end <= t; due = this.#endings.first) {
      this.#endings.pop();
      for (const session of this.#sessions.of(due.key)) {
        if (session.dueAt !== due.end) continue;
        session.dueAt = NaN;
        if (session.end <= due.end) this.#ended(due.key, session, t, heardAt, position);
        else this.#schedule(due.key, session);
      }
    }
    this.#watermark = t;
  }

  #ended(key: Key, session: Session, t: number, heardAt: number, position: number): void {
    // Where a run begins, what ends by then was said by the one before.
    if (!session.isSaid && heardAt !== -Infinity) this.#say(key, session, 'on time', heardAt, position);
    this.#early?.forget(session.start, key);
    if (session.end + this.#settings.latenessMs <= t) {
      this.#sessions.replace(key, [session], null);
      return;
    }
    if (!session.isSaid) {
      session.isSaid = true;
      this.#sessions.touch(key);
    }
    this.#schedule(key, session);
  }

  #earlyUpTo(now: number, position: number): void {
    const early = this.#early;
    for (let due = early?.dueBy(now); due !== undefined; due = early?.dueBy(now)) {
      for (const { number, id } of early!.take((id) => id)) {
        const session = this.#sessions.of(id).find(({ start }) => start === number);
        if (session !== undefined) this.#say(id, session, 'early', due, position);
      }
    }
  }

  #say(key: Key, { start, end, space }: Session, firing: Firing, heardAt: number, position: number): void {
    const { records, keyName, rowsOf } = this.#settings;
    const result: Results = { [keyName]: key, windowStart: start, windowEnd: end, firing };
    records.results(space, 0, result);
    const at = end - 1;
    const origin = firing === 'late' ? this.#watermark : Math.min(this.#watermark, at);
    for (const row of rowsOf?.(result) ?? [result])
      this.#builder.push(row, key, at, heardAt, origin, position);
  }
}
