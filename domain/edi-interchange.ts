import { z } from 'zod';
import { id, instant, word } from './schema.ts';

/** Who an interchange is from or for: ISA05 with ISA06, or ISA07 with ISA08, without padding. */
export const ediParty = z.object({ qualifier: z.string().max(2), id: z.string().max(15) });
export type EdiParty = z.infer<typeof ediParty>;

/** The pair that counts its own control numbers: `ZZ:FOREWARN>02:SAIA`. */
export const partnershipOf = (sender: EdiParty, receiver: EdiParty): string =>
  `${sender.qualifier}:${sender.id}>${receiver.qualifier}:${receiver.id}`;

/**
 * An interchange of ours, written down before it is sent: which action has which control number, and its very bytes, so
 * that it goes out the same when its answer is lost.
 */
export const ediInterchange = z.object({
  id,
  at: instant,
  heardAt: instant,
  partnership: word,
  destination: word,
  /** ISA13 and GS06: from 1, each used once in its partnership. */
  control: z.int().min(1).max(999_999_999).meta({ column: 'UInt32' }),
  /** ST02 of its only transaction set. */
  setControl: z.string(),
  actionId: id,
  shipmentId: id,
  exceptionId: id,
  /** An acknowledgement is missed after this; null where the partner sends none. */
  acknowledgeBy: instant.nullable(),
  text: z.string(),
});
export type EdiInterchange = z.infer<typeof ediInterchange>;
