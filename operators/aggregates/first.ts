import type { ObjectAggregate } from './aggregate.ts';
import type { FieldValue } from './aggregate-result.ts';
import type { HavingField } from './parts/field-types.ts';
import { type Held, type HeldOptions, heldValue } from './parts/held-value.ts';

/**
 * The value that a field had first, by event time: 'Genoa' at 20, null at 5, 'Trieste' at 10 → 'Trieste'. Null and NaN are passed
 * over; of no values it is null. Of the same event time the one heard first counts, of the same of both the one that
 * arrived first; merged parts count as having arrived in the order of merging.
 *
 * One value for each key and pane, of at most `maxValueBytes`.
 */
export const first = <const F extends string>(
  field: F,
  options: HeldOptions = {},
): ObjectAggregate<HavingField<F>, Held, FieldValue<F> | null> =>
  heldValue('first', field, options, (order) => order > 0);
