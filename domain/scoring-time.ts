import { z } from 'zod';
import { id, instant, word } from './schema.ts';

/**
 * How long a version took in its thread for the batches of one size between two looks, each row as long as in the middle one
 * of them. Measured on the clock of the machine, and from then on a record like any other: what is decided by it can be read
 * again.
 */
export const scoringTime = z.object({
  id,
  at: instant,
  heardAt: instant,
  /** `late-delivery@3f2a9c1d0b7e` */
  modelVersion: word,
  /** Batches of at most so many rows, and more than the next smaller size. */
  rowsAtMost: z.int().positive(),
  batches: z.int().positive(),
  rows: z.int().positive(),
  tookMs: z.number().min(0),
});
export type ScoringTime = z.infer<typeof scoringTime>;

/** What is measured, before it has its place in the log. */
export type TimesOfSize = Omit<ScoringTime, 'id' | 'at' | 'heardAt'>;
