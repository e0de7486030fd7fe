import type { CarrierReply } from '../carrier-reply.ts';
import { replyRoot } from '../reply-root.ts';

/** AmazonTrackingResponse, as A1 (Amazon's carriers with numbers `AZ…`) answers. */
export const a1Xml: CarrierReply = {
  name: 'a1-xml',
  recognises: (sight) => replyRoot(sight) === 'AmazonTrackingResponse',
  standard: 'amazon-shipping',
  carrier: 'A1',
  parcels: ['PackageTrackingInfo'],
  tracking: ['TrackingNumber'],
  scans: ['TrackingEventHistory.TrackingEventDetail'],
  scan: {
    status: [{ list: 'event', path: 'EventCode' }],
    times: [{ date: 'EventDateTime' }],
    place: {
      city: 'EventLocation.City',
      region: 'EventLocation.StateProvince',
      country: 'EventLocation.CountryCode',
      postalCode: 'EventLocation.PostalCode',
    },
    text: ['EventCodeDesc'],
  },
  estimates: [{ date: 'TrackingEventHistory.TrackingEventDetail.EstimatedDeliveryDate' }],
  destination: {
    city: 'PackageDestinationLocation.City',
    region: 'PackageDestinationLocation.StateProvince',
    country: 'PackageDestinationLocation.CountryCode',
    postalCode: 'PackageDestinationLocation.PostalCode',
  },
  errors: [
    {
      of: 'document',
      path: 'TrackingErrorInfo.TrackingErrorDetail',
      code: 'ErrorDetailCode',
      words: ['ErrorDetailCodeDesc'],
    },
  ],
};

/** Prestige writes the same event codes in JSON. */
export const prestigeJson: CarrierReply = {
  name: 'prestige-json',
  recognises: ({ object }) =>
    object !== null && 'TrackingNumber' in object && 'TrackingEventHistory' in object,
  standard: 'amazon-shipping',
  carrier: 'PRESTIGE',
  parcels: [''],
  tracking: ['TrackingNumber'],
  scans: ['TrackingEventHistory'],
  scan: {
    status: [{ list: 'event', path: 'EventCode' }],
    times: [{ date: 'serverDate', time: 'serverTime' }],
    place: { city: 'ELCity', region: 'ELState', postalCode: 'ELZip', country: 'CountryCode' },
    text: ['EventCodeDesc'],
  },
  estimates: [{ date: 'TrackingEventHistory.EstimatedDeliveryDate' }],
  destination: {
    city: 'TrackingEventHistory.PDCity',
    region: 'TrackingEventHistory.PDState',
    postalCode: 'TrackingEventHistory.PDZip',
  },
};

/** LaserShip (now OnTrac). */
export const lasershipJson: CarrierReply = {
  name: 'lasership-json',
  recognises: ({ object }) =>
    object !== null && 'OrderNumber' in object && 'Pieces' in object && 'Events' in object,
  standard: 'lasership',
  carrier: 'LASERSHIP',
  parcels: [''],
  tracking: ['Pieces.TrackingNumber'],
  alsoKnownAs: [{ kind: 'shipper_reference', path: 'OrderNumber' }],
  scans: ['Events'],
  scan: {
    status: [{ list: 'event', path: 'EventType' }],
    times: [{ date: 'UTCDateTime', isUtc: true }, { date: 'DateTime' }],
    place: { city: 'City', region: 'State', country: 'Country', postalCode: 'PostalCode' },
    text: ['EventShortText'],
  },
  estimates: [{ date: 'EstimatedDeliveryDate' }],
  destination: {
    city: 'Destination.City',
    region: 'Destination.State',
    country: 'Destination.Country',
    postalCode: 'Destination.PostalCode',
  },
};

/** TrackShipmentResponse of Stamps.com (SWS/IM). It repeats no number, so that it can be used only where one was put in. */
export const stampsXml: CarrierReply = {
  name: 'stamps-xml',
  recognises: (sight) => replyRoot(sight) === 'TrackShipmentResponse',
  standard: 'stamps',
  carrier: 'USPS',
  parcels: [''],
  tracking: ['TrackingNumber'],
  scans: ['TrackingEvents.TrackingEvent'],
  scan: {
    status: [{ list: 'event', path: 'TrackingEventType' }],
    times: [{ date: 'Timestamp' }],
    place: { city: 'City', region: 'State', country: 'Country', postalCode: 'Zip' },
    text: ['Event'],
  },
  estimates: [{ date: 'ExpectedDeliveryDate', midnightIsDay: true }],
};
