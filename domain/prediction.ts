import { z } from 'zod';
import { contribution } from './explanation.ts';
import { id, instant, probability, word } from './schema.ts';

/** Between the first and the last of these, four of five such shipments are delivered; as many come before the middle one as after it. */
export const etaQuantiles = z.object({ p10: instant, p50: instant, p90: instant });
export type EtaQuantiles = z.infer<typeof etaQuantiles>;

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
  /** Of the model whose probability this is. */
  modelVersion: word,
  /** Of all models that spoke; none where the rule of thumb did. */
  modelVersions: z.array(word).default([]),
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
  /** When it will be delivered, by the model of arrivals; null where there is none. */
  eta: etaQuantiles.nullable().default(null),
  /** What it would be late of, most likely, by the model of causes; null where there is none. */
  cause: z.object({ code: word, probability }).nullable().default(null),
  /** Risk by category, of those that have a model. */
  risks: z.record(word, probability).default({}),
  /** What moved the probability most; only where it raised an alarm. */
  contributions: z.array(contribution).default([]),
  /** Why an alarm has no contributions; null where it has, and where nothing was raised. */
  unexplained: z.string().nullable().default(null),
  /** What versions in shadow would have said, as far as they said it in time. */
  shadow: z.array(z.object({ modelVersion: word, probability })).default([]),
});
export type Prediction = z.infer<typeof prediction>;
