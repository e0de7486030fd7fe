import { z } from 'zod';
import { meaningOf } from '../../../domain/code-mapping.ts';
import { identifierKey, type Identifier, type Place } from '../../../domain/event.ts';
import { stableId } from '../../../domain/stable-id.ts';
import { trackingEvent } from '../../../domain/tracking-event.ts';
import { bareJson, jsonOf } from '../bare-json.ts';
import { DecodedRecords } from '../decoded-records.ts';
import type { Decode, Decoded, DecoderSettings, RawDocument } from '../decoder.ts';
import { futureReason, timeOfEvent } from '../event-time.ts';
import { firstIssue } from '../first-issue.ts';
import { arraySlices } from '../json-slices.ts';

const optionalText = z.string().nullish();
const location = z
  .object({
    name: optionalText,
    latitude: z.number().min(-90).max(90).nullish(),
    longitude: z.number().min(-180).max(180).nullish(),
    city: optionalText,
    state: optionalText,
    postalCode: optionalText,
    country: optionalText,
  })
  .nullish();

/** What we read of an Event; the rest is kept in the document. */
const event = z.object({
  eventId: z.string().min(1).max(200),
  type: z.string().min(1).max(60),
  status: optionalText,
  occurredAt: z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
  sequence: z.int().min(0),
  location,
  notes: optionalText,
  shipment: z.object({
    shipmentId: z.string().min(1).max(80),
    scac: optionalText,
    references: z
      .array(z.object({ type: optionalText, value: optionalText }))
      .nullish()
      .transform((list) => list ?? []),
  }),
});
type Event = z.infer<typeof event>;

const standard = 'visibility';

/** Types of references as carriers write them; the specification leaves the word open. What is not here is the shipper's. */
const kindByType: Readonly<Record<string, Identifier['kind']>> = {
  PRO: 'pro',
  BOL: 'bol',
  PO: 'po',
  CONTAINER: 'container',
  TRACKING: 'tracking',
  BOOKING: 'booking',
  EQUIPMENT: 'equipment',
  TRAILER: 'equipment',
};

/**
 * EventBatch of the webhook and EventsPage of the pull (DSDC In-Transit Visibility 1.0). An event's id is its sender's, so
 * that a batch that is sent again says nothing new; each event stands alone.
 */
export const decodeVisibility: Decode = (document, settings): readonly Decoded[] => {
  const records = new DecodedRecords(document, 'visibility/1');
  const json = bareJson(document.bytes);
  const parsed = jsonOf(document);
  if ('broken' in parsed) {
    records.fail('decode', 'FW401', parsed.broken, document.bytes);
    return records.list;
  }
  const key =
    typeof parsed.value === 'object' && parsed.value !== null && 'events' in parsed.value ? 'events' : 'data';
  const events: unknown =
    typeof parsed.value === 'object' && parsed.value !== null ? Reflect.get(parsed.value, key) : undefined;
  if (!Array.isArray(events)) {
    records.fail(
      'decode',
      'FW401',
      'neither a batch (events) nor a page (data) of visibility events',
      document.bytes,
    );
    return records.list;
  }
  let slices: Uint8Array[] | null = null;
  events.forEach((value: unknown, index) => {
    const bytes = (): Uint8Array => (slices ??= arraySlices(json, key))[index] ?? document.bytes;
    decodeEvent(records, { value, bytes }, document, settings);
  });
  if (events.length === 0) records.nothing('heartbeat');
  return records.list;
};

const decodeEvent = (
  records: DecodedRecords,
  raw: { readonly value: unknown; readonly bytes: () => Uint8Array },
  document: RawDocument,
  settings: DecoderSettings,
): void => {
  const checked = event.safeParse(raw.value);
  if (!checked.success) {
    records.fail(
      'validate',
      'FW402',
      `visibility event: ${firstIssue(checked.error, raw.value)}`,
      raw.bytes(),
    );
    return;
  }
  const { data } = checked;
  const { heardAt } = document;
  const at = timeOfEvent(data.occurredAt, 'instant', heardAt, settings.maxFutureMs);
  if (at === null) {
    const reason = futureReason(data.occurredAt, heardAt, settings.maxFutureMs);
    records.fail('validate', 'FW403', `visibility event ${data.eventId}: ${reason}`, raw.bytes());
    return;
  }
  const partner = settings.partners[document.source] ?? {};
  const carrier = data.shipment.scac?.trim() || (partner.scac ?? null);
  const dialect = partner.partner ?? null;
  const code = { standard, status: data.type, reason: null };
  const value = trackingEvent.safeParse({
    ...meaningOf(settings.mappings, { ...code, partner: dialect }),
    id: stableId(standard, carrier, data.eventId),
    at,
    heardAt,
    source: records.provenance(settings.mappings.label(standard, dialect)),
    identifiers: identifiersOf(data, carrier ?? document.source),
    carrier,
    code,
    place: placeOf(data.location),
    text: [data.status, data.notes].filter(Boolean).join(': ').slice(0, 1_000) || null,
  });
  if (value.success) records.push({ type: 'tracking', value: value.data });
  else records.fail('validate', 'FW402', `visibility event: ${firstIssue(value.error, null)}`, raw.bytes());
};

const identifiersOf = ({ shipment }: Event, issuer: string): Identifier[] => {
  const found = new Map<string, Identifier>();
  const add = (kind: Identifier['kind'], text: string): void => {
    const value = text.trim();
    if (value === '' || value.length > 80) return;
    const named: Identifier = { issuer, kind, value };
    found.set(identifierKey(named), named);
  };
  add('shipper_reference', shipment.shipmentId);
  for (const { type, value } of shipment.references) {
    add(kindByType[(type ?? '').trim().toUpperCase()] ?? 'shipper_reference', value ?? '');
  }
  return [...found.values()];
};

const placeOf = (at: Event['location']): Place | null => {
  if (at === null || at === undefined) return null;
  const place: Place = {
    locationId: null,
    city: at.city ?? at.name ?? null,
    region: at.state ?? null,
    country: at.country ?? null,
    postalCode: at.postalCode ?? null,
    unlocode: null,
    latitude: at.latitude ?? null,
    longitude: at.longitude ?? null,
  };
  return Object.values(place).every((part) => part === null) ? null : place;
};
