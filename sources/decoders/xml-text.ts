/**
 * Characters of an XML document: by its byte order mark, else by the encoding of its declaration, else UTF-8 (XML 1.0,
 * appendix F). Null where the encoding is not one that we read, or the bytes are not of it.
 */
export const xmlText = (bytes: Uint8Array): string | null => {
  const encoding = encodingOf(bytes);
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes).trimStart();
  } catch {
    return null;
  }
};

const encodingOf = (bytes: Uint8Array): string => {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (first === 0xef && second === 0xbb) return 'utf-8';
  const head = Buffer.from(bytes.subarray(0, 200)).toString('latin1');
  const declared = /^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["']/i.exec(head)?.[1]?.toLowerCase();
  // UTF-16 without a mark would show as zero bytes; a declaration that could be read as it stands is no UTF-16.
  return declared === undefined || declared.startsWith('utf-16') ? 'utf-8' : declared;
};
