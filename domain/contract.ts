import { z } from 'zod';
import { tier } from './codes.ts';
import { eventBase } from './event.ts';
import { currency, id, instant, word } from './schema.ts';
import { audiences, promiseBases, quietHours } from './sla.ts';

/** What a customer may override of its tier's terms in `rules/sla.yaml`; durations in minutes. */
export const contractTerms = z.object({
  graceMin: z.number().min(0).optional(),
  responseMin: z.number().positive().optional(),
  resolutionMin: z.number().positive().optional(),
  promiseBasis: z.enum(promiseBases).optional(),
  told: z.array(z.enum(audiences)).optional(),
  /** Null: none, whatever the tier says. */
  quietHours: quietHours.nullable().optional(),
  penaltyMinor: z.int().min(0).optional(),
  /** Of the penalty, whoever names its amount; the tier's where it is left out. */
  penaltyCurrency: currency.optional(),
  /** A calendar of `rules/sla.yaml`; one that is not there is passed over. */
  calendar: word.optional(),
});

/** A customer's contract, effective from `effectiveFrom` until a later one or `effectiveTo`. */
export const contract = eventBase.extend({
  customerId: id,
  version: z.int().min(1).meta({ column: 'UInt32' }),
  tier,
  terms: contractTerms.default({}),
  effectiveFrom: instant,
  effectiveTo: instant.nullable().default(null),
});
export type Contract = z.infer<typeof contract>;
