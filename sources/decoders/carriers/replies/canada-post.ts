import type { CarrierReply } from '../carrier-reply.ts';
import { replyRoot } from '../reply-root.ts';

/**
 * Tracking details of Canada Post, in English or French alike. It names zones by their winter letters all year round
 * (`MST` in September), so that the province of the event is asked first and the letters stand for the zone with summer time.
 */
export const canadaPostXml: CarrierReply = {
  name: 'canada-post-xml',
  recognises: (sight) => {
    const root = replyRoot(sight);
    return root === 'tracking-detail' || (root === 'messages' && sight.head.includes('canadapost.ca'));
  },
  standard: 'canada-post',
  carrier: 'CANADAPOST',
  parcels: [''],
  tracking: ['pin', 'dnc'],
  alsoKnownAs: [
    { kind: 'shipper_reference', path: 'customer-ref-1' },
    { kind: 'shipper_reference', path: 'customer-ref-2' },
  ],
  scans: ['significant-events.occurrence'],
  scan: {
    status: [{ list: 'event', path: 'event-identifier' }],
    times: [{ date: 'event-date', time: 'event-time', zone: 'event-time-zone', midnightIsDay: true }],
    place: { city: 'event-site', region: 'event-province' },
    text: ['event-description'],
  },
  estimates: [{ date: 'changed-expected-date' }, { date: 'expected-delivery-date' }],
  destination: { postalCode: 'destination-postal-id' },
  errors: [{ of: 'document', path: 'message', code: 'code', words: ['description'] }],
  zoneNames: {
    NST: 'America/St_Johns',
    NDT: 'America/St_Johns',
    AST: 'America/Halifax',
    ADT: 'America/Halifax',
    EST: 'America/Toronto',
    EDT: 'America/Toronto',
    CST: 'America/Winnipeg',
    CDT: 'America/Winnipeg',
    MST: 'America/Edmonton',
    MDT: 'America/Edmonton',
    PST: 'America/Vancouver',
    PDT: 'America/Vancouver',
  },
};
