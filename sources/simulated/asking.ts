import { Random } from './random.ts';
import type { Shipment } from './shipment.ts';

const hourMs = 3_600_000;

/**
 * Chance that the customer of a shipment that is, or is going to be, late asks about it: where nobody has told
 * it, and where it was told before it would have asked. The difference is what a message in time is worth.
 */
export const chanceOfAsking = { untold: 0.42, told: 0.12 } as const;

/** When a customer looks for its goods, against the promise: from two hours before it on. */
const looksHours = { from: -2, to: 6 } as const;

const channels = ['email', 'email', 'phone', 'phone', 'chat', 'web', 'ticket'] as const;

/** A customer's look at one shipment. Its luck is the same whether it was told or not, and no other luck depends on it. */
export interface Look {
  readonly at: number;
  readonly luck: number;
  readonly channel: (typeof channels)[number];
}

export const lookOf = (seed: number, shipment: Shipment): Look => {
  const random = new Random(seed, 'inquiry', shipment.number);
  const at = Math.round(shipment.promisedAt + random.between(looksHours.from, looksHours.to) * hourMs);
  return { at, luck: random.next(), channel: random.pick(channels) };
};

/** Whether the customer of a late shipment asks, and whether it would have had nobody told it. */
export const askedOf = (
  { at, luck }: Look,
  toldAt: number | null,
): { readonly asked: boolean; readonly askedUntold: boolean } => {
  const isTold = toldAt !== null && toldAt <= at;
  return {
    asked: luck < (isTold ? chanceOfAsking.told : chanceOfAsking.untold),
    askedUntold: luck < chanceOfAsking.untold,
  };
};

export const inquiryRecord = (shipment: Shipment, { at, channel }: Look, wasTold: boolean): object => ({
  type: 'inquiry',
  id: `inquiry-${shipment.id}`,
  at: new Date(at).toISOString(),
  customerId: shipment.customerId,
  shipmentId: shipment.id,
  channel,
  about: wasTold ? 'delay' : 'where_is_it',
  reference: `T-${shipment.number}`,
});
