import { z } from 'zod';
import { ediParty } from './edi-interchange.ts';
import { eventBase } from './event.ts';
import { word } from './schema.ts';

export const acknowledgementVerdicts = [
  'accepted',
  'accepted_with_errors',
  'partly_accepted',
  'rejected',
] as const;

/** An error that the partner found: AK3 and AK4 of a 997, IK3 and IK4 of a 999; codes as they came. */
export const acknowledgedError = z.object({
  segment: z.string(),
  /** Number of the segment within its set, from 1. */
  position: z.int().nullable(),
  loop: z.string().nullable(),
  /** X12 element 720 (997) or 620 (999): what is wrong with the segment. */
  segmentCode: z.string().nullable(),
  /** Position of the element, such as `2` or `3:1`; null where the whole segment is meant. */
  element: z.string().nullable(),
  /** X12 element 723 (997) or 621 (999). */
  elementCode: z.string().nullable(),
  value: z.string().nullable(),
});
export type AcknowledgedError = z.infer<typeof acknowledgedError>;

/**
 * What a partner's system says about something that we sent it: one row for each transaction set that it names, and one
 * with `setControl` null for the whole group.
 */
export const acknowledgement = eventBase.extend({
  standard: z.enum(['997', '999']),
  /** Who acknowledges, and whom. */
  sender: ediParty,
  receiver: ediParty,
  /** AK101 and AK102: our GS01 and GS06, without leading zeros. */
  functionalGroup: word,
  groupControl: z.string(),
  setControl: z.string().nullable(),
  verdict: z.enum(acknowledgementVerdicts),
  /** AK501 or IK501, AK901 for a group, as it came. */
  code: z.string(),
  /** Codes of AK502–506 or IK502–506, AK905–909 for a group. */
  reasons: z.array(z.string()),
  errors: z.array(acknowledgedError),
});
export type Acknowledgement = z.infer<typeof acknowledgement>;
