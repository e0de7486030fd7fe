import { z } from 'zod';
import { id, instant, word } from './schema.ts';

export const deadLetterStages = ['decode', 'validate', 'operator', 'score', 'sink'] as const;

/** Input that could not be used: nothing disappears. `bytes` is base64 of what came, whole. */
export const deadLetter = z.object({
  id,
  at: instant,
  heardAt: instant,
  stage: z.enum(deadLetterStages),
  feed: word,
  document: z.string(),
  /** Index of the record within the document. */
  position: z.int().min(0).meta({ column: 'UInt32' }),
  step: word,
  code: word,
  reason: z.string(),
  bytes: z.string(),
  codeVersion: word,
});
export type DeadLetter = z.infer<typeof deadLetter>;
