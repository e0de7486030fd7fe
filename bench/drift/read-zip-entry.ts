import { inflateRawSync } from 'node:zlib';

const END = 0x06054b50;
const DIRECTORY_AT = 16;

/**
 * The first file of a zip archive, without its name: what a download of one table is (PKWARE APPNOTE 4.3.7, 4.3.12,
 * 4.3.16). Sizes are read from the central directory, as a writer that streams leaves them out before the data.
 */
export const readZipEntry = (zip: Buffer): Buffer => {
  let end = zip.length - 22;
  while (end >= 0 && zip.readUInt32LE(end) !== END) end -= 1;
  const directory = zip.readUInt32LE(end + DIRECTORY_AT);
  const method = zip.readUInt16LE(directory + 10);
  const packedSize = zip.readUInt32LE(directory + 20);
  const header = zip.readUInt32LE(directory + 42);
  const from = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28);
  const packed = zip.subarray(from, from + packedSize);
  return method === 0 ? packed : inflateRawSync(packed);
};
