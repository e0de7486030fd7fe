import type { CarrierReply } from '../carrier-reply.ts';

/** Tracks of Shippo: the reply, and the `data` of its webhook `track_updated` (docs.goshippo.com/docs/tracking). */
export const shippo: CarrierReply = {
  name: 'shippo-json',
  recognises: ({ object }) =>
    object !== null &&
    (object['event'] === 'track_updated' || ('tracking_status' in object && 'tracking_history' in object)),
  standard: 'shippo',
  carrier: 'SHIPPO',
  carrierAt: ['carrier'],
  parcels: ['data', ''],
  tracking: ['tracking_number'],
  scans: ['tracking_history'],
  scan: {
    status: [
      { list: 'substatus', path: 'substatus.code' },
      { list: 'status', path: 'status' },
    ],
    times: [{ date: 'status_date' }],
    place: {
      city: 'location.city',
      region: 'location.state',
      country: 'location.country',
      postalCode: 'location.zip',
    },
    text: ['status_details'],
  },
  summary: {
    status: [
      { list: 'substatus', path: 'tracking_status.substatus.code' },
      { list: 'status', path: 'tracking_status.status' },
    ],
    times: [{ date: 'tracking_status.status_date' }],
    text: ['tracking_status.status_details'],
  },
  estimates: [{ date: 'eta', midnightIsDay: true }],
  destination: {
    city: 'address_to.city',
    region: 'address_to.state',
    country: 'address_to.country',
    postalCode: 'address_to.zip',
  },
  test: { path: 'test', is: ['true'] },
};
