import { z } from 'zod';
import type { ActionType } from './action.ts';
import { tier } from './codes.ts';
import { id, instant, probability, word } from './schema.ts';

/**
 * Actions that change when a shipment arrives, if they work: what they rescue was no false alarm. Messages, requests for
 * papers, claims and escalations change what people know. Our own list.
 */
export const treatmentTypes: readonly ActionType[] = [
  'rebook',
  'expedite',
  'reroute',
  'hold',
  'reschedule_appointment',
  'split_order',
];

/**
 * How long after its promise a shipment's label counts at the earliest: before, only those of its cohort that came early
 * would have one.
 */
export const MATURE_MS = 3 * 86_400_000;

/** One prediction whose truth is known, and what was done meanwhile. Its features stand beside it in `predictions`. */
export const labelled = z.object({
  /** The prediction's. */
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
  stage: word,
  /** Log time of the prediction, and that at which the outcome was known that the label is made from. */
  predictedAt: instant,
  knownAt: instant,
  modelVersion: word,
  answered: z.enum(['model', 'fallback']),
  probability,
  threshold: probability,
  /** What models that do not decide said of the same features. */
  shadow: z.array(z.object({ modelVersion: word, probability })).default([]),
  promisedAt: instant,
  deliveredAt: instant.nullable(),
  /** 1 delivered after the promise that the contract names, 0 in time; null where an earlier label was taken back. */
  label: z
    .union([z.literal(0), z.literal(1)])
    .nullable()
    .meta({ column: 'Nullable(UInt8)' }),
  minutesLate: z.number().nullable(),
  /** Why it was late, by what was reported in the end, else by the gravest exception that was detected; `none` in time. */
  cause: word,
  /** Categories that were detected after the prediction, each once. */
  happened: z.array(word),
  /** Treatments that were begun after the prediction and before the end, in their order. */
  treatments: z.array(z.object({ actionId: id, type: word, at: instant })),
  /** One was begun, or chance let one go ahead, whatever became of it. */
  treated: z.boolean(),
  /** Chance withheld one. */
  holdOut: z.boolean(),
  /** P(treated) by the logged policy, over all treatments decided after the prediction: 0 without any; null where people decided. */
  propensity: probability.nullable(),
});
export type Labelled = z.infer<typeof labelled>;
