import type { Barrier, Item, Key, Progress, Rows } from '../../runtime/item.ts';
import { RowsBuilder } from '../../runtime/rows/rows-builder.ts';
import type { StepContext } from '../../runtime/step.ts';
import type { TimeWindows } from '../../runtime/window-spec.ts';
import type { FieldRows } from '../aggregates/aggregate.ts';
import { failureAt } from '../stateless.ts';
import { EarlyResults } from './early-results.ts';
import { Panes } from './panes.ts';
import type { Pane, Records, Results } from './records.ts';
import { ResultsBuilder } from './results-builder.ts';
import type { Firing } from './windowed.ts';

export interface TimeWindowSettings {
  readonly spec: TimeWindows;
  readonly records: Records;
  readonly keyName: string;
  readonly latenessMs: number;
  readonly earlyMs: number | null;
  /** Makes rows of the result of a key and a window, where the result is not the row itself. */
  readonly rowsOf: ((results: Results) => readonly unknown[]) | null;
}

/**
 * Windows of one size in one task. Rows are added once, to the pane that their event time lies in, in runs of equal
 * panes; a window is the panes between its start and its end, put together when the watermark passes its end.
 */
export class TimeWindowRun {
  readonly #context: StepContext;
  readonly #settings: TimeWindowSettings;
  readonly #panes: Panes;
  readonly #scratch: Pane;
  readonly #early: EarlyResults | null;
  /** One of the two, by what the verb gives. */
  readonly #builder: RowsBuilder<unknown> | null;
  readonly #results: ResultsBuilder | null;
  readonly #late: RowsBuilder<unknown>;
  readonly #out: (item: Item<unknown>) => void;
  readonly #lateOut: (item: Item<unknown>) => void;
  #watermark = -Infinity;
  /** The next end of a window that the watermark has not passed. */
  #boundary = -Infinity;
  #progress: Progress | null = null;
  #entry = 0;
  /** Keys of rows that came too late; a key of which nothing else is kept is forgotten. */
  readonly #refused: number[] = [];
  #ids = new Int32Array(256);
  #starts = new Int32Array(256);

  constructor(context: StepContext, settings: TimeWindowSettings, out: (item: Item<unknown>) => void) {
    this.#context = context;
    this.#settings = settings;
    this.#out = out;
    this.#lateOut = context.side('late');
    const { records, keyName, rowsOf } = settings;
    this.#builder = rowsOf === null ? null : new RowsBuilder<unknown>(out);
    this.#results = rowsOf === null ? new ResultsBuilder(records, keyName, out) : null;
    this.#late = new RowsBuilder<unknown>(this.#lateOut);
    this.#panes = new Panes(settings.records);
    this.#scratch = this.#panes.newPane();
    context.checkpoint('panes', this.#panes);
    this.#early = settings.earlyMs === null ? null : new EarlyResults(settings.earlyMs);
    if (this.#early !== null) context.checkpoint('early', this.#early);
  }

  rows(rows: Rows<unknown>): void {
    const { progress, position, size, last } = rows;
    if (progress !== this.#progress) this.#begin(progress);
    const fields = size === 0 ? [] : this.#settings.records.fieldsOf(rows);
    // Rows of an entry may go on in the next part.
    const entries = last ? progress.size : position[size - 1]!;
    let done = 0;
    for (;;) {
      const entry = this.#nextRise(progress, entries);
      let upTo = done;
      while (upTo < size && position[upTo]! <= entry) upTo += 1;
      this.#add(rows, fields, done, upTo);
      done = upTo;
      if (entry >= entries) break;
      this.#rise(progress.watermark[entry]!, progress.heardAt[entry]!, entry);
      this.#entry = entry + 1;
    }
    if (last) this.#end(progress);
    this.#builder?.end(last);
    this.#results?.end(last);
    this.#late.end(last);
  }

  barrier(barrier: Barrier): void {
    this.#context.atBarrier(barrier.epoch);
    this.#out(barrier);
    this.#lateOut(barrier);
  }

  #begin(progress: Progress): void {
    this.#progress = progress;
    this.#entry = 0;
    this.#builder?.begin(progress);
    this.#results?.begin(progress);
    this.#late.begin(progress);
  }

  #end(progress: Progress): void {
    if (progress.size > 0) {
      this.#earlyUpTo(progress.heardAt[progress.size - 1]!, progress.size - 1);
      const t = progress.watermark[progress.size - 1]!;
      if (t > this.#watermark) this.#watermark = t;
    }
    this.#progress = null;
  }

  /** The first entry, below `entries`, whose watermark reaches the end of a window; `entries` when there is none. */
  #nextRise({ watermark }: Progress, entries: number): number {
    if (entries === 0 || watermark[entries - 1]! < this.#boundary) return entries;
    let entry = this.#entry;
    while (entry < entries && watermark[entry]! < this.#boundary) entry += 1;
    return entry;
  }

  /** Adds rows between two rises of the watermark, in runs of one pane. */
  #add(rows: Rows<unknown>, fields: readonly FieldRows[], from: number, to: number): void {
    if (from === to) return;
    const { paneMs, offsetMs } = this.#settings.spec;
    const { at, origin, heardAt, position } = rows;
    // Ids hold until the next rise, which may free some.
    this.#lookUp(rows, from, to);
    let begun = from;
    while (begun < to) {
      if (this.#early !== null) this.#earlyUpTo(heardAt[begun]!, position[begun]!);
      if (at[begun]! < origin[begun]!) {
        this.#addLate(rows, fields, begun);
        begun += 1;
        continue;
      }
      const number = Math.floor((at[begun]! - offsetMs) / paneMs);
      const start = number * paneMs + offsetMs;
      const end = start + paneMs;
      let run = begun + 1;
      if (this.#early === null)
        while (run < to && at[run]! >= start && at[run]! < end && at[run]! >= origin[run]!) run += 1;
      this.#addRun(number, rows, fields, begun, run);
      this.#early?.changed(number, this.#ids[begun]!, heardAt[begun]!);
      begun = run;
    }
    for (const id of this.#refused) this.#panes.keys.releaseUnheld(id);
    this.#refused.length = 0;
  }

  #lookUp({ keys, size }: Rows<unknown>, from: number, to: number): void {
    if (this.#ids.length < size) {
      this.#ids = new Int32Array(size);
      this.#starts = new Int32Array(size);
    }
    const index = this.#panes.keys;
    if (typeof keys![from] === 'number') index.lookupNumbers(keys as ArrayLike<number>, from, to, this.#ids);
    else index.lookupTexts(keys as readonly string[], from, to, this.#ids);
  }

  #addRun(number: number, rows: Rows<unknown>, fields: readonly FieldRows[], from: number, to: number): void {
    const { records } = this.#settings;
    const pane = this.#panes.open(number);
    const before = pane.size;
    const fresh = pane.slots(this.#ids, from, to, this.#starts);
    if (pane.size > before) {
      records.begin(pane, fresh);
      this.#panes.keys.retainAll(pane.keys, fresh, pane.size);
    }
    records.add(pane, this.#starts, fields, from, to, (index, error) =>
      this.#context.fail(failureAt(rows, index, error)),
    );
  }

  /** A row behind its origin: it counts in those of its windows that are still kept, and those are said again. */
  #addLate(rows: Rows<unknown>, fields: readonly FieldRows[], index: number): void {
    const { sizeMs, slideMs, paneMs, offsetMs } = this.#settings.spec;
    const { body, keys, at, origin, heardAt, position } = rows;
    const number = Math.floor((at[index]! - offsetMs) / paneMs);
    const start = number * paneMs + offsetMs;
    const kept = origin[index]! - this.#settings.latenessMs;
    if (start + sizeMs <= kept) {
      this.#context.count('late', 1);
      const key: Key = keys![index]!;
      this.#late.push(body.row(index), key, at[index]!, heardAt[index]!, origin[index]!, position[index]!);
      this.#refused.push(this.#ids[index]!);
      return;
    }
    this.#addRun(number, rows, fields, index, index + 1);
    this.#early?.changed(number, this.#ids[index]!, heardAt[index]!);
    for (let end = start + slideMs; end <= start + sizeMs; end += slideMs) {
      if (end <= kept || end > this.#watermark) continue;
      this.#context.count('revised', 1);
      this.#say(end, this.#ids[index]!, 'late', heardAt[index]!, position[index]!);
    }
  }

  /** The watermark has come to `t`: says the windows that end by then, and lets go of the panes that none needs. */
  #rise(t: number, heardAt: number, position: number): void {
    const { slideMs, sizeMs, offsetMs } = this.#settings.spec;
    this.#earlyUpTo(heardAt, position);
    // Where a run begins, these windows were said by the one before.
    if (heardAt !== -Infinity) for (const end of this.#ends(t)) this.#sayAll(end, heardAt, position);
    this.#watermark = t;
    this.#boundary = (Math.floor((t - offsetMs) / slideMs) + 1) * slideMs + offsetMs;
    for (const number of this.#panes.numbers) {
      if (number * slideMs + offsetMs + sizeMs + this.#settings.latenessMs > t) break;
      this.#early?.forget(number);
      this.#panes.drop(number);
    }
  }

  /** Ends of the windows with rows in them between the watermark and `t`, in order. */
  #ends(t: number): readonly number[] {
    const { slideMs, sizeMs, offsetMs } = this.#settings.spec;
    const ends = new Set<number>();
    for (const number of this.#panes.numbers) {
      const start = number * slideMs + offsetMs;
      for (let end = start + slideMs; end <= start + sizeMs && end <= t; end += slideMs)
        if (end > this.#watermark) ends.add(end);
    }
    return [...ends].sort((a, b) => a - b);
  }

  #panesOf(end: number): readonly Pane[] {
    const { sizeMs, paneMs, offsetMs } = this.#settings.spec;
    const last = Math.round((end - offsetMs) / paneMs);
    const found: Pane[] = [];
    for (let number = last - sizeMs / paneMs; number < last; number++) {
      const pane = this.#panes.find(number);
      if (pane !== undefined) found.push(pane);
    }
    return found;
  }

  #sayAll(end: number, heardAt: number, position: number): void {
    const panes = this.#panesOf(end);
    const whole = panes.length === 1 ? panes[0]! : this.#together(panes);
    for (let slot = 0; slot < whole.size; slot++)
      this.#push(whole, slot, whole.keys[slot]!, end, 'on time', heardAt, position);
    if (whole === this.#scratch) this.#scratch.reset();
  }

  /** One key's result of one window. */
  #say(end: number, id: number, firing: Firing, heardAt: number, position: number): void {
    const { records } = this.#settings;
    const scratch = this.#scratch;
    const slot = this.#slotOf(id);
    for (const pane of this.#panesOf(end)) {
      const own = pane.find(id);
      if (own >= 0) records.merge(scratch, slot, pane, own);
    }
    this.#push(scratch, slot, id, end, firing, heardAt, position);
    scratch.reset();
  }

  #together(panes: readonly Pane[]): Pane {
    const { records } = this.#settings;
    const scratch = this.#scratch;
    for (const pane of panes) {
      if (this.#starts.length < pane.size) this.#starts = new Int32Array(pane.size);
      const starts = this.#starts;
      const fresh = scratch.slots(pane.keys, 0, pane.size, starts);
      records.begin(scratch, fresh);
      for (let slot = 0; slot < pane.size; slot++)
        records.merge(scratch, starts[slot]! / records.width, pane, slot);
    }
    return scratch;
  }

  /** A fresh record of the key. */
  #slotOf(id: number): number {
    const start = new Int32Array(1);
    this.#settings.records.begin(this.#scratch, this.#scratch.slots([id], 0, 1, start));
    return start[0]! / this.#settings.records.width;
  }

  #push(
    pane: Pane,
    slot: number,
    id: number,
    end: number,
    firing: Firing,
    heardAt: number,
    position: number,
  ): void {
    const { records, keyName, spec, rowsOf } = this.#settings;
    const key = this.#panes.keys.keyOf(id);
    const start = end - spec.sizeMs;
    const at = end - 1;
    // Whoever comes after has not heard of the rise yet.
    const origin = firing === 'late' ? this.#watermark : Math.min(this.#watermark, at);
    if (this.#results !== null) {
      this.#results.push(pane, slot, key, { start, end, firing, at, heardAt, origin, position });
      return;
    }
    const result: Results = { [keyName]: key, windowStart: start, windowEnd: end, firing };
    records.results(pane, slot, result);
    for (const row of rowsOf!(result)) this.#builder!.push(row, key, at, heardAt, origin, position);
  }

  #earlyUpTo(now: number, position: number): void {
    const early = this.#early;
    if (early === null) return;
    const { slideMs, sizeMs, offsetMs } = this.#settings.spec;
    for (let due = early.dueBy(now); due !== undefined; due = early.dueBy(now)) {
      const said = new Set<string>();
      for (const { number, id } of early.take((id) => this.#panes.keys.keyOf(id as number))) {
        const start = number * slideMs + offsetMs;
        for (let end = start + slideMs; end <= start + sizeMs; end += slideMs) {
          if (end <= this.#watermark || said.has(`${end} ${id}`)) continue;
          said.add(`${end} ${id}`);
          this.#say(end, id as number, 'early', due, position);
        }
      }
    }
  }
}
