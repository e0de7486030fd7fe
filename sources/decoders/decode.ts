import { categoriseByText } from './categorise-by-text.ts';
import { decodeCanonicalJson, decodeCanonicalLines } from './canonical/decode-canonical.ts';
import { decodableTypeOf, type DecodableType } from './content-type.ts';
import { DecodedRecords } from './decoded-records.ts';
import type { Decode, Decoded } from './decoder.ts';
import { decodeNws } from './nws/decode-nws.ts';
import { decodeX12 } from './x12/decode-x12.ts';

const decoders: Readonly<Record<DecodableType, Decode>> = {
  'application/edi-x12': decodeX12,
  'application/json': decodeCanonicalJson,
  'application/x-ndjson': decodeCanonicalLines,
  'application/geo+json': decodeNws,
};

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
  const type = decodableTypeOf(document.contentType, document.bytes);
  if (type === null)
    return whole(
      'FW405',
      `type ${document.contentType || '(none)'} is not taken, and its content tells no other`,
    );
  try {
    return categoriseByText(decoders[type](document, settings), settings.mappings.texts);
  } catch (cause) {
    return whole('FW401', `the decoder failed: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
};
