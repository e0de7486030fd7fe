import { z } from 'zod';
import { word } from './schema.ts';

/** How much one feature moved the log-odds of one prediction, and which value it had; null where it was not known. */
export const contribution = z.object({
  feature: word,
  value: z.number().nullable(),
  contribution: z.number(),
});
export type Contribution = z.infer<typeof contribution>;

/**
 * Why a model said what it said. The contributions of all features and `expected`, what it says of the average training
 * row, sum to its log-odds before calibration; only the largest are kept.
 */
export const explanation = z.object({
  modelVersion: word,
  expected: z.number(),
  /** Log-odds of this row. */
  margin: z.number(),
  /** Largest first, by size whatever its sign. */
  contributions: z.array(contribution),
  /** Why there is none; null where there is one. */
  absent: z.string().nullable(),
});
export type Explanation = z.infer<typeof explanation>;

/** For what the model, or the time, did not allow. */
export const noExplanation = (modelVersion: string, absent: string): Explanation => ({
  modelVersion,
  expected: 0,
  margin: 0,
  contributions: [],
  absent,
});
