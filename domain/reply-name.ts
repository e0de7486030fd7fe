import { stableId } from './stable-id.ts';

/** Letters, digits and hyphens, as every part of a Message-ID may be; other ids are hashed. */
export const idPart = (id: string): string => (/^[\w-]{1,128}$/.test(id) ? id : stableId(id));

/**
 * The left part of a Message-ID, `action.recipient.shipment`: the same on every attempt, and so made that whoever hears of a
 * reply knows its shipment from what the reply refers to, without having to remember what was sent.
 */
export const replyName = (actionId: string, to: string, shipmentId: string): string =>
  [
    idPart(actionId),
    stableId(to.toLowerCase()).slice(0, 12),
    Buffer.from(shipmentId).toString('base64url'),
  ].join('.');

const named = /^<?[\w-]{1,128}\.[\w-]{12}\.([\w-]+)@[^@\s>]+>?$/;

/** The shipment that a message of ours was about, by the Message-ID in `In-Reply-To`; null where it is none of ours. */
export const shipmentOfReply = (inReplyTo: string): string | null => {
  const shipment = named.exec(inReplyTo.trim())?.[1];
  if (shipment === undefined) return null;
  const shipmentId = Buffer.from(shipment, 'base64url').toString();
  return Buffer.from(shipmentId).toString('base64url') === shipment ? shipmentId : null;
};
