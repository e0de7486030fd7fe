import { z } from 'zod';
import { id, instant, word } from './schema.ts';

export const auditKinds = [
  'rules_loaded',
  'rules_refused',
  'change_proposed',
  'change_applied',
  'change_reverted',
  'category_proposed',
  'category_accepted',
  'category_reverted',
  'review_written',
] as const;

/** One change of what decides, or a proposal of one: append-only, so that anyone can say who changed what, and why. */
export const auditEntry = z.object({
  id,
  at: instant,
  heardAt: instant,
  kind: z.enum(auditKinds),
  /** A person, or the part of Forewarn that did it. */
  by: word,
  /** What was changed, such as `playbooks/delay-predicted.yaml steps.expedite.guard.minProbability`. */
  subject: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
  reason: z.string(),
});
export type AuditEntry = z.infer<typeof auditEntry>;
