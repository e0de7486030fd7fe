import type { CarrierReply } from '../carrier-reply.ts';

/** Trackings of AfterShip: the `msg` of its webhook, and the `data` of its API (www.aftership.com/docs/tracking). */
export const aftership: CarrierReply = {
  name: 'aftership-json',
  recognises: ({ object }) => {
    if (object === null) return false;
    const { msg, data, meta, checkpoints, slug } = object;
    if (typeof msg === 'object' && msg !== null && 'tracking_number' in msg && 'slug' in msg) return true;
    if (typeof meta === 'object' && meta !== null && 'code' in meta && data !== undefined) return true;
    return Array.isArray(checkpoints) && typeof slug === 'string';
  },
  standard: 'aftership',
  carrier: 'AFTERSHIP',
  carrierAt: ['slug'],
  parcels: ['msg', 'data.tracking', 'data.trackings', 'data', ''],
  tracking: ['tracking_number'],
  alsoKnownAs: [{ kind: 'shipper_reference', path: 'order_id' }],
  scans: ['checkpoints'],
  scan: {
    status: [
      { list: 'subtag', path: 'subtag' },
      { list: 'tag', path: 'tag' },
    ],
    times: [{ date: 'checkpoint_time' }],
    place: {
      city: 'city',
      region: 'state',
      country: 'country_iso3',
      postalCode: 'zip',
      latitude: 'coordinate.latitude',
      longitude: 'coordinate.longitude',
    },
    text: ['message'],
  },
  summary: {
    status: [
      { list: 'subtag', path: 'subtag' },
      { list: 'tag', path: 'tag' },
    ],
    times: [{ date: 'updated_at' }],
  },
  estimates: [
    { date: 'latest_estimated_delivery.datetime' },
    { date: 'courier_estimated_delivery_date.estimated_delivery_date' },
    { date: 'expected_delivery' },
  ],
  destination: {
    city: 'destination_city',
    region: 'destination_state',
    country: 'destination_country_iso3',
    postalCode: 'destination_postal_code',
  },
  saidAt: [{ date: 'updated_at' }],
  errors: [
    {
      of: 'document',
      path: 'meta',
      code: 'code',
      words: ['message'],
      when: {
        path: 'type',
        is: ['BadRequest', 'NotFound', 'Unauthorized', 'Forbidden', 'TooManyRequests', 'InternalError'],
      },
    },
  ],
};
