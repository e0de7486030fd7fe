import type { FilledTables, LogRecord } from '../log.ts';
import { EXTERNAL } from './kafka-names.ts';

/** A range of offsets of which what tasks wrote is left out by every reader; what came from outside stays. */
export interface LeftOut {
  /** Kafka's topic and partition, `forewarn.signals/3`. */
  readonly place: string;
  readonly from: number;
  readonly until: number;
  /** Behind the last record in it that stays; `from` where none does. */
  readonly kept: number;
  /** The generation that it was left out for. */
  readonly generation: number;
}

/** What a log says of how it was taken back, all rewinds together. */
export interface TakenBackFacts {
  /** How often. */
  readonly generation: number;
  /** Id and name of the savepoint that it was taken back to last. */
  readonly savepoint: { readonly id: string; readonly name: string };
  readonly ranges: readonly LeftOut[];
  readonly filled: readonly FilledTables[];
}

/** The ranges of one place, the newest first. */
export class LeftOutOf {
  /** Behind all of them. */
  readonly until: number;
  readonly #ranges: readonly LeftOut[];

  constructor(ranges: readonly LeftOut[]) {
    this.#ranges = ranges.toSorted((a, b) => b.from - a.from);
    this.until = Math.max(...ranges.map(({ until }) => until));
  }

  has({ offset, producer }: Pick<LogRecord, 'offset' | 'producer'>): boolean {
    if (offset >= this.until || producer === EXTERNAL) return false;
    return this.#ranges.some(({ from, until }) => offset >= from && offset < until);
  }

  /** Behind the last record that stays, where nothing is known of what lies from `end` on. */
  end(end: number): number {
    let last = end;
    for (const { from, until, kept } of this.#ranges) if (last > from && last <= until) last = kept;
    return last;
  }
}

/**
 * Which records of a log that was taken back are left out, and where it ends without them.
 * Cut at 10, taken back at 20, one from outside at 14 → records of tasks in [10; 20) are left out, and the end of 20 is 15.
 */
export class TakenBack {
  readonly facts: TakenBackFacts;
  readonly #places: ReadonlyMap<string, LeftOutOf>;

  constructor(facts: TakenBackFacts) {
    this.facts = facts;
    const places = [...new Set(facts.ranges.map(({ place }) => place))];
    const rangesOf = (place: string) => facts.ranges.filter((range) => range.place === place);
    this.#places = new Map(places.map((place) => [place, new LeftOutOf(rangesOf(place))]));
  }

  /** Undefined where nothing of it is left out. */
  of(place: string): LeftOutOf | undefined {
    return this.#places.get(place);
  }

  /** The records of a place that stay; the same array where all do. */
  kept(place: string, records: readonly LogRecord[]): readonly LogRecord[] {
    const leftOut = this.#places.get(place);
    const first = records[0];
    if (leftOut === undefined || first === undefined || first.offset >= leftOut.until) return records;
    return records.filter((record) => !leftOut.has(record));
  }

  end(place: string, end: number): number {
    return this.#places.get(place)?.end(end) ?? end;
  }
}

/** The ranges of a log with those that are left out from now on; what lies in these is not said twice, nor what is gone. */
export const rangesWith = (
  before: readonly LeftOut[],
  added: readonly LeftOut[],
  beginOf: (place: string) => number,
): readonly LeftOut[] => {
  const newest = new Map(added.map((range) => [range.place, range]));
  const stay = before.filter(
    ({ place, from, until }) => until > beginOf(place) && !(from >= (newest.get(place)?.from ?? Infinity)),
  );
  return [...stay, ...added.filter(({ from, until }) => until > from)];
};
