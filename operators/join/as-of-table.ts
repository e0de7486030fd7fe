import type { Key } from '../../runtime/item.ts';
import { RowStore } from '../../runtime/state/row-store.ts';
import { KeyIndex } from '../../runtime/state/key-index.ts';
import { TimerWheel } from '../../runtime/state/timer-wheel.ts';
import { VersionTable } from '../../runtime/state/version-table.ts';
import type { StepContext } from '../../runtime/step.ts';
import { LastHeard } from './last-heard.ts';
import { type PackedRows, packRows, unpackRows } from './packed-rows.ts';
import { type Answered, NONE, type Waiting, WaitingRows } from './waiting-rows.ts';

export interface AsOfSettings {
  readonly name: string;
  readonly isLeft: boolean;
  readonly withinMs: number;
  /** Null: not at all. */
  readonly patienceMs: number | null;
  readonly maxWaiting: number;
  readonly reviseMs: number | null;
  readonly takesFirst: boolean;
  readonly validFrom: ((row: unknown) => number) | null;
  readonly retracts: (row: unknown) => number | null;
  readonly missed: (row: unknown) => void;
}

export interface AsOfReports {
  /** An answer, and the event time and time that it is given at. */
  readonly say: (left: unknown, right: unknown, revision: number, key: Key, at: number, now: number) => void;
  /** `missed` threw on a row whose wait was over. */
  readonly fail: (row: unknown, now: number, error: unknown) => void;
}

/** Rows are plain data and never changed: the checkpoint may keep them as they are. */
const packed = { encode: packRows, decode: (plain: unknown) => unpackRows(plain as PackedRows) };

/**
 * The versions of all keys of a task, and the rows that wait for one: what a row of either side, or time, makes of
 * them. Keys are named by their ids in `keys`; versions are numbers in tables, and their rows lie at slots.
 */
export class AsOfTable {
  readonly keys = new KeyIndex();
  readonly #settings: AsOfSettings;
  readonly #reports: AsOfReports;
  readonly #versions = new VersionTable();
  readonly #rows = new RowStore<unknown>(packed);
  readonly #heard: LastHeard;
  readonly #kept = new WaitingRows<unknown>();
  /** The next end of a wait of each key that has rows waiting, or a time before it. */
  readonly #ends = new TimerWheel();
  readonly #hasEnd = new Set<Key>();
  #nextEnd = Infinity;
  /** Ids of keys about which nothing may be known any more. */
  readonly #unheld: number[] = [];
  readonly #drop = (id: number): void => this.#dropAll(id);

  constructor(settings: AsOfSettings, reports: AsOfReports, context: StepContext) {
    this.#settings = settings;
    this.#reports = reports;
    this.#heard = new LastHeard(settings.withinMs);
    context.checkpoint('keys', this.keys);
    context.checkpoint('versions', this.#versions);
    context.checkpoint('rows', this.#rows);
    context.checkpoint('heard', this.#heard);
    context.checkpoint('kept', this.#kept);
  }

  /** Before the first beat, once everything is restored. */
  begin(): void {
    this.#heard.setTimers();
    for (const [id, { waiting }] of this.#kept.entries())
      if (waiting.length > 0) this.#expectEnd(id as number, this.keys.keyOf(id as number), waiting);
  }

  /** After a beat: ids of keys that are forgotten are free. In between they stay, since they were looked up for all rows. */
  end(): void {
    for (const id of this.#unheld) if (!this.#heard.knows(id)) this.keys.releaseUnheld(id);
    this.#unheld.length = 0;
  }

  /** The id was looked up for a row that left nothing behind. */
  giveBack(id: number): void {
    this.#unheld.push(id);
  }

  left(id: number, key: Key, at: number, now: number, row: unknown): void {
    const { isLeft, patienceMs, reviseMs, missed } = this.#settings;
    const slot = this.#slotAt(id, at);
    if (slot === NONE && patienceMs !== null) {
      this.#wait(id, key, at, now, row);
      return;
    }
    if (slot === NONE && !isLeft) missed(row);
    else this.#reports.say(row, this.#rowAt(slot), 0, key, at, now);
    this.#heard.hear(id, now);
    if (reviseMs === null) return;
    const { waiting, answered } = this.#kept.of(id);
    const alive = answered.filter(({ until }) => until >= now);
    this.#kept.keep(id, {
      waiting,
      answered: this.#atMost([...alive, ...this.#answered(row, at, now, slot)]),
    });
  }

  right(id: number, key: Key, at: number, now: number, row: unknown): void {
    const { withinMs, validFrom, retracts, name } = this.#settings;
    const retracted = retracts(row);
    const from = retracted ?? (validFrom === null ? at : validFrom(row));
    if (Number.isNaN(from)) throw new RangeError(`a version of ${name} holds from no time`);
    this.#heard.hear(id, now);
    if (retracted === null) this.#versions.put(id, from, now, this.#rows.append(row));
    else this.#lose(id, this.#versions.retract(id, from));
    // What has been followed by another holds again when that one is taken back.
    const since = this.#versions.newestFrom(id) - withinMs;
    for (let slot = this.#versions.evict(id, since); slot !== NONE; slot = this.#versions.evict(id, since))
      this.#lose(id, slot);
    if (this.#kept.get(id) !== undefined) this.#settle(id, key, at, now);
  }

  /** Time has come to `now`: waits end, each at its own time, and keys are forgotten. */
  timeTo(now: number): void {
    if (this.#nextEnd <= now) this.#endWaits(now);
    this.#heard.forget(now, this.#drop);
  }

  #slotAt(id: number, at: number): number {
    const slot = this.#versions.asOf(id, at);
    return slot === NONE && this.#settings.takesFirst ? this.#versions.oldest(id) : slot;
  }

  #rowAt(slot: number): unknown {
    return slot === NONE ? null : this.#rows.read(slot);
  }

  #lose(id: number, slot: number): void {
    if (slot === NONE) return;
    this.#rows.free(slot);
    this.#kept.lose(id, slot);
  }

  #dropAll(id: number): void {
    for (let slot = this.#versions.dropNewest(id); slot !== NONE; slot = this.#versions.dropNewest(id))
      this.#rows.free(slot);
    this.#kept.delete(id);
    this.#unheld.push(id);
  }

  #wait(id: number, key: Key, at: number, now: number, row: unknown): void {
    const { maxWaiting, name } = this.#settings;
    const { waiting, answered } = this.#kept.of(id);
    if (waiting.length >= maxWaiting)
      throw new RangeError(`${waiting.length} rows wait for their ${name}; no more are kept`);
    this.#heard.hear(id, now);
    const kept = { waiting: [...waiting, { row, at, since: now }], answered };
    this.#kept.set(id, kept);
    this.#expectEnd(id, key, kept.waiting);
  }

  /** Rows that waited and now find a version have it; rows whose answer was another one are answered again. */
  #settle(id: number, key: Key, at: number, now: number): void {
    const { isLeft } = this.#settings;
    const kept = this.#kept.of(id);
    const waiting: Waiting<unknown>[] = [];
    const answered: Answered<unknown>[] = [];
    for (const held of kept.waiting) {
      const slot = this.#slotAt(id, held.at);
      if (slot === NONE) waiting.push(held);
      else {
        this.#reports.say(held.row, this.#rowAt(slot), 0, key, at, now);
        answered.push(...this.#answered(held.row, held.at, now, slot));
      }
    }
    const revised: Answered<unknown>[] = [];
    for (const one of kept.answered) {
      if (one.until < now) continue;
      const version = this.#slotAt(id, one.at);
      // An inner join has no row for an answer that was taken back: it stands until there is another.
      if (version === one.version || (version === NONE && !isLeft)) {
        revised.push(one);
        continue;
      }
      const revision = one.revision + 1;
      this.#reports.say(one.row, this.#rowAt(version), revision, key, at, now);
      revised.push({ ...one, version, revision });
    }
    this.#kept.keep(id, { waiting, answered: this.#atMost([...revised, ...answered]) });
  }

  #answered(row: unknown, at: number, now: number, version: number): readonly Answered<unknown>[] {
    const { reviseMs } = this.#settings;
    return reviseMs === null ? [] : [{ row, at, until: now + reviseMs, version, revision: 0 }];
  }

  #atMost(answered: readonly Answered<unknown>[]): readonly Answered<unknown>[] {
    const { maxWaiting } = this.#settings;
    return answered.length > maxWaiting ? answered.slice(-maxWaiting) : answered;
  }

  /** A key has one timer, set for the end of its first wait or before it: ends only ever move on, and are found anew then. */
  #expectEnd(id: number, key: Key, waiting: readonly Waiting<unknown>[]): void {
    if (this.#hasEnd.has(key)) return;
    const at = this.#endOf(id, waiting);
    this.#hasEnd.add(key);
    this.#ends.push({ at, key, name: '' });
    if (at < this.#nextEnd) this.#nextEnd = at;
  }

  /** The first of them waits until its patience is over, or the key is forgotten. */
  #endOf(id: number, waiting: readonly Waiting<unknown>[]): number {
    return Math.min(waiting[0]!.since + this.#settings.patienceMs!, this.#heard.forgottenAt(id));
  }

  #endWaits(now: number): void {
    for (let end = this.#ends.next; end !== undefined && end.at <= now; end = this.#ends.next) {
      this.#ends.pop();
      const { at, key } = end;
      this.#hasEnd.delete(key);
      const id = this.keys.find(key);
      const waiting = id < 0 ? [] : this.#kept.of(id).waiting;
      if (waiting.length === 0) continue;
      if (this.#endOf(id, waiting) <= at) this.#giveUp(id, key, at);
      const { waiting: still } = this.#kept.of(id);
      if (still.length > 0) this.#expectEnd(id, key, still);
    }
    this.#nextEnd = this.#ends.next?.at ?? Infinity;
  }

  #giveUp(id: number, key: Key, now: number): void {
    const { isLeft, missed, patienceMs } = this.#settings;
    const { waiting, answered } = this.#kept.of(id);
    const isForgotten = this.#heard.forgottenAt(id) <= now;
    const over = waiting.filter(({ since }) => isForgotten || since + patienceMs! <= now);
    const kept: Answered<unknown>[] = [];
    for (const { row, at } of over) {
      if (isLeft) {
        this.#reports.say(row, null, 0, key, now, now);
        kept.push(...this.#answered(row, at, now, NONE));
        continue;
      }
      try {
        missed(row);
      } catch (error) {
        this.#reports.fail(row, now, error);
      }
    }
    this.#kept.keep(id, {
      waiting: waiting.slice(over.length),
      answered: this.#atMost([...answered, ...kept]),
    });
  }
}
