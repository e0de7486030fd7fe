import type { Format } from '../format.ts';
import { decodeVisibility } from './decode-visibility.ts';

/** Batches and pages of the in-transit visibility API of NMFTA's Digital Standards Development Council. */
export const visibility: Format = {
  name: 'visibility',
  mediaTypes: [],
  extensions: [],
  recognises: ({ object }) => {
    if (object === null) return false;
    const { deliveryId, events, data, page } = object;
    if (typeof deliveryId === 'string' && Array.isArray(events)) return true;
    const [first] = Array.isArray(data) && typeof page === 'number' ? (data as readonly unknown[]) : [];
    return typeof first === 'object' && first !== null && 'eventId' in first && 'shipment' in first;
  },
  decode: decodeVisibility,
};
