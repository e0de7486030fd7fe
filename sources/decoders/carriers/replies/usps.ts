import type { CarrierReply } from '../carrier-reply.ts';
import { replyRoot } from '../reply-root.ts';

/** TrackResponse of the USPS Web Tools, revision 1 (Track and Confirm with fields): the last event, then those before. */
export const uspsXml: CarrierReply = {
  name: 'usps-xml',
  recognises: (sight) => {
    const root = replyRoot(sight);
    if (root === 'Error') return sight.head.includes('<Number>');
    return root === 'TrackResponse' && sight.head.includes('<TrackInfo');
  },
  standard: 'usps',
  carrier: 'USPS',
  parcels: ['TrackInfo'],
  tracking: ['@ID'],
  scans: ['TrackSummary', 'TrackDetail'],
  scan: {
    status: [{ list: 'event', path: 'EventCode' }],
    times: [{ date: 'EventDate', time: 'EventTime' }],
    place: { city: 'EventCity', region: 'EventState', country: 'EventCountry', postalCode: 'EventZIPCode' },
    text: ['Event'],
  },
  estimates: [{ date: 'PredictedDeliveryDate' }, { date: 'ExpectedDeliveryDate' }],
  destination: { city: 'DestinationCity', region: 'DestinationState', postalCode: 'DestinationZip' },
  errors: [
    { of: 'parcel', path: 'Error', code: 'Number', words: ['Description'] },
    { of: 'document', path: '', code: 'Number', words: ['Description'] },
  ],
};

/** Tracking 3.0 of USPS, REST (developers.usps.com/trackingv3). */
export const uspsJson: CarrierReply = {
  name: 'usps-json',
  recognises: ({ object }) =>
    object !== null && 'trackingNumber' in object && Array.isArray(object['trackingEvents']),
  standard: 'usps',
  carrier: 'USPS',
  parcels: [''],
  tracking: ['trackingNumber'],
  scans: ['trackingEvents'],
  scan: {
    status: [{ list: 'event', path: 'eventCode' }],
    times: [{ date: 'GMTTimestamp', isUtc: true }, { date: 'eventTimestamp' }],
    place: { city: 'eventCity', region: 'eventState', country: 'eventCountry', postalCode: 'eventZIP' },
    text: ['eventType'],
  },
  estimates: [
    { date: 'deliveryDateExpectation.predictedDeliveryDate' },
    { date: 'deliveryDateExpectation.expectedDeliveryDate' },
  ],
  destination: { city: 'destinationCity', region: 'destinationState', postalCode: 'destinationZIP' },
};
