import { identifierKey, type Identifier, type Place } from '../../domain/event.ts';
import { stableId } from '../../domain/stable-id.ts';

export interface TrackingKey {
  readonly shipmentId: string | null;
  readonly identifiers: readonly Identifier[];
  readonly standard: string | null;
  readonly status: string | null;
  readonly reason: string | null;
  /** What makes the moment: event time, before it was cut to what had been heard; with an estimate, both. */
  readonly when: string;
  readonly place: Place | null;
}

/**
 * Id of a tracking event that its sender gave none: the same event heard over two feeds, or in a file that was
 * sent twice, has the same one.
 */
export const trackingId = (key: TrackingKey): string =>
  stableId(
    'tracking',
    key.shipmentId ?? key.identifiers.map(identifierKey).toSorted().join('|'),
    key.standard,
    key.status,
    key.reason,
    key.when,
    key.place === null ? null : placeKey(key.place),
  );

const placeKey = ({ locationId, unlocode, city, region, postalCode, latitude, longitude }: Place): string =>
  [locationId, unlocode, city, region, postalCode, latitude, longitude]
    .map((part) => (part === null ? '' : String(part).trim().toUpperCase()))
    .join('|');
