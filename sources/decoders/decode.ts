import { categoriseByText } from './categorise-by-text.ts';
import { recognised } from './content-type.ts';
import { DecodedRecords } from './decoded-records.ts';
import type { Decode, Decoded, RawDocument } from './decoder.ts';
import { withPlaces } from './with-places.ts';

/**
 * Everything that a raw document holds, in its order: events, what is accounted for without one, and failures. It never
 * throws: what no decoder knows, and what a decoder stumbles over, is one failure with the bytes of the document.
 */
export const decode: Decode = (document, settings): readonly Decoded[] => {
  const whole = (code: 'FW401' | 'FW405', reason: string): readonly Decoded[] => {
    const records = new DecodedRecords(document, 'decode/1');
    records.fail('decode', code, reason, document.bytes);
    return records.list;
  };
  if (document.bytes.every((byte) => byte <= 32)) return whole('FW401', 'the document is empty');
  try {
    const set = settings.partners[document.source]?.format;
    const { source, documentId, contentType, heardAt, offset, bytes } = document;
    const { format, parsed } = recognised(contentType, bytes, set);
    if (format !== null) {
      const known: RawDocument = { source, documentId, contentType, heardAt, offset, bytes, parsed };
      const decoded = categoriseByText(format.decode(known, settings), settings.mappings.texts);
      return withPlaces(decoded, settings.places);
    }
    return whole(
      'FW405',
      `type ${document.contentType || '(none)'} is not taken, and its content tells no other`,
    );
  } catch (cause) {
    return whole('FW401', `the decoder failed: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
};
