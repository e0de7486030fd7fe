import { z } from 'zod';
import { action } from './action.ts';
import { contact } from './directory.ts';
import { id, instant } from './schema.ts';

export const holdReasons = ['quiet_hours', 'digest'] as const;
export const suppressReasons = ['told_already', 'opted_out', 'no_contact', 'budget_spent'] as const;

/** Another action that a digest speaks for. */
export const covered = z.object({ actionId: id, shipmentId: id, exceptionId: id, facts: action.shape.facts });

/**
 * An action on its way out, after the step that knows the customer: who is told, in which language and thread, and
 * whether it goes now (`due`), later (`proposed`, with `heldUntil`), not at all (`suppressed`), or no more (`cancelled`; `expired` where
 * nobody has said its end in thirty days: the dispatcher tells the action so).
 * What is cancelled and still says `heldBecause` was held until then, and has never left. What is no message passes as it is. The id is the action's; that of a digest is its own, and `covers` says for whom.
 */
export const dispatch = action.extend({
  recipients: z.array(contact).default([]),
  /** Messages of one exception to one customer share a thread. */
  thread: z.string().default(''),
  covers: z.array(covered).default([]),
  heldUntil: instant.nullable().default(null),
  heldBecause: z.enum(holdReasons).nullable().default(null),
  suppressedBecause: z.enum(suppressReasons).nullable().default(null),
});
export type Dispatch = z.infer<typeof dispatch>;
