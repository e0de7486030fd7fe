import { type Barrier, type Item, type Key, type Rows, WANTED_ROWS } from '../../runtime/item.ts';
import { RowsBuilder } from '../../runtime/rows/rows-builder.ts';
import { Walk } from '../../runtime/rows/walk.ts';
import type { StepContext } from '../../runtime/step.ts';
import { Heap } from '../../runtime/state/heap.ts';
import type { CountWindows } from '../../runtime/window-spec.ts';
import type { FieldRows } from '../aggregates/aggregate.ts';
import { failureAt } from '../stateless.ts';
import type { Records, Results } from './records.ts';
import { type Group, Groups } from './groups.ts';

export interface CountWindowSettings {
  readonly spec: CountWindows;
  readonly records: Records;
  readonly keyName: string;
  readonly rowsOf: ((results: Results) => readonly unknown[]) | null;
}

interface Expiry {
  readonly at: number;
  readonly key: Key;
}

/** Groups of so many rows in one task. One that is not full when its time has passed is said as it is, as `early`. */
export class CountWindowRun {
  readonly #context: StepContext;
  readonly #settings: CountWindowSettings;
  readonly #groups: Groups;
  readonly #expiries = new Heap<Expiry>((a, b) => (a.at !== b.at ? a.at < b.at : a.key < b.key));
  readonly #builder: RowsBuilder<unknown>;
  readonly #out: (item: Item<unknown>) => void;
  readonly #lateOut: (item: Item<unknown>) => void;
  readonly #late: RowsBuilder<unknown>;
  readonly #walk: Walk<unknown>;
  #fields: readonly FieldRows[] = [];
  #watermark = -Infinity;
  /** Of a space for one record all rows go to the same one. */
  #starts = new Int32Array(WANTED_ROWS);
  #error: unknown;
  readonly #refuse = (_: number, error: unknown): void => {
    this.#error = error;
  };

  constructor(context: StepContext, settings: CountWindowSettings, out: (item: Item<unknown>) => void) {
    this.#context = context;
    this.#settings = settings;
    this.#out = out;
    this.#lateOut = context.side('late');
    this.#builder = new RowsBuilder<unknown>(out);
    this.#late = new RowsBuilder<unknown>(this.#lateOut);
    this.#groups = new Groups(settings.records, (key, group) => this.#expect(key, group));
    context.checkpoint('groups', this.#groups);
    this.#walk = new Walk<unknown>({
      row: (rows, index) => this.#row(rows, index),
      time: () => undefined,
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
    const { records, spec } = this.#settings;
    const key = rows.keys![index]!;
    const at = rows.at[index]!;
    const open = this.#groups.get(key);
    const group = open ?? { rows: 0, first: at, last: at, dueAt: NaN, space: records.single() };
    this.#error = undefined;
    records.add(group.space, this.#starts, this.#fields, index, index + 1, this.#refuse);
    if (this.#error !== undefined) {
      this.#context.fail(failureAt(rows, index, this.#error));
      return;
    }
    group.rows += 1;
    if (at < group.first) group.first = at;
    if (at > group.last) group.last = at;
    if (group.rows < spec.rows) {
      this.#groups.set(key, group);
      if (open === undefined) this.#expect(key, group);
      return;
    }
    this.#groups.delete(key);
    this.#say(key, group, 'on time', rows.heardAt[index]!, rows.position[index]!);
  }

  /** One look a group is enough: where the group has grown by then, the next one is at its new time. */
  #expect(key: Key, group: Group): void {
    group.dueAt = group.last + this.#settings.spec.ttlMs;
    this.#expiries.push({ at: group.dueAt, key });
    if (this.#expiries.size > 4_096 && this.#expiries.size > 4 * this.#groups.size)
      this.#expiries.filter((one) => this.#groups.get(one.key)?.dueAt === one.at);
  }

  #rise(t: number, heardAt: number, position: number): void {
    // Where a run begins nothing is said; a late row may have left a group that is over, and waits for the next rise.
    const upTo = heardAt === -Infinity ? -Infinity : t;
    for (let due = this.#expiries.first; due !== undefined && due.at <= upTo; due = this.#expiries.first) {
      this.#expiries.pop();
      const group = this.#groups.get(due.key);
      if (group === undefined || group.dueAt !== due.at) continue;
      if (group.last + this.#settings.spec.ttlMs > due.at) {
        this.#expect(due.key, group);
        continue;
      }
      this.#groups.delete(due.key);
      this.#context.count('expired', 1);
      this.#say(due.key, group, 'early', heardAt, position);
    }
    this.#watermark = t;
  }

  #say(
    key: Key,
    { first, last, space }: Group,
    firing: 'on time' | 'early',
    heardAt: number,
    position: number,
  ): void {
    const { records, keyName, rowsOf } = this.#settings;
    const result: Results = { [keyName]: key, windowStart: first, windowEnd: last + 1, firing };
    records.results(space, 0, result);
    const origin = Math.min(this.#watermark, last);
    for (const row of rowsOf?.(result) ?? [result])
      this.#builder.push(row, key, last, heardAt, origin, position);
  }
}
