import type { FieldRows, ObjectAggregate } from '../aggregate.ts';
import type { FieldValue } from '../aggregate-result.ts';
import { usualValueBytes, within } from './bytes-of.ts';
import type { HavingField } from './field-types.ts';
import { byTime, type Moment } from './in-order.ts';
import { missing } from './missing.ts';
import { wholeNumber } from './whole-number.ts';

/** The value that is held, and since when; `value` is null before there is one. */
export interface Held {
  at: number;
  heardAt: number;
  value: unknown;
}

export interface HeldOptions {
  /** Bytes that one value may take, two a character of a string; 512 if not given. A larger one is refused (FW410). */
  readonly maxValueBytes?: number;
}

/** One value of a field out of many: a later one takes its place where `yields` says so. */
export const heldValue = <F extends string>(
  verb: string,
  field: F,
  { maxValueBytes = usualValueBytes }: HeldOptions,
  yields: (order: number) => boolean,
): ObjectAggregate<HavingField<F>, Held, FieldValue<F> | null> => {
  const label = `${verb}(${field})`;
  wholeNumber(label, 'maxValueBytes', maxValueBytes, { least: 16 });
  const offer = (held: Held, moment: Moment, value: unknown): void => {
    if (held.value !== null && !yields(byTime(held, moment))) return;
    held.value = within(label, value, 'maxValueBytes', maxValueBytes);
    held.at = moment.at;
    held.heardAt = moment.heardAt;
  };
  return {
    kind: 'object',
    label,
    field,
    maxBytes: maxValueBytes + 64,
    create: () => ({ at: 0, heardAt: 0, value: null }),
    add(held, rows: FieldRows, index) {
      const value = rows.value(index);
      if (!missing(value)) offer(held, { at: rows.at[index]!, heardAt: rows.heardAt[index]! }, value);
      return held;
    },
    merge(held, other) {
      if (other.value !== null) offer(held, other, other.value);
      return held;
    },
    // What the field holds is known to the definition's types alone.
    result: ({ value }) => value as FieldValue<F> | null,
    encode: (held) => ({ ...held }),
    decode: (encoded) => ({ ...(encoded as Held) }),
  };
};
