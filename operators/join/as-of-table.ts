import type { AsOf } from '../as-of.ts';
import type { ProcessContext } from '../keyed-process.ts';
import { heldFrom, holdingAt, type Version, withoutVersion, withVersion } from './versions.ts';

export interface AsOfSettings<L, R> {
  readonly name: string;
  readonly isOrdered: boolean;
  readonly isLeft: boolean;
  readonly withinMs: number;
  /** Null: not at all. */
  readonly patienceMs: number | null;
  readonly maxWaiting: number;
  readonly reviseMs: number | null;
  readonly takesFirst: boolean;
  readonly validFrom: ((row: R) => number) | null;
  readonly retracts: (row: R) => number | null;
  readonly missed: (row: L) => void;
}

interface Waiting<L> {
  readonly row: L;
  readonly at: number;
  readonly since: number;
}

/** A row that was answered with a version, or with none, and may be answered again. */
interface Answered<L> {
  readonly row: L;
  readonly at: number;
  readonly until: number;
  readonly version: number | null;
  readonly revision: number;
}

/** What is known of a key. */
export interface AsOfState<L, R> {
  /** Number of the next version. */
  readonly next: number;
  readonly versions: readonly Version<R>[];
  readonly waiting: readonly Waiting<L>[];
  readonly answered: readonly Answered<L>[];
}

/** The as-of join of one key: what a row of either side, or a timer, makes of what is known. */
export class AsOfTable<L, R, Out extends AsOf<L, R | null>> {
  readonly initial: AsOfState<L, R> = { next: 0, versions: [], waiting: [], answered: [] };
  readonly #settings: AsOfSettings<L, R>;

  constructor(settings: AsOfSettings<L, R>) {
    this.#settings = settings;
  }

  readonly left = (row: L, context: Context<L, R, Out>): void => {
    const { withinMs, patienceMs, maxWaiting, isOrdered, isLeft, missed } = this.#settings;
    const { state, at, now } = context;
    context.timer('forget', now + withinMs);
    const version = this.#versionAt(state.versions, at);
    if (version !== undefined || (isLeft && (isOrdered || patienceMs === null))) {
      this.#answer(context, state, row, version);
    } else if (isOrdered) missed(row);
    else {
      const { waiting } = state;
      if (waiting.length >= maxWaiting) {
        throw new RangeError(
          `${waiting.length} rows wait for their ${this.#settings.name}; no more are kept`,
        );
      }
      context.set({ ...state, waiting: [...waiting, { row, at, since: now }] });
      if (waiting.length === 0) context.timer('patience', now + patienceMs!);
    }
  };

  readonly right = (row: R, context: Context<L, R, Out>): void => {
    const { withinMs, validFrom, retracts } = this.#settings;
    const { state, now, at } = context;
    context.timer('forget', now + withinMs);
    const retracted = retracts(row);
    const all =
      retracted === null
        ? withVersion(state.versions, { n: state.next, from: validFrom === null ? at : validFrom(row), row })
        : withoutVersion(state.versions, retracted);
    // What has been followed by another holds again when that one is taken back.
    const versions = heldFrom(all, (all.at(-1)?.from ?? 0) - withinMs);
    this.#settle(context, { ...state, next: state.next + 1, versions });
  };

  readonly onTimer = (name: string, context: Context<L, R, Out>): void => {
    const { patienceMs } = this.#settings;
    const { state, now } = context;
    const isOver = ({ since }: Waiting<L>): boolean =>
      name === 'forget' || (patienceMs !== null && since + patienceMs <= now);
    const over = state.waiting.filter(isOver);
    const still = { ...state, waiting: state.waiting.slice(over.length) };
    context.set(still);
    this.#giveUp(context, over);
    if (name === 'forget') context.drop();
    else this.#setPatience(context, still.waiting);
  };

  #versionAt(versions: readonly Version<R>[], at: number): Version<R> | undefined {
    return holdingAt(versions, at) ?? (this.#settings.takesFirst ? versions[0] : undefined);
  }

  /** Rows that waited and now find a version have it; rows whose answer was another one are answered again. */
  #settle(context: Context<L, R, Out>, state: AsOfState<L, R>): void {
    const { isLeft } = this.#settings;
    const { now } = context;
    const { versions } = state;
    const waiting: Waiting<L>[] = [];
    const answered: Answered<L>[] = [];
    for (const held of state.waiting) {
      const version = this.#versionAt(versions, held.at);
      if (version === undefined) waiting.push(held);
      else {
        this.#say(context, held.row, version.row, 0);
        answered.push(...this.#kept(held.row, held.at, now, version));
      }
    }
    const revised: Answered<L>[] = [];
    for (const one of state.answered) {
      if (one.until < now) continue;
      const version = this.#versionAt(versions, one.at);
      const isSame = (version?.n ?? null) === one.version;
      // An inner join has no row for an answer that was taken back: it stands until there is another.
      if (isSame || (version === undefined && !isLeft)) {
        revised.push(one);
        continue;
      }
      const revision = one.revision + 1;
      this.#say(context, one.row, version?.row ?? null, revision);
      revised.push({ ...one, version: version?.n ?? null, revision });
    }
    context.set({ ...state, waiting, answered: this.#atMost([...revised, ...answered]) });
    this.#setPatience(context, waiting);
  }

  #answer(
    context: Context<L, R, Out>,
    state: AsOfState<L, R>,
    row: L,
    version: Version<R> | undefined,
  ): void {
    this.#say(context, row, version?.row ?? null, 0);
    const kept = this.#kept(row, context.at, context.now, version);
    if (kept.length === 0) return;
    const alive = state.answered.filter(({ until }) => until >= context.now);
    context.set({ ...state, answered: this.#atMost([...alive, ...kept]) });
  }

  /** The waits of these rows are over. */
  #giveUp(context: Context<L, R, Out>, over: readonly Waiting<L>[]): void {
    const { isLeft, missed } = this.#settings;
    const kept: Answered<L>[] = [];
    for (const { row, at } of over) {
      if (isLeft) {
        this.#say(context, row, null, 0);
        kept.push(...this.#kept(row, at, context.now, undefined));
      } else missed(row);
    }
    const { state } = context;
    if (kept.length > 0) context.set({ ...state, answered: this.#atMost([...state.answered, ...kept]) });
  }

  #kept(row: L, at: number, now: number, version: Version<R> | undefined): readonly Answered<L>[] {
    const { reviseMs } = this.#settings;
    return reviseMs === null
      ? []
      : [{ row, at, until: now + reviseMs, version: version?.n ?? null, revision: 0 }];
  }

  #atMost(answered: readonly Answered<L>[]): readonly Answered<L>[] {
    const { maxWaiting } = this.#settings;
    return answered.length > maxWaiting ? answered.slice(-maxWaiting) : answered;
  }

  #say(context: Context<L, R, Out>, left: L, right: R | null, revision: number): void {
    // Of an inner join `right` is null for no answer.
    context.emit({ left, right, revision } as Out);
  }

  #setPatience(context: Context<L, R, Out>, waiting: readonly Waiting<L>[]): void {
    const { patienceMs } = this.#settings;
    const first = waiting[0];
    context.timer('patience', first === undefined || patienceMs === null ? null : first.since + patienceMs);
  }
}

type Context<L, R, Out> = ProcessContext<AsOfState<L, R>, {}, Out>;
