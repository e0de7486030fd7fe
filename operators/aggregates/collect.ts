import { ForewarnError } from '../../runtime/forewarn-error.ts';
import type { FieldRows, ObjectAggregate } from './aggregate.ts';
import type { FieldValue, WholeRow } from './aggregate-result.ts';
import { usualRowBytes, usualValueBytes, within } from './parts/bytes-of.ts';
import type { HavingField } from './parts/field-types.ts';
import { byTime, insertInOrder, mergeInOrder, type Moment } from './parts/in-order.ts';
import { missing } from './parts/missing.ts';
import { wholeNumber } from './parts/whole-number.ts';

const pasts = ['drop newest', 'drop oldest', 'fail'] as const;

export interface CollectOptions {
  /** Entries that are kept. */
  readonly atMost: number;
  /**
   * What happens to more than that: only the earliest are kept ('drop newest'), only the latest ('drop oldest'), or the row
   * or the merge that is one too many is an error (FW410, 'fail').
   */
  readonly past: (typeof pasts)[number];
  /** Bytes that one entry may take, two a character of a string; 4,096 for rows and 512 for values if not given. */
  readonly maxEntryBytes?: number;
}

/** A row or value, and when it was. */
export interface Collected extends Moment {
  readonly entry: unknown;
}

/**
 * The rows themselves, `collect({ atMost: 100, past: 'drop newest' })`, or the values of a field: c at 30, a at 10, null
 * at 15, b at 20 → a, b, c; with `atMost: 2` a, b ('drop newest') or b, c ('drop oldest'). They stand in order of event
 * time, then of when the log heard of them, then of arrival (merged parts in the order of merging); new and old mean
 * the same order. Null and NaN in the field are passed over; of no rows it is an empty list.
 *
 * It keeps `atMost` entries of at most `maxEntryBytes` each, and says no to a larger one (FW410).
 */
export function collect(options: CollectOptions): ObjectAggregate<unknown, Collected[], readonly WholeRow[]>;
export function collect<const F extends string>(
  field: F,
  options: CollectOptions,
): ObjectAggregate<HavingField<F>, Collected[], readonly FieldValue<F>[]>;
export function collect(
  first: string | CollectOptions,
  second?: CollectOptions,
): ObjectAggregate<never, Collected[], readonly unknown[]> {
  return typeof first === 'string' ? collecting(first, second!) : collecting(null, first);
}

const collecting = (
  field: string | null,
  { atMost, past, maxEntryBytes = field === null ? usualRowBytes : usualValueBytes }: CollectOptions,
): ObjectAggregate<unknown, Collected[], readonly unknown[]> => {
  const label = `collect(${field ?? ''})`;
  wholeNumber(label, 'atMost', atMost);
  wholeNumber(label, 'maxEntryBytes', maxEntryBytes, { least: 16 });
  if (!pasts.includes(past)) {
    throw new ForewarnError(
      'FW220',
      `aggregate ${label}: past is ${String(past)}; choose 'drop newest', 'drop oldest' or 'fail' for more than ${atMost}`,
    );
  }
  // The oldest go a quarter at a time, for taking one from the front moves all others.
  const slack = past === 'drop oldest' ? atMost >>> 2 : 0;
  const refuseMore = (size: number): void => {
    if (past !== 'fail' || size <= atMost) return;
    throw new ForewarnError(
      'FW410',
      `aggregate ${label}: more than ${atMost} in one window; raise atMost, or choose what to drop`,
    );
  };
  const cut = (entries: Collected[]): Collected[] => {
    if (entries.length <= atMost + slack) return entries;
    if (past === 'drop newest') entries.length = atMost;
    else entries.splice(0, entries.length - atMost);
    return entries;
  };
  const kept = (entries: readonly Collected[]): readonly Collected[] =>
    entries.length > atMost ? entries.slice(-atMost) : entries;
  return {
    kind: 'object',
    label,
    field,
    maxBytes: 256 + atMost * (maxEntryBytes + 16),
    create: () => [],
    add(entries, rows: FieldRows, index) {
      const entry = field === null ? rows.row(index) : rows.value(index);
      if (missing(entry)) return entries;
      refuseMore(entries.length + 1);
      within(label, entry, 'maxEntryBytes', maxEntryBytes);
      insertInOrder(entries, { at: rows.at[index]!, heardAt: rows.heardAt[index]!, entry }, byTime);
      return cut(entries);
    },
    merge(entries, other) {
      refuseMore(entries.length + other.length);
      return cut(mergeInOrder(entries, other, byTime));
    },
    result: (entries) => kept(entries).map(({ entry }) => entry),
    encode(entries): EncodedCollection {
      const those = kept(entries);
      return {
        at: Float64Array.from(those, ({ at }) => at),
        heardAt: Float64Array.from(those, ({ heardAt }) => heardAt),
        entries: those.map(({ entry }) => entry),
      };
    },
    decode(encoded) {
      const { at, heardAt, entries } = encoded as EncodedCollection;
      return entries.map((entry, index) => ({ at: at[index]!, heardAt: heardAt[index]!, entry }));
    },
  };
};

interface EncodedCollection {
  readonly at: Float64Array;
  readonly heardAt: Float64Array;
  readonly entries: readonly unknown[];
}
