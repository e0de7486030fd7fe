import { z } from 'zod';
import { eventBase } from './event.ts';
import { id, text, word } from './schema.ts';

/** What a person decided about an action or an exception. The reason is a code; the note is for people only. */
export const decision = eventBase.extend({
  shipmentId: id,
  exceptionId: id,
  actionId: id.nullable().default(null),
  /** `resolve`: a person says that the exception itself is over. */
  verdict: z.enum(['approve', 'refuse', 'acknowledge', 'resolve']),
  by: word,
  reason: word.default('none'),
  note: text.default(''),
});
export type Decision = z.infer<typeof decision>;
