import { z } from 'zod';
import { tier } from './codes.ts';
import { currency, id, instant, minorUnits, probability, word } from './schema.ts';

/** What was done about a shipment, and how it went. */
export const actionTaken = z.object({
  id,
  exceptionId: id,
  category: word,
  type: word,
  playbook: word,
  step: word,
  /** The action's last state. */
  result: word,
  /** Whether it worked, as another system says; null where none has. */
  reported: z.enum(['worked', 'did_not_work']).nullable().default(null),
  costMinor: minorUnits,
  costCurrency: currency,
  decidedBy: z.string().nullable(),
  propensity: probability.nullable(),
  at: instant,
});

/** How a shipment ended, against the promise that its contract names. One row a shipment: the label. */
export const outcome = z.object({
  id,
  version: z.int().min(1).meta({ column: 'UInt32' }),
  at: instant,
  heardAt: instant,
  shipmentId: id,
  customerId: id,
  tier,
  carrier: word,
  lane: word,
  service: word,
  result: z.enum(['delivered', 'returned', 'cancelled', 'lost']),
  /** The promise that the contract names: the label. */
  promisedAt: instant,
  /** The last promise that was made; where it moved, the label did not. */
  latestPromisedAt: instant.default(0),
  contractVersion: z.int().nullable().default(null).meta({ column: 'Nullable(UInt32)' }),
  deliveredAt: instant.nullable(),
  /** Delivered minus promised, in minutes; negative is early; null when never delivered. */
  minutesLate: z.number().nullable(),
  breached: z.boolean(),
  exceptions: z.array(z.string()),
  actions: z.array(z.string()),
  /** Highest risk that was ever predicted before delivery. */
  peakProbability: probability.nullable(),
  predicted: z.boolean(),
  /** First message to the customer, and whether it went out before the promise had passed. */
  customerToldAt: instant.nullable(),
  toldBeforeBreach: z.boolean(),
  /** How often the customer asked, and when first. */
  inquiries: z.int().min(0).default(0).meta({ column: 'UInt32' }),
  firstInquiryAt: instant.nullable().default(null),
  valueMinor: minorUnits.default(0),
  /** What was spent on actions that left, and what the breach costs by contract. */
  costMinor: minorUnits.default(0),
  penaltyMinor: minorUnits.default(0),
  penaltyCurrency: currency.default('USD'),
  currency: currency.default('USD'),
  actionsTaken: z.array(actionTaken).default([]),
  /** What was asked of the carrier for it, later what was paid; null without a claim. */
  claimMinor: minorUnits.nullable().default(null).meta({ column: 'Nullable(Int64)' }),
  claimCurrency: currency.nullable().default(null).meta({ column: 'LowCardinality(Nullable(String))' }),
  /** Why it went wrong, as another system said in the end. */
  reportedReason: word.nullable().default(null).meta({ column: 'LowCardinality(Nullable(String))' }),
});
export type Outcome = z.infer<typeof outcome>;
