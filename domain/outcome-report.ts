import { z } from 'zod';
import { eventBase } from './event.ts';
import { currency, id, minorUnits, word } from './schema.ts';

/** How something ended, as another system knows it: what an action did, what a claim brought, what it cost. */
export const outcomeReport = eventBase.extend({
  shipmentId: id,
  exceptionId: id.nullable().default(null),
  actionId: id.nullable().default(null),
  what: z.enum(['worked', 'did_not_work', 'claim_opened', 'claim_settled', 'cost', 'reason']),
  by: word.default('unknown'),
  reason: word.default('none'),
  amountMinor: minorUnits.nullable().default(null).meta({ column: 'Nullable(Int64)' }),
  currency: currency.nullable().default(null).meta({ column: 'LowCardinality(Nullable(String))' }),
});
export type OutcomeReport = z.infer<typeof outcomeReport>;
