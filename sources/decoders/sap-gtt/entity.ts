import { z } from 'zod';
import { objectOf } from '../json-record.ts';

const text = z
  .string()
  .nullish()
  .transform((value) => (value ? value : null));
/** OData 2 writes times as `/Date(1599200262501)/`: UTC milliseconds, whatever time zone stands beside them. */
const date = z
  .string()
  .nullish()
  .transform((value) => (value ? dateOf(value) : null));

const dateOf = (value: string): number | null => {
  const match = /^\/?\\?\/Date\((-?\d{1,16})(?:[+-]\d{4})?\)\\?\/$/.exec(value);
  return match === null ? null : Number(match[1]);
};

/** What SAP's models call an entity: `com.lbngttsamples.gtt.app.sof.sofService.Delay` → `Delay`; null for anything else. */
export const entityType = (value: unknown): string | null => {
  const metadata = objectOf(objectOf(value)?.['__metadata']);
  const type = metadata?.['type'];
  return typeof type === 'string' && /\bgtt\b|Service\./i.test(type)
    ? type.slice(type.lastIndexOf('.') + 1)
    : null;
};

const named = z.object({
  id: z.string().min(1).max(200),
  logicalSystem: text,
  partyId: text,
  trackingId: z.string().min(1).max(80),
});

/** An event that somebody reported of a tracked process. */
export const gttEvent = named.extend({
  eventType: z.string().min(1),
  eventReasonText: text,
  eventReasonCode: text,
  actualBusinessTimestamp: date,
  creationDateTime: date,
  latitude: text,
  longitude: text,
  locationAltKey: text,
  refPlannedEventType: text,
  estimatedArrival: z
    .object({ results: z.array(z.object({ estimatedArrivalTime: date })).nullish() })
    .nullish()
    .catch(null),
});
export type GttEvent = z.infer<typeof gttEvent>;

/** A tracked process itself (a shipment, a delivery, an item) with its state as SAP derived it. */
export const gttProcess = named.extend({
  version: z.number().nullish(),
  processStatus_code: z.string().min(1),
  lastChangeDateTime: date,
});
