import { z } from 'zod';
import { id, instant, word } from './schema.ts';

export const deadLetterStages = ['decode', 'validate', 'operator', 'score', 'sink'] as const;

/** Where the record lies that could not be used, as far as it is known: what is played again is read there. */
export const letterOrigin = z.object({
  topic: word,
  /** Null where the key says it. */
  partition: z.int().min(0).meta({ column: 'UInt32' }).nullable(),
  /** Null where no single record was the cause, but time that went by. */
  offset: z.int().min(0).nullable(),
  key: z.string().nullable(),
  /** Of a raw document. */
  contentType: word.nullable(),
});
export type LetterOrigin = z.infer<typeof letterOrigin>;

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
  /** Letters of before 0.2.0 have none. */
  origin: letterOrigin.nullable(),
});
export type DeadLetter = z.infer<typeof deadLetter>;
