import { z } from 'zod';
import { id, instant, word } from './schema.ts';

/** Where an event came from: enough to open the document again at the place that said it. */
export const provenance = z.object({
  /** Ingest source, such as `saia-214`. */
  feed: word,
  /** The sender's id of the document, or the log position where it named none. */
  document: z.string(),
  /** Index of the record within the document, from 0. */
  position: z.int().min(0).meta({ column: 'UInt32' }),
  decoder: word,
  /** Mapping file and version that gave the codes their meaning; null where none was needed. */
  mapping: z.string().nullable(),
});
export type Provenance = z.infer<typeof provenance>;

/** What every event carries: when it happened, when we learned of it, and who said so. */
export const eventBase = z.object({
  id,
  /** Event time: when it happened in the world. */
  at: instant,
  /** When the log heard of it; every clock of ours runs on this. */
  heardAt: instant,
  source: provenance,
});

export const identifierKinds = [
  'pro',
  'bol',
  'po',
  'container',
  'tracking',
  'shipper_reference',
  'tms',
  'booking',
  'house_bill',
  'master_bill',
  'equipment',
] as const;

/** One of a shipment's many names: (issuer, kind, value). The issuer is a SCAC, a customer id or `tms`. */
export const identifier = z.object({
  issuer: z.string().min(1).max(60),
  kind: z.enum(identifierKinds),
  value: z.string().min(1).max(80),
});
export type Identifier = z.infer<typeof identifier>;

/** The form under which identifiers are compared: kind, issuer and value without case or outer spaces. */
export const identifierKey = ({ issuer, kind, value }: Identifier): string =>
  `${kind}:${issuer.trim().toUpperCase()}:${value.trim().toUpperCase()}`;

export const place = z.object({
  /** Key of the location master, where it is known. */
  locationId: z.string().nullable().default(null),
  city: z.string().nullable().default(null),
  region: z.string().nullable().default(null),
  country: z.string().nullable().default(null),
  postalCode: z.string().nullable().default(null),
  unlocode: z.string().nullable().default(null),
  latitude: z.number().nullable().default(null),
  longitude: z.number().nullable().default(null),
});
export type Place = z.infer<typeof place>;

/**
 * Which of event, stop, partner or configured default gave a local time its zone; `utc` when the time came
 * with an offset. `day` precision is the whole local day and orders at its end.
 */
export const zoneSource = z.enum(['utc', 'event', 'stop', 'partner', 'default']);
export const precision = z.enum(['instant', 'day']);
