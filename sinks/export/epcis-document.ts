import type { Status } from '../../domain/codes.ts';
import type { Identifier, Place } from '../../domain/event.ts';
import { takesBack, threadOf } from '../../domain/event-version.ts';
import type { TrackingEvent } from '../../domain/tracking-event.ts';

export interface EpcisExport {
  readonly document: object;
  /** Estimates and appointments, of which EPCIS tells nothing, and retractions of events that are not among these. */
  readonly leftOut: number;
}

const steps: Readonly<Partial<Record<Status, string>>> = {
  picked_up: 'collecting',
  departed: 'departing',
  arrived: 'arriving',
  in_transit: 'transporting',
  out_for_delivery: 'transporting',
  delivered: 'accepting',
  held: 'holding',
};

/**
 * Tracking events as an EPCIS 2.0 document of ObjectEvents: what was seen, where and in what state. An event that another one
 * takes back is told with an error declaration. `createdAt` is when the document is made.
 */
export const epcisDocument = (events: readonly TrackingEvent[], createdAt: number): EpcisExport => {
  const retractions = events.filter(({ retracts }) => retracts !== null);
  const happened = events.filter(
    ({ retracts, status }) => retracts === null && status !== 'estimate' && status !== 'appointment',
  );
  const isUsed = ({ retracts }: TrackingEvent): boolean =>
    happened.some(({ id }) => takesBack(retracts ?? '', id));
  const eventList = happened.map((event) =>
    objectEvent(event, retractions.find(({ retracts }) => takesBack(retracts ?? '', event.id)) ?? null),
  );
  return {
    document: {
      '@context': ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld'],
      type: 'EPCISDocument',
      schemaVersion: '2.0',
      creationDate: iso(createdAt),
      epcisBody: { eventList },
    },
    leftOut: events.length - happened.length - retractions.filter(isUsed).length,
  };
};

const objectEvent = (event: TrackingEvent, retraction: TrackingEvent | null): object => {
  const { temperatureC, identifiers } = event;
  const readPoint = placeUri(event.place);
  const bizTransactionList = identifiers.flatMap(transactionOf);
  return {
    type: 'ObjectEvent',
    eventID: eventUri(event.id),
    eventTime: iso(event.at),
    eventTimeZoneOffset: '+00:00',
    ...(retraction === null
      ? {}
      : { errorDeclaration: { declarationTime: iso(retraction.at), reason: 'incorrect_data' } }),
    epcList: identifiers.flatMap(({ kind, value }) => epcOf(kind, value)),
    action: 'OBSERVE',
    bizStep: steps[event.status] ?? 'other',
    disposition: dispositionOf(event),
    ...(readPoint === null ? {} : { readPoint: { id: readPoint } }),
    ...(bizTransactionList.length === 0 ? {} : { bizTransactionList }),
    ...(temperatureC === null
      ? {}
      : {
          sensorElementList: [{ sensorReport: [{ type: 'Temperature', value: temperatureC, uom: 'CEL' }] }],
        }),
  };
};

const iso = (at: number): string => new Date(at).toISOString();

const dispositionOf = ({ category, effect, status }: TrackingEvent): string => {
  if (category === 'theft') return 'stolen';
  if (effect === 'damaged') return 'damaged';
  if (effect === 'short') return 'mismatch_quantity';
  if (effect === 'returned' || status === 'returned') return 'returned';
  return status === 'delivered' ? 'in_progress' : 'in_transit';
};

/** An id of ours is 128 bits, and so is a UUID. */
const eventUri = (id: string): string => {
  const hex = threadOf(id) ?? id;
  if (!/^[0-9a-f]{32}$/.test(hex)) return `urn:forewarn:event:${encodeURIComponent(id)}`;
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)];
  return `urn:uuid:${parts.join('-')}`;
};

const epcOf = (kind: Identifier['kind'], value: string): string[] => {
  if (kind === 'container' && /^[A-Z]{3}[UJZ]\d{7}$/.test(value)) return [`urn:epc:id:bic:${value}`];
  if (kind === 'tracking' && /^\d{18}$/.test(value)) return [`https://id.gs1.org/00/${value}`];
  return [];
};

const transactionOf = ({ kind, issuer, value }: Identifier): object[] => {
  if (epcOf(kind, value).length > 0) return [];
  const bizTransaction = `urn:forewarn:${kind}:${encodeURIComponent(issuer)}:${encodeURIComponent(value)}`;
  const type = kind === 'po' || kind === 'bol' ? { type: kind } : {};
  return [{ ...type, bizTransaction }];
};

const placeUri = (place: Place | null): string | null => {
  if (place === null) return null;
  const { unlocode, latitude, longitude, locationId } = place;
  if (locationId !== null && /^\d{13}$/.test(locationId)) return `https://id.gs1.org/414/${locationId}`;
  if (unlocode !== null) return `https://vocabulary.uncefact.org/unlocode#${encodeURIComponent(unlocode)}`;
  if (latitude !== null && longitude !== null) return `geo:${latitude},${longitude}`;
  return locationId === null ? null : `urn:forewarn:place:${encodeURIComponent(locationId)}`;
};
