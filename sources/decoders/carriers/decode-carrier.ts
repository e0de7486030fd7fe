import { jsonOf, type ParsedJson } from '../bare-json.ts';
import { DecodedRecords } from '../decoded-records.ts';
import type { Decode, Decoded } from '../decoder.ts';
import { Sight } from '../format.ts';
import { parseXml } from '../safe-xml.ts';
import type { CarrierReply } from './carrier-reply.ts';
import { envelopesIn } from './envelope-of.ts';
import { emitParcel, type ReplyContext } from './parcel-events.ts';
import { errorsOf } from './reply-errors.ts';
import { valuesAt } from './tree.ts';

/**
 * Reads the replies and webhooks of one carrier, each in one of its ways of writing. A parcel becomes its scans, and an
 * estimate while it is under way; what the carrier could not answer is a failure with the carrier's own words; a message
 * that is about no parcel (a label batch, a list of hooks) is an acknowledgement.
 */
export const decodeCarrier =
  (carrier: string, replies: readonly CarrierReply[]): Decode =>
  (document, settings): readonly Decoded[] => {
    const records = new DecodedRecords(document, `${carrier}/1`);
    const failed = (reason: string): readonly Decoded[] => {
      records.fail('decode', 'FW401', reason, document.bytes);
      return records.list;
    };
    const parsed = isXml(document.bytes) ? undefined : jsonOf(document);
    const read = parsed === undefined ? readXml(document.bytes) : readJson(parsed, document.bytes);
    if ('broken' in read) return failed(read.broken);
    const sight = new Sight(document.bytes, parsed);
    const reply = replies.find((one) => one.recognises(sight));
    if (reply === undefined)
      return failed(`it is none of the replies of ${carrier} that are read: ${namesOf(replies)}`);

    const partner = settings.partners[document.source] ?? {};
    const from: ReplyContext = { records, reply, document, settings, partner, bytesOf: read.bytesOf };
    const errors = errorsOf(read.value, reply, 'document');
    for (const words of errors) records.fail('validate', 'FW415', words, document.bytes);
    // Beside an error, what looks like no parcel is the empty place of one.
    const parcels = parcelsOf(read.value, reply).filter(
      (parcel) => errors.length === 0 || isParcel(parcel, reply),
    );
    for (const parcel of parcels) emitParcel(from, parcel);
    if (records.list.length === 0) records.nothing(parcels.length === 0 ? 'acknowledgement' : 'heartbeat');
    return records.list;
  };

const isXml = (bytes: Uint8Array): boolean => new Sight(bytes).head.startsWith('<');

const parcelsOf = (document: unknown, reply: CarrierReply): readonly unknown[] => {
  for (const path of reply.parcels) {
    const found = valuesAt(document, path).filter((value) => value !== null && value !== '');
    // The document itself is a parcel only where it looks like one.
    if (found.length > 0 && (path !== '' || found.some((value) => isParcel(value, reply)))) return found;
  }
  return [];
};

const isParcel = (value: unknown, { tracking, scans }: CarrierReply): boolean =>
  [...tracking, ...scans].some((path) => valuesAt(value, path).length > 0);

interface Read {
  readonly value: unknown;
  readonly bytesOf: (value: unknown) => Uint8Array;
}

/** Paths begin below the root element, whose name only tells what it is. */
const readXml = (bytes: Uint8Array): Read | { readonly broken: string } => {
  const xml = parseXml(bytes);
  if ('broken' in xml) return xml;
  const value = xml.root === 'Envelope' ? bodyOf(xml.value) : xml.value;
  return { value, bytesOf: (value) => xml.bytesOf(value as Parameters<typeof xml.bytesOf>[0]) };
};

/** What a SOAP envelope carries; the envelope itself where it carries nothing. */
const bodyOf = (envelope: unknown): unknown => {
  const [body] = valuesAt(envelope, 'Body');
  if (typeof body !== 'object' || body === null) return envelope;
  const [, content] =
    Object.entries(body).find(([name]) => !name.startsWith('@') && !name.startsWith('#')) ?? [];
  return content ?? envelope;
};

/** A JSON value has no place in its bytes once it is parsed: it is written again, in what it stands in, so that it can be read. */
const readJson = (parsed: ParsedJson, bytes: Uint8Array): Read | { readonly broken: string } => {
  if ('broken' in parsed) return parsed;
  const envelopeOf = envelopesIn(parsed.value);
  let left = Math.max(ENVELOPES_AT_LEAST, ENVELOPES_AT_MOST * bytes.length);
  return {
    value: parsed.value,
    bytesOf: (value) => {
      const whole = left < 0 ? '' : JSON.stringify(envelopeOf(value));
      left -= whole.length;
      return Buffer.from(left < 0 ? JSON.stringify(value) : whole);
    },
  };
};

/**
 * How much the failures of one document may take with what they stand in: so many bytes, and so many times the document.
 * Beyond it they are kept bare, or one large document in which everything is bad would become as many large ones.
 */
const ENVELOPES_AT_LEAST = 1_048_576;
const ENVELOPES_AT_MOST = 4;

const namesOf = (replies: readonly CarrierReply[]): string => replies.map(({ name }) => name).join(', ');
