import type { Barrier, Item, Key, Rows } from '../../runtime/item.ts';
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
  #rows: Rows<unknown> | null = null;
  #fields: readonly FieldRows[] = [];

  constructor(context: StepContext, settings: SessionSettings, out: (item: Item<unknown>) => void) {
    this.#context = context;
    this.#settings = settings;
    this.#out = out;
    this.#lateOut = context.side('late');
    this.#builder = new RowsBuilder<unknown>(out);
    this.#late = new RowsBuilder<unknown>(this.#lateOut);
    this.#sessions = new Sessions(settings.records, (key, { end }) => this.#expect(key, end));
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
    this.#rows = rows;
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
    const { records, spec, latenessMs } = this.#settings;
    const key = rows.keys![index]!;
    const at = rows.at[index]!;
    const origin = rows.origin[index]!;
    const open = this.#sessions.of(key);
    const touching = open.filter((one) => at < one.end && one.start < at + spec.gapMs);
    const start = Math.min(at, ...touching.map((one) => one.start));
    const end = Math.max(at + spec.gapMs, ...touching.map((one) => one.end));
    if (at < origin && end + latenessMs <= origin) {
      this.#context.count('late', 1);
      this.#late.push(rows.body.row(index), key, at, rows.heardAt[index]!, origin, rows.position[index]!);
      return;
    }
    const space = records.single();
    let error: unknown;
    records.add(
      space,
      new Int32Array(rows.size),
      this.#fields,
      index,
      index + 1,
      (_, cause) => (error = cause),
    );
    if (error !== undefined) {
      this.#context.fail(failureAt(this.#rows!, index, error));
      return;
    }
    // The oldest first, so that sums and first rows come out the same however the sessions met.
    const whole = touching[0]?.space ?? space;
    for (const one of touching.slice(1)) records.merge(whole, 0, one.space, 0);
    if (whole !== space) records.merge(whole, 0, space, 0);
    const session: Session = { start, end, isSaid: false, space: whole };
    this.#sessions.replace(key, touching, session);
    for (const one of touching) this.#early?.forget(one.start, key);
    this.#expect(key, end);
    if (end > this.#watermark) {
      this.#early?.changed(start, key, rows.heardAt[index]!);
      return;
    }
    this.#context.count('revised', 1);
    this.#say(key, session, 'late', rows.heardAt[index]!, rows.position[index]!);
    this.#sessions.replace(key, [session], { ...session, isSaid: true });
  }

  #expect(key: Key, end: number): void {
    this.#endings.push({ end, key });
    if (this.#settings.latenessMs > 0) this.#endings.push({ end: end + this.#settings.latenessMs, key });
  }

  #rise(t: number, heardAt: number, position: number): void {
    const { latenessMs } = this.#settings;
    for (let due = this.#endings.first; due !== undefined && due.end <= t; due = this.#endings.first) {
      this.#endings.pop();
      const { key } = due;
      for (const session of this.#sessions.of(key)) {
        if (session.end > due.end) continue;
        // Where a run begins, what ends by then was said by the one before.
        if (!session.isSaid && heardAt !== -Infinity) this.#say(key, session, 'on time', heardAt, position);
        this.#early?.forget(session.start, key);
        const isOver = session.end + latenessMs <= t;
        if (isOver) this.#sessions.replace(key, [session], null);
        else if (!session.isSaid) this.#sessions.replace(key, [session], { ...session, isSaid: true });
      }
    }
    this.#watermark = t;
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
