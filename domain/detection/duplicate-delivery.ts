import type { TrackingEvent } from '../tracking-event.ts';
import { MINUTE_MS } from './view.ts';

/** A delivery that was reported, as much of it as tells it from another. */
export interface Delivered {
  readonly id: string;
  readonly at: number;
  readonly where: string;
}

const KEPT = 8;

export const deliveredOf = ({ id, at, place }: TrackingEvent): Delivered => ({
  id,
  at,
  where: [place?.locationId, place?.unlocode, place?.city, place?.postalCode]
    .map((part) => (part ?? '').trim().toUpperCase())
    .join('|'),
});

export const withDelivery = (known: readonly Delivered[], delivery: Delivered): readonly Delivered[] => [
  ...known.filter(({ id }) => id !== delivery.id).slice(-(KEPT - 1)),
  delivery,
];

/**
 * The delivery that another contradicts: one shipment is delivered once. Apart 240 min: 12:00 and 12:20 at one place →
 * said twice, none · 12:00 and 18:00 → two · 12:00 in Newark and 12:20 in Dayton → two. Not raised: for the end of a leg,
 * which its event names; for a delivery whose first report was taken back.
 */
export const contradicted = (
  known: readonly Delivered[],
  { id, at, where }: Delivered,
  apartMin: number,
): Delivered | undefined =>
  known.find(
    (other) =>
      other.id !== id &&
      (Math.abs(other.at - at) >= apartMin * MINUTE_MS ||
        (other.where !== where && other.where !== '|||' && where !== '|||')),
  );
