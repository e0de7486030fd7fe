import { z } from 'zod';
import { currency, id, instant, minorUnits, probability, word } from './schema.ts';

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
  /** Asks the TMS where the shipment is, because what we know has grown stale; its answer comes in as a document. */
  'query_status',
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
  /** Eligible, and withheld by the playbook's random hold-out, so that the effect of the others can be told. */
  'held_out',
  /** Withheld for the customer's sake: told already, opted out, budget spent. */
  'suppressed',
] as const;

/** A person who said yes. */
export const approvalGiven = z.object({ by: word, role: z.string().nullable(), at: instant });

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
  /** Role that may approve, of the present rung of the chain; null where no approval is needed. */
  role: z.string().nullable(),
  approvalDueAt: instant.nullable(),
  /** How many people must approve, and who has. */
  approvalsNeeded: z.int().min(0).default(0).meta({ column: 'UInt8' }),
  approvals: z.array(approvalGiven).default([]),
  /** After this time it would come too late to help, and is not begun. */
  expiresAt: instant.nullable(),
  costMinor: minorUnits,
  costCurrency: currency.default('USD'),
  /** What stands behind many exceptions at once, such as a storm; see `cause-record.ts`. */
  causeId: z.string().nullable().default(null),
  /** What a message says: the same news of a shipment is told to a receiver once. Null for what is no message. */
  news: z.string().nullable().default(null),
  /** Owed by contract, or for safety or the cold chain: no hold-out and no budget withholds it. */
  mandatory: z.boolean().default(false),
  /**
   * Probability with which the policy took this action for a case like this one, at the moment it decided: 1 where it
   * always does, 1 − hold-out share where chance decides; null where people decide.
   */
  propensity: probability.nullable().default(null),
  /** The action that this one makes good, because its exception was withdrawn. */
  compensates: z.string().nullable().default(null),
  decidedBy: z.string().nullable(),
  decidedReason: z.string().nullable(),
  dueAt: instant.nullable(),
  sentAt: instant.nullable(),
  /** What the receiver needs to act: flat facts about shipment and exception. */
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
export type Action = z.infer<typeof action>;

/** The dispatcher's word, as `error` of a result `suppressed`, about what was called off while it was held back: nothing of it has left. */
export const NEVER_LEFT = 'never_left';

/** What the dispatcher found out about one attempt. */
export const actionResult = z.object({
  id,
  at: instant,
  heardAt: instant,
  actionId: id,
  shipmentId: id,
  exceptionId: id,
  result: z.enum(['sent', 'confirmed', 'uncertain', 'failed', 'expired', 'suppressed']),
  attempts: z.int().min(0).meta({ column: 'UInt32' }),
  httpStatus: z.int().nullable().meta({ column: 'Nullable(UInt16)' }),
  error: z.string().nullable(),
});
export type ActionResult = z.infer<typeof actionResult>;
