import type { CarrierReply } from '../carrier-reply.ts';

/** Tracking of ShipEngine (ShipStation API): the reply, and the `data` of its webhook `API_TRACK`. */
export const shipengine: CarrierReply = {
  name: 'shipengine-json',
  recognises: ({ object }) => {
    if (object === null) return false;
    const { resource_type: type, tracking_number: number, status_code: code, events } = object;
    return (
      type === 'API_TRACK' ||
      (typeof number === 'string' && typeof code === 'string' && Array.isArray(events))
    );
  },
  standard: 'shipengine',
  carrier: 'SHIPENGINE',
  carrierAt: ['carrier_code'],
  parcels: ['data', ''],
  tracking: ['tracking_number'],
  scans: ['events'],
  scan: {
    status: [
      { list: 'detail', path: 'status_detail_code' },
      { list: 'status', path: 'status_code' },
    ],
    times: [{ date: 'occurred_at' }, { date: 'carrier_occurred_at' }],
    place: {
      city: 'city_locality',
      region: 'state_province',
      country: 'country_code',
      postalCode: 'postal_code',
      latitude: 'latitude',
      longitude: 'longitude',
    },
    text: ['description', 'carrier_status_description'],
  },
  estimates: [{ date: 'estimated_delivery_date', midnightIsDay: true }],
};
