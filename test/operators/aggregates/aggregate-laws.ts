import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Aggregate, CellAggregate, ObjectAggregate } from '../../../operators/aggregates/aggregate.ts';
import { fieldRows, type LawRow, lawRows } from './law-rows.ts';
import { guard, holder, holding, ObjectHolder, sameEncoded } from './state-holder.ts';

export type Same = (got: unknown, wanted: unknown) => void;

export interface AggregateLaws {
  readonly name: string;
  // The laws make rows of `v` alone, whatever the aggregate's own types ask of them.
  readonly aggregate: Aggregate<never, unknown>;
  /** Values of the field; the laws mix nulls and NaN in. */
  readonly values: fc.Arbitrary<unknown>;
  /** The same by other, naive means; rows in the order of arrival. */
  readonly oracle: (rows: readonly LawRow[]) => unknown;
  /** Whether two answers are the same; equal to the last bit if not given. */
  readonly same?: Same;
}

const exactly: Same = (got, wanted) => expect(got).toStrictEqual(wanted);

const check = <T>(arbitrary: fc.Arbitrary<T>, law: (made: T) => void): void =>
  fc.assert(
    fc.property(arbitrary, (made) => {
      law(made);
    }),
    { numRuns: 100 },
  );

const inParts = (rows: fc.Arbitrary<LawRow[]>): fc.Arbitrary<LawRow[][]> =>
  fc.tuple(rows, fc.array(fc.nat(40), { maxLength: 6 })).map(([all, cuts]) => {
    const ends = [...new Set(cuts.filter((cut) => cut < all.length))].sort((a, b) => a - b);
    return [0, ...ends].map((from, index) => all.slice(from, ends[index] ?? all.length));
  });

/** Laws of an aggregate with an object for its state. */
const objectLaws = (
  aggregate: ObjectAggregate<never, unknown, unknown>,
  rows: fc.Arbitrary<LawRow[]>,
): void => {
  it('takes no more bytes than it says', () => {
    check(inParts(rows), (parts) => {
      const state = holder(aggregate);
      for (const part of parts) {
        state.add(fieldRows(part), 0, part.length);
        expect(state.encode().byteLength).toBeLessThanOrEqual(aggregate.maxBytes);
        state.merge(holding(aggregate, part));
        expect(state.encode().byteLength).toBeLessThanOrEqual(aggregate.maxBytes);
      }
    });
  });

  it('has an encoded form that does not change with the state', () => {
    check(fc.tuple(rows, rows), ([some, more]) => {
      const state = new ObjectHolder(aggregate);
      state.add(fieldRows(some), 0, some.length);
      const [before, after] = state.encodeBeforeMore(() => {
        state.add(fieldRows(more), 0, more.length);
        state.merge(holding(aggregate, some) as ObjectHolder);
      });
      expect(sameEncoded(after, before)).toBe(true);
    });
  });
};

/** Laws of an aggregate with cells for its state. */
const cellLaws = (
  aggregate: CellAggregate<never, unknown>,
  rows: fc.Arbitrary<LawRow[]>,
  oracle: AggregateLaws['oracle'],
  same: Same,
): void => {
  it('keeps the records of a batch apart', () => {
    const tagged = rows.chain((all) =>
      fc.tuple(fc.constant(all), fc.array(fc.nat(2), { minLength: all.length, maxLength: all.length })),
    );
    check(tagged, ([all, keys]) => {
      const { width } = aggregate;
      const cells = new Float64Array(3 * width).fill(guard);
      for (let key = 0; key < 3; key++) aggregate.init(cells, key * width);
      const records = Int32Array.from(keys, (key) => key * width);
      aggregate.add(cells, records, fieldRows(all), 0, all.length);
      for (let key = 0; key < 3; key++) {
        same(aggregate.result(cells, key * width), oracle(all.filter((_, index) => keys[index] === key)));
      }
    });
  });
};

/**
 * What every aggregate keeps, whatever it computes. Seen red with, among others: a merge that forgets the count of a mean,
 * a max that lets NaN in, −0 kept by min, an encoded form that shares its registers, bins poured away, over not encoded.
 */
export const aggregateLaws = ({ name, aggregate, values, oracle, same = exactly }: AggregateLaws): void => {
  const rows = lawRows(values);
  const rowsInParts = inParts(rows);

  describe(name, () => {
    it('answers for no rows, and for none with a value', () => {
      same(holder(aggregate).result(), oracle([]));
      const nothing = [null, undefined, Number.NaN].map((v, at) => ({ at, heardAt: at, v }));
      same(holding(aggregate, nothing).result(), oracle(nothing));
    });

    it('answers what a naive computation does: in one batch, one by one, in any batches', () => {
      check(rowsInParts, (parts) => {
        const all = parts.flat();
        const wanted = oracle(all);
        same(holding(aggregate, all).result(), wanted);
        const ones = holder(aggregate);
        for (let index = 0; index < all.length; index++) ones.add(fieldRows(all), index, index + 1);
        same(ones.result(), wanted);
        const batches = holder(aggregate);
        for (const part of parts) batches.add(fieldRows(part), 0, part.length);
        same(batches.result(), wanted);
        // Asked twice, it answers the same.
        same(batches.result(), wanted);
      });
    });

    it('answers the same for rows that arrive in another order', () => {
      const shuffled = rows.chain((all) =>
        fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
      );
      check(shuffled, ([all, other]) => same(holding(aggregate, other).result(), oracle(all)));
    });

    it('merges any split to the same, from the left and from the right, in any order', () => {
      const shuffled = rowsInParts.chain((parts) =>
        fc.tuple(fc.constant(parts), fc.shuffledSubarray(parts, { minLength: parts.length })),
      );
      check(shuffled, ([parts, others]) => {
        const wanted = oracle(parts.flat());
        const left = holder(aggregate);
        for (const part of parts) left.merge(holding(aggregate, part));
        same(left.result(), wanted);
        const right = parts
          .map((part) => holding(aggregate, part))
          .reduceRight((after, before) => {
            before.merge(after);
            return before;
          });
        same(right.result(), wanted);
        const mixed = holder(aggregate);
        for (const part of others) mixed.merge(holding(aggregate, part));
        same(mixed.result(), wanted);
      });
    });

    it('goes on after a merge as after rows', () => {
      check(rowsInParts, (parts) => {
        const [begin = [], middle = [], ...rest] = parts;
        const going = holding(aggregate, begin);
        going.merge(holding(aggregate, middle));
        for (const part of rest) going.add(fieldRows(part), 0, part.length);
        same(going.result(), oracle(parts.flat()));
      });
    });

    it('is the same with nothing merged into it, or merged into nothing, and leaves the other as it is', () => {
      check(fc.tuple(rows, rows), ([some, more]) => {
        const state = holding(aggregate, some);
        const before = state.encode();
        state.merge(holder(aggregate));
        expect(sameEncoded(state.encode(), before)).toBe(true);
        const empty = holder(aggregate);
        empty.merge(state);
        same(empty.result(), state.result());
        // Nothing is shared: what goes on in the one is not seen in the other.
        empty.add(fieldRows(more), 0, more.length);
        expect(sameEncoded(state.encode(), before)).toBe(true);
      });
    });

    it('is encoded and decoded between any two steps', () => {
      check(rowsInParts, (parts) => {
        let state = holder(aggregate);
        for (const part of parts) {
          state.add(fieldRows(part), 0, part.length);
          state = state.restored();
          state.merge(holder(aggregate).restored());
        }
        same(state.result(), oracle(parts.flat()));
      });
    });

    it('says what it is and what it reads', () => {
      expect(aggregate.label).toMatch(/^[a-zA-Z]+(\(.*\))?$/);
      expect(aggregate.field === null || aggregate.label.includes(aggregate.field)).toBe(true);
    });

    if (aggregate.kind === 'object') objectLaws(aggregate, rows);
    else cellLaws(aggregate, rows, oracle, same);
  });
};
