import { z } from 'zod';
import { id, instant, minorUnits, word } from './schema.ts';

export const actionTypes = [
  'notify_customer',
  'notify_consignee',
  'notify_carrier',
  'rebook',
  'expedite',
  'reroute',
  'hold',
  'reschedule_appointment',
  'request_documents',
  'open_claim',
  'split_order',
  'escalate',
] as const;
export const actionType = z.enum(actionTypes);
export type ActionType = z.infer<typeof actionType>;

export const actionStates = [
  'proposed',
  'awaiting_approval',
  'due',
  'sent',
  'uncertain',
  'failed',
  'expired',
  'confirmed',
  'cancelled',
  'refused',
] as const;

/**
 * Something to do about an exception. The id is made of exception, playbook, step and occurrence, never of a
 * model's version or a clock, and is the idempotency key under which it leaves the house.
 */
export const action = z.object({
  id,
  version: z.int().min(1).meta({ column: 'UInt32' }),
  at: instant,
  heardAt: instant,
  exceptionId: id,
  shipmentId: id,
  customerId: z.string().nullable(),
  type: actionType,
  playbook: word,
  step: word,
  /** Name of the destination in `forewarn.yaml`; null for `recommend`, which nothing executes. */
  destination: z.string().nullable(),
  template: word,
  authority: z.enum(['auto', 'approve', 'recommend']),
  state: z.enum(actionStates),
  /** Role that may approve; null where no approval is needed. */
  role: z.string().nullable(),
  approvalDueAt: instant.nullable(),
  /** After this time it would come too late to help, and is not begun. */
  expiresAt: instant.nullable(),
  costMinor: minorUnits,
  decidedBy: z.string().nullable(),
  decidedReason: z.string().nullable(),
  dueAt: instant.nullable(),
  sentAt: instant.nullable(),
  /** What the receiver needs to act: flat facts about shipment and exception. */
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
export type Action = z.infer<typeof action>;

/** What the dispatcher found out about one attempt. */
export const actionResult = z.object({
  id,
  at: instant,
  heardAt: instant,
  actionId: id,
  shipmentId: id,
  exceptionId: id,
  result: z.enum(['sent', 'confirmed', 'uncertain', 'failed', 'expired']),
  attempts: z.int().min(0).meta({ column: 'UInt32' }),
  httpStatus: z.int().nullable().meta({ column: 'Nullable(UInt16)' }),
  error: z.string().nullable(),
});
export type ActionResult = z.infer<typeof actionResult>;
