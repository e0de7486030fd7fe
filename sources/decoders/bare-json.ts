import { isUtf8 } from 'node:buffer';
import type { RawDocument } from './decoder.ts';

/** The value of a text, or why it is none. */
export type ParsedJson = { readonly value: unknown } | { readonly broken: string };

/** Without the UTF-8 byte order mark that some senders put before JSON. */
export const bareJson = (bytes: Uint8Array): Uint8Array =>
  bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;

export const parseJson = (bytes: Uint8Array): ParsedJson => {
  if (!isUtf8(bytes)) return { broken: 'not UTF-8, as JSON must be' };
  try {
    const value: unknown = JSON.parse(
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'),
    );
    return { value };
  } catch (cause) {
    return { broken: `not JSON: ${cause instanceof Error ? cause.message : String(cause)}` };
  }
};

/** A whole document as JSON: as it was parsed to know its format, else parsed here. */
export const jsonOf = ({ bytes, parsed }: RawDocument): ParsedJson => parsed ?? parseJson(bareJson(bytes));
