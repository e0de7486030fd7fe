import { z } from 'zod';
import { id, instant, probability, word } from './schema.ts';

/** One score of one live shipment after one event, with the features as the model saw them. */
export const prediction = z.object({
  id,
  at: instant,
  heardAt: instant,
  shipmentId: id,
  customerId: id,
  carrier: word,
  lane: word,
  /** Kind of the milestone after which the score was made, or `plan`. */
  stage: word,
  modelVersion: word,
  /** `fallback`: the model did not answer in time and the rule of thumb spoke instead. */
  answered: z.enum(['model', 'fallback']),
  probability,
  threshold: probability,
  promisedAt: instant,
  expectedAt: instant,
  /** With which features it was made, see `feature-set.ts`; empty in rows of before there was more than one set. */
  featureSet: z.string().default('').meta({ column: 'LowCardinality(String)' }),
  /** In the order in which they are declared, see docs/features.md; NaN is written as null. */
  features: z.array(z.number().nullable()).meta({ column: 'Array(Nullable(Float32))' }),
  /** What triggered the score. */
  eventId: id,
});
export type Prediction = z.infer<typeof prediction>;
