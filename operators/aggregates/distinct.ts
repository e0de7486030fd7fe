import type { ObjectAggregate } from './aggregate.ts';
import { usualValueBytes, within } from './parts/bytes-of.ts';
import type { PlainIn } from './parts/field-types.ts';
import { missing } from './parts/missing.ts';
import { wholeNumber } from './parts/whole-number.ts';

/** The answer past the bound: there are at least so many, and how many more nobody has counted. */
export interface AtLeast {
  readonly atLeast: number;
}

export interface DistinctOptions {
  /** Different values that are kept and told apart. Beyond it the answer is `{ atLeast: atMost + 1 }`. */
  readonly atMost: number;
  /** Bytes that one value may take, two a character of a string; 512 if not given. A larger one is refused (FW410). */
  readonly maxValueBytes?: number;
}

/** The different values so far; none any more once there were too many. */
export interface Different {
  readonly values: Set<unknown>;
  over: boolean;
}

/**
 * How many different values a field has, exactly: 'a', 'b', null, 'a' → 2. With `atMost: 2`, a third value makes it
 * `{ atLeast: 3 }`: past its bound it stops counting and says so. Null and NaN are passed over; −0 is 0; 1 and '1' differ.
 *
 * It keeps every different value, up to `atMost` of at most `maxValueBytes` each; past the bound it keeps none. For
 * many values see `distinctAbout`.
 */
export const distinct = <const F extends string>(
  field: F,
  { atMost, maxValueBytes = usualValueBytes }: DistinctOptions,
): ObjectAggregate<PlainIn<F>, Different, number | AtLeast> => {
  const label = `distinct(${field})`;
  wholeNumber(label, 'atMost', atMost);
  wholeNumber(label, 'maxValueBytes', maxValueBytes, { least: 16 });
  const include = (different: Different, value: unknown): void => {
    if (different.over || different.values.has(value)) return;
    different.values.add(value);
    if (different.values.size > atMost) giveUp(different);
  };
  return {
    kind: 'object',
    label,
    field,
    maxBytes: 64 + atMost * maxValueBytes,
    create: () => ({ values: new Set(), over: false }),
    add(different, rows, index) {
      const value = rows.value(index);
      if (!missing(value)) include(different, within(label, value, 'maxValueBytes', maxValueBytes));
      return different;
    },
    merge(different, other) {
      if (other.over) giveUp(different);
      for (const value of other.values) include(different, value);
      return different;
    },
    result: ({ values, over }) => (over ? { atLeast: atMost + 1 } : values.size),
    encode: ({ values, over }) => ({ values: [...values], over }),
    decode(encoded) {
      const { values, over } = encoded as { readonly values: readonly unknown[]; readonly over: boolean };
      return { values: new Set(values), over };
    },
  };
};

const giveUp = (different: Different): void => {
  different.over = true;
  different.values.clear();
};
