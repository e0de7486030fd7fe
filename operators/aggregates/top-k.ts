import type { ObjectAggregate } from './aggregate.ts';
import type { WholeRow } from './aggregate-result.ts';
import { usualRowBytes, within } from './parts/bytes-of.ts';
import type { NumbersIn } from './parts/field-types.ts';
import { byTime, insertInOrder, mergeInOrder, type Moment } from './parts/in-order.ts';
import { wholeNumber } from './parts/whole-number.ts';

export interface TopKOptions {
  /** How many rows. */
  readonly k: number;
  /** 'greatest' if not given. */
  readonly order?: 'greatest' | 'least';
  /**
   * Also keep the rows that tie with the k-th, up to so many rows in all; of more ties than that the earliest are kept.
   * If not given, exactly `k` rows are kept, the earliest of those that tie.
   */
  readonly keepTiesUpTo?: number;
  /** Bytes that one row may take, two a character of a string; 4,096 if not given. A larger one is refused (FW410). */
  readonly maxRowBytes?: number;
}

/** A row among the best, and what it was ranked by. */
export interface Ranked extends Moment {
  readonly by: number;
  readonly row: unknown;
}

/**
 * The k rows with the greatest numbers in a field, the greatest first: `topK('price', { k: 2 })` over a: 5, b: 7, c: 5,
 * d: null → b, a; with `keepTiesUpTo: 10` → b, a, c. Rows of the same number stand in order of event time, then of when
 * the log heard of them, then of arrival (merged parts in the order of merging). Null and NaN are passed over; of no rows
 * it is an empty list.
 *
 * It keeps the rows it would answer: k, or `keepTiesUpTo`, of at most `maxRowBytes` each.
 */
export const topK = <const F extends string>(
  field: F,
  { k, order = 'greatest', keepTiesUpTo = k, maxRowBytes = usualRowBytes }: TopKOptions,
): ObjectAggregate<NumbersIn<F>, Ranked[], readonly WholeRow[]> => {
  const label = `topK(${field})`;
  wholeNumber(label, 'k', k);
  wholeNumber(label, 'keepTiesUpTo', keepTiesUpTo, { least: k });
  wholeNumber(label, 'maxRowBytes', maxRowBytes, { least: 16 });
  const compare =
    order === 'greatest'
      ? (a: Ranked, b: Ranked): number => (a.by === b.by ? byTime(a, b) : a.by > b.by ? -1 : 1)
      : (a: Ranked, b: Ranked): number => (a.by === b.by ? byTime(a, b) : a.by < b.by ? -1 : 1);
  const cut = (best: Ranked[]): Ranked[] => {
    let size = Math.min(k, best.length);
    const bar = best[size - 1]?.by;
    while (size < keepTiesUpTo && size < best.length && best[size]!.by === bar) size++;
    best.length = size;
    return best;
  };
  /** Whether it would be among them, which are k at least: better than the last, or one more that ties with it. */
  const beats = (one: Ranked, best: readonly Ranked[]): boolean => {
    const worst = best[best.length - 1]!;
    return (one.by === worst.by && best.length < keepTiesUpTo) || compare(worst, one) > 0;
  };
  return {
    kind: 'object',
    label,
    field,
    maxBytes: 256 + keepTiesUpTo * (maxRowBytes + 24),
    create: () => [],
    add(best, rows, index) {
      const by = rows.numbers[index]!;
      if (Number.isNaN(by)) return best;
      const ranked = { by, at: rows.at[index]!, heardAt: rows.heardAt[index]!, row: null };
      if (best.length >= k && !beats(ranked, best)) return best;
      const row = within(label, rows.row(index), 'maxRowBytes', maxRowBytes);
      insertInOrder(best, { by, at: ranked.at, heardAt: ranked.heardAt, row }, compare);
      return cut(best);
    },
    merge: (best, other) => cut(mergeInOrder(best, other, compare)),
    result: (best) => best.map(({ row }) => row as WholeRow),
    encode: (best): EncodedRanking => ({
      by: Float64Array.from(best, ({ by }) => by),
      at: Float64Array.from(best, ({ at }) => at),
      heardAt: Float64Array.from(best, ({ heardAt }) => heardAt),
      rows: best.map(({ row }) => row),
    }),
    decode(encoded) {
      const { by, at, heardAt, rows } = encoded as EncodedRanking;
      return rows.map((row, index) => ({
        by: by[index]!,
        at: at[index]!,
        heardAt: heardAt[index]!,
        row,
      }));
    },
  };
};

interface EncodedRanking {
  readonly by: Float64Array;
  readonly at: Float64Array;
  readonly heardAt: Float64Array;
  readonly rows: readonly unknown[];
}
