import { z } from 'zod';
import { id, instant, numbersByName, text, word } from './schema.ts';

/**
 * One thing that has moved: the error of a model, its inputs, a carrier. `note` is shown, `warning` is to be looked at,
 * `retrain` asks for a new version.
 */
export const driftFinding = z.object({
  id,
  at: instant,
  heardAt: instant,
  /** Name of the model; `all` for what every model lives with, such as a carrier. */
  model: word,
  kind: word,
  /** What moved: a version, a feature, a carrier, a lane of it. */
  subject: z.string(),
  grade: z.enum(['note', 'warning', 'retrain']),
  /** When it seems to have begun. */
  since: instant,
  text,
  numbers: numbersByName,
});
export type DriftFinding = z.infer<typeof driftFinding>;

/** How well a version did in one day of its predictions, once their ends were known. */
export const modelQuality = z.object({
  id,
  at: instant,
  heardAt: instant,
  model: word,
  modelVersion: word,
  /** Predictions of the day, and those whose end is known and was nobody's doing. */
  predictions: z.int().min(0).meta({ column: 'UInt32' }),
  rows: z.int().min(0).meta({ column: 'UInt32' }),
  /** Null where the rows are too few to tell. */
  rate: z.number().nullable(),
  auc: z.number().nullable(),
  brier: z.number().nullable(),
  logLoss: z.number().nullable(),
  /** By the model's own probabilities, before any label: blind to what the inputs have come to mean. */
  estimatedAuc: z.number().nullable(),
  estimatedBrier: z.number().nullable(),
  /** What is watched of it, such as the Brier score or the pinball loss in minutes, and how large it was; lower is better. */
  measure: z.string().default('').meta({ column: 'LowCardinality(String)' }),
  error: z.number().nullable().default(null),
  /** How far probabilities were from what came true, and intervals from holding as often as they say. */
  calibration: z.number().nullable().default(null),
  /** Share of arrivals inside of their interval; null of other models. */
  coverage: z.number().nullable().default(null),
});
export type ModelQuality = z.infer<typeof modelQuality>;
