import fc from 'fast-check';
import type { FieldRows } from '../../../operators/aggregates/aggregate.ts';

/** A row as the laws make it: `v` is the field that is aggregated. */
export interface LawRow {
  readonly at: number;
  readonly heardAt: number;
  readonly v: unknown;
}

/** Rows as a batch shows them: numbers as Int32Array where that can hold them, as the engine's columns do. */
export const fieldRows = (rows: readonly LawRow[]): FieldRows => {
  const numbers = rows.map(({ v }) => (typeof v === 'number' ? v : Number.NaN));
  const whole = numbers.every((number) => Object.is(number, number | 0));
  return {
    size: rows.length,
    numbers: whole ? Int32Array.from(numbers) : Float64Array.from(numbers),
    at: Float64Array.from(rows, ({ at }) => at),
    heardAt: Float64Array.from(rows, ({ heardAt }) => heardAt),
    value: (index) => (Number.isNaN(rows[index]!.v) ? null : (rows[index]!.v ?? null)),
    row: (index) => rows[index]!,
  };
};

/** Rows in any order of time, no two heard at the same moment, with nulls and NaN among them. */
export const lawRows = (values: fc.Arbitrary<unknown>, maxLength = 40): fc.Arbitrary<LawRow[]> =>
  fc
    .array(
      fc.record({
        at: fc.nat(9),
        v: fc.oneof({ weight: 6, arbitrary: values }, fc.constantFrom(null, undefined, Number.NaN)),
      }),
      { maxLength },
    )
    .chain((rows) =>
      fc
        .shuffledSubarray(
          rows.map((_, index) => index),
          { minLength: rows.length },
        )
        .map((order) => rows.map((row, index) => ({ ...row, heardAt: 100 + order[index]! / 4 }))),
    );
