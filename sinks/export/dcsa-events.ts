import type { Status } from '../../domain/codes.ts';
import type { Identifier, Place } from '../../domain/event.ts';
import type { TrackingEvent } from '../../domain/tracking-event.ts';

/** As the body of `POST /events` of DCSA Track & Trace 3.0, and how many events it has no word for. */
export interface DcsaExport {
  readonly events: readonly object[];
  readonly leftOut: number;
}

/** What DCSA 3.0 calls a status of ours; it has no word for the rest, such as a van on its round. */
const words: Readonly<Partial<Record<Status, readonly [type: string, word: string]>>> = {
  planned: ['SHIPMENT', 'CONFIRMED'],
  picked_up: ['EQUIPMENT', 'PICKED_UP'],
  departed: ['TRANSPORT', 'DEPARTED'],
  arrived: ['TRANSPORT', 'ARRIVED'],
  in_transit: ['EQUIPMENT', 'CROSSED'],
  available_for_pickup: ['EQUIPMENT', 'AVAILABLE_FOR_PICKUP'],
  delivered: ['EQUIPMENT', 'DROPPED_OFF'],
  held: ['SHIPMENT', 'ON_HOLD'],
  cancelled: ['SHIPMENT', 'CANCELLED'],
};

/**
 * Tracking events as DCSA Track & Trace 3.0 events. An estimate is an `ESTIMATED` event of what it expects; a measured
 * temperature is a reefer event; what takes an event back says so of that event's id. Times are UTC.
 */
export const dcsaEvents = (events: readonly TrackingEvent[]): DcsaExport => {
  const told = events.flatMap((event) => {
    const one = dcsaEvent(event);
    return one === null ? [] : [one];
  });
  return { events: told, leftOut: events.length - told.length };
};

const dcsaEvent = (event: TrackingEvent): object | null => {
  const { retracts, status, estimatedAt, temperatureC } = event;
  const names = namesOf(event.identifiers);
  const eventUpdatedDateTime = iso(event.heardAt);
  if (retracts !== null) return { eventID: retracts, isRetracted: true, eventUpdatedDateTime, ...names };
  const isEstimate = status === 'estimate';
  const word = words[isEstimate ? (event.expects ?? 'delivered') : status];
  const measured = temperatureC !== null && !isEstimate;
  if (!measured && word === undefined) return null;
  const [type, name] = measured ? ['REEFER', 'MEASURED'] : word!;
  const reason = event.code?.standard === 'dcsa' ? event.code.reason : null;
  return {
    eventID: event.id,
    eventDateTime: iso(isEstimate ? (estimatedAt ?? event.at) : event.at),
    eventUpdatedDateTime,
    eventClassification: {
      eventType: type,
      eventClassifier: isEstimate ? 'ESTIMATED' : 'ACTUAL',
      [`${type.toLowerCase()}EventType`]: name,
    },
    ...locationOf(event.place),
    ...(event.text === null ? {} : { reason: event.text.slice(0, 250) }),
    ...(reason === null ? {} : { transportDetails: { delayReasonCodes: [reason] } }),
    ...names,
    ...(measured
      ? {
          reeferDetails: {
            temperatureUnit: 'CEL',
            returnAirTemperatureMeasurement: { temperatureValue: temperatureC },
          },
        }
      : {}),
  };
};

const iso = (at: number): string => new Date(at).toISOString();

const documents: Readonly<Partial<Record<Identifier['kind'], string>>> = {
  booking: 'BOOKING',
  master_bill: 'TRANSPORT_DOCUMENT',
};
const references: Readonly<Partial<Record<Identifier['kind'], string>>> = {
  po: 'PURCHASE_ORDER_REFERENCE',
  shipper_reference: 'SHIPPERS_REFERENCE',
};

const namesOf = (identifiers: readonly Identifier[]): object => {
  const named = (types: typeof documents) =>
    identifiers.flatMap(({ kind, value }) => {
      const type = types[kind];
      return type === undefined ? [] : [{ type, reference: value }];
    });
  const [documentReference, ...others] = named(documents);
  const shipmentReferences = named(references);
  const container = identifiers.find(({ kind, value }) => kind === 'container' && value.length <= 11);
  const shipmentDetails = {
    ...(documentReference === undefined ? {} : { documentReference }),
    ...(others.length === 0 ? {} : { additionalDocumentReferences: others }),
    ...(shipmentReferences.length === 0 ? {} : { shipmentReferences }),
  };
  return {
    ...(Object.keys(shipmentDetails).length === 0 ? {} : { shipmentDetails }),
    ...(container === undefined ? {} : { equipmentDetails: { equipmentReference: container.value } }),
  };
};

const locationOf = (place: Place | null): object => {
  if (place === null) return {};
  const { city, region, postalCode, country, unlocode, latitude, longitude } = place;
  const address = {
    ...(city === null ? {} : { city: city.slice(0, 35) }),
    ...(region === null ? {} : { stateRegion: region.slice(0, 65) }),
    ...(postalCode === null ? {} : { postCode: postalCode.slice(0, 10) }),
    ...(country?.length === 2 ? { countryCode: country } : {}),
  };
  const eventLocation = {
    ...(unlocode === null || unlocode.length !== 5 ? {} : { UNLocationCode: unlocode }),
    ...(Object.keys(address).length === 0 ? {} : { address }),
    ...(latitude === null || longitude === null
      ? {}
      : { geoCoordinate: { latitude: String(latitude), longitude: String(longitude) } }),
  };
  return Object.keys(eventLocation).length === 0 ? {} : { eventLocation };
};
