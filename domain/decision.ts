import { z } from 'zod';
import { eventBase } from './event.ts';
import { id, instant, text, word } from './schema.ts';

export const verdicts = [
  'approve',
  'refuse',
  'acknowledge',
  /** A person says that the exception itself is over. */
  'resolve',
  /** Quiet until a time, or until it grows graver. */
  'snooze',
  'wake',
  'assign',
  /** A note beside the exception: it changes nothing. */
  'comment',
] as const;

/** What a person decided about an action or an exception. The reason is a code; the note is for people only. */
export const decision = eventBase.extend({
  shipmentId: id,
  exceptionId: id,
  actionId: id.nullable().default(null),
  verdict: z.enum(verdicts),
  by: word,
  /** Roles of who decided; `*` where no roles are configured. */
  roles: z.array(z.string()).default(['*']),
  /** With `snooze`: until when. */
  until: instant.nullable().default(null),
  /** With `assign`: to whom; null gives it back. */
  assignee: z.string().min(1).max(120).nullable().default(null),
  /** The cause under which many were decided at once. */
  causeId: z.string().nullable().default(null),
  reason: word.default('none'),
  note: text.default(''),
});
export type Decision = z.infer<typeof decision>;
