import type { CarrierReply } from '../carrier-reply.ts';

const objects: ReadonlySet<unknown> = new Set(['Tracker', 'Event', 'Batch', 'Webhook', 'Payload']);

/** Trackers of EasyPost: one, a page of them, or within an event that its webhook sends (docs.easypost.com/docs/trackers). */
export const easypost: CarrierReply = {
  name: 'easypost-json',
  recognises: ({ object }) => {
    if (object === null) return false;
    const { object: kind, trackers, events, has_more: more, error } = object;
    if (objects.has(kind) || Array.isArray(trackers) || (Array.isArray(events) && typeof more === 'boolean'))
      return true;
    return typeof error === 'object' && error !== null && 'code' in error && 'errors' in error;
  },
  standard: 'easypost',
  carrier: 'EASYPOST',
  carrierAt: ['carrier'],
  parcels: ['result', 'trackers', ''],
  tracking: ['tracking_code'],
  scans: ['tracking_details'],
  scan: {
    status: [
      { list: 'detail', path: 'status_detail' },
      { list: 'status', path: 'status' },
    ],
    times: [{ date: 'datetime' }],
    place: {
      city: 'tracking_location.city',
      region: 'tracking_location.state',
      country: 'tracking_location.country',
      postalCode: 'tracking_location.zip',
    },
    text: ['message'],
  },
  summary: {
    status: [
      { list: 'detail', path: 'status_detail' },
      { list: 'status', path: 'status' },
    ],
    times: [{ date: 'updated_at' }],
  },
  estimates: [{ date: 'est_delivery_date', midnightIsDay: true }],
  destination: {
    city: 'carrier_detail.destination_tracking_location.city',
    region: 'carrier_detail.destination_tracking_location.state',
    country: 'carrier_detail.destination_tracking_location.country',
    postalCode: 'carrier_detail.destination_tracking_location.zip',
  },
  saidAt: [{ date: 'updated_at' }],
  errors: [{ of: 'document', path: 'error', code: 'code', words: ['message'] }],
  only: { path: 'object', is: ['Tracker'] },
  test: { path: 'mode', is: ['test'] },
};
