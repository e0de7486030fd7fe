/** A value as serializers of the registry write it: a zero, the id of its schema in four bytes, big end first, and the rest. */
export interface Framed {
  readonly schemaId: number;
  readonly payload: Buffer;
}

const HEAD = 5;

/** Null for what is not framed. Source: Confluent's documentation of the wire format. */
export const unframed = (value: Buffer): Framed | null =>
  value.length < HEAD || value[0] !== 0
    ? null
    : { schemaId: value.readUInt32BE(1), payload: value.subarray(HEAD) };

/** Which message of its file a Protobuf payload is, from the outermost in, and the message itself. */
export interface Indexed {
  readonly path: readonly number[];
  readonly message: Buffer;
}

const MOST_LEVELS = 32;

/**
 * Message indexes stand before a Protobuf message: their number and each of them as zigzag varints; a single 0 is the
 * first message. `04 02 02` → the second message in the second one. Null where they are broken.
 */
export const indexed = (payload: Buffer): Indexed | null => {
  let at = 0;
  const next = (): number | null => {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = payload[at];
      if (byte === undefined) return null;
      at += 1;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
    return null;
  };
  const count = next();
  if (count === null || count < 0 || count > MOST_LEVELS) return null;
  if (count === 0) return { path: [0], message: payload.subarray(at) };
  const path: number[] = [];
  for (let n = 0; n < count; n++) {
    const index = next();
    if (index === null || index < 0) return null;
    path.push(index);
  }
  return { path, message: payload.subarray(at) };
};
