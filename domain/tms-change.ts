import { z } from 'zod';
import { eventBase } from './event.ts';
import { currency, id, minorUnits, text, word } from './schema.ts';

export const tmsChanges = [
  'rebooked',
  'expedited',
  'rerouted',
  'appointment_moved',
  'held',
  'released',
  'split',
  'cancelled',
  'reason_set',
  'note_set',
  'claim_opened',
  'claim_settled',
  'delivered_by_hand',
] as const;

/**
 * What a person changed in the TMS about a shipment, read from its change feed by a mapping file: what was decided, and how
 * it ended, with no hand work. What we wrote ourselves and the TMS echoes never becomes one.
 */
export const tmsChange = eventBase.extend({
  shipmentId: id,
  what: z.enum(tmsChanges),
  /** Who did it, as the TMS names people; `unknown` where it does not say. */
  by: word.default('unknown'),
  /** Field that changed, and its values, as the TMS writes them. */
  field: z.string().max(200).nullable().default(null),
  before: text.nullable().default(null),
  after: text.nullable().default(null),
  /** Reason code, as the mapping knows it. */
  reason: word.default('none'),
  /** What it costs or brings, such as the amount of a claim. */
  amountMinor: minorUnits.nullable().default(null).meta({ column: 'Nullable(Int64)' }),
  currency: currency.nullable().default(null).meta({ column: 'LowCardinality(Nullable(String))' }),
});
export type TmsChange = z.infer<typeof tmsChange>;
