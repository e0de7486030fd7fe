/** One `!AIVDM` sentence: a part of a message, or the whole of a short one. */
export interface Sentence {
  readonly parts: number;
  readonly part: number;
  /** Parts of one message share channel and sequence number. */
  readonly sequence: string;
  readonly payload: string;
  readonly fillBits: number;
  /** When the receiver took it, by its tag block; null where it has none. */
  readonly receivedAt: number | null;
}

const shape =
  /^(?:\\([^\\]*)\\)?!((?:AI|AB|BS|SA)VD[MO],([1-9]),([1-9]),([0-9]?),([AB12]?),([^,*]*),([0-5]))\*([0-9A-Fa-f]{2})$/;

/** Reads one line; a text says why it is no sentence. */
export const readSentence = (line: string): Sentence | string => {
  const found = shape.exec(line);
  if (found === null) return 'it is no AIVDM or AIVDO sentence';
  const [, tag, body = '', parts, part, sequence = '', channel = '', payload = '', fill, sum = ''] = found;
  const counted = checksumOf(body);
  if (counted !== sum.toUpperCase()) return `its checksum is ${sum} and should be ${counted}`;
  if (Number(part) > Number(parts)) return `it is part ${part} of ${parts}`;
  return {
    parts: Number(parts),
    part: Number(part),
    sequence: `${channel}${sequence}`,
    payload,
    fillBits: Number(fill),
    receivedAt: tag === undefined ? null : receivedAtOf(tag),
  };
};

/** NMEA 0183: all characters between `!` and `*`, xor. */
const checksumOf = (body: string): string => {
  let sum = 0;
  for (let i = 0; i < body.length; i += 1) sum ^= body.charCodeAt(i);
  return sum.toString(16).toUpperCase().padStart(2, '0');
};

/** `c:` of a tag block is UNIX time: in seconds, or in milliseconds where that many digits are there. */
const receivedAtOf = (tag: string): number | null => {
  const found = /(?:^|,)c:(\d{1,15})/.exec(tag);
  if (found === null) return null;
  const value = Number(found[1]);
  return value < 1e11 ? value * 1_000 : value;
};
