import type { ObjectAggregate } from './aggregate.ts';
import type { FieldValue } from './aggregate-result.ts';
import type { HavingField } from './parts/field-types.ts';
import { type Held, type HeldOptions, heldValue } from './parts/held-value.ts';

/**
 * The value that a field had last, by event time: 'Genoa' at 20, null at 25, 'Trieste' at 10 → 'Genoa'. Null and NaN are passed
 * over; of no values it is null. Of the same event time the one heard last counts, of the same of both the one that
 * arrived last; merged parts count as having arrived in the order of merging.
 *
 * One value for each key and pane, of at most `maxValueBytes`.
 */
export const last = <const F extends string>(
  field: F,
  options: HeldOptions = {},
): ObjectAggregate<HavingField<F>, Held, FieldValue<F> | null> =>
  heldValue('last', field, options, (order) => order <= 0);
