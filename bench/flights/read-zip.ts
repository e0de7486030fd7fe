import { inflateRawSync } from 'node:zlib';

const centralEntry = 0x02014b50;
const end = 0x06054b50;

/** The first file of a ZIP archive, deflated (APPNOTE.TXT 4.3). */
export const firstOfZip = (archive: Buffer): Buffer => {
  let at = archive.length - 22;
  while (at >= 0 && archive.readUInt32LE(at) !== end) at--;
  const entry = at < 0 ? -1 : archive.readUInt32LE(at + 16);
  if (entry < 0 || archive.readUInt32LE(entry) !== centralEntry) throw new Error('no ZIP archive');
  const size = archive.readUInt32LE(entry + 20);
  const local = archive.readUInt32LE(entry + 42);
  const from = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  return inflateRawSync(archive.subarray(from, from + size));
};
