import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { ForewarnError } from '../../runtime/forewarn-error.ts';

type Unpack = (packed: Uint8Array, options: { readonly maxOutputLength: number }) => Promise<Buffer>;

/** Content codings of RFC 9110 that senders use. A request has one of them at most: coded twice is one too many. */
const codings: Readonly<Record<string, Unpack>> = {
  gzip: promisify(gunzip) as Unpack,
  'x-gzip': promisify(gunzip) as Unpack,
  deflate: promisify(inflate) as Unpack,
  br: promisify(brotliDecompress) as Unpack,
};

const codingOf = (header: string | undefined): string => (header ?? '').trim().toLowerCase();

/** Whether a body may be coded so. FW405 where not, which can be said before it is read. */
export const checkCoding = (header: string | undefined): void => {
  const coding = codingOf(header);
  if (coding === '' || coding === 'identity' || Object.hasOwn(codings, coding)) return;
  const known = Object.keys(codings).join(', ');
  throw new ForewarnError('FW405', `content encoding "${coding}" is not one of ${known}; send it unpacked`);
};

/**
 * A body without its content coding, unpacked outside of the thread. It may not be larger than a body that comes unpacked:
 * of a bomb, 8 KB of gzip that would become 8 MB and one byte, no more than the limit is ever in memory.
 */
export const unpacked = async (
  body: Buffer,
  header: string | undefined,
  limitBytes: number,
): Promise<Buffer> => {
  const coding = codingOf(header);
  const unpack = codings[coding];
  if (unpack === undefined) return body;
  try {
    return await unpack(body, { maxOutputLength: limitBytes });
  } catch (cause) {
    const isTooLarge = cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE';
    throw isTooLarge
      ? new ForewarnError('FW702', `the body unpacks to more than ${limitBytes} bytes; send it in parts`, {
          cause,
        })
      : new ForewarnError('FW701', `the body is no ${coding}, or is cut off; send it whole, or unpacked`, {
          cause,
        });
  }
};
