/**
 * Bytes of each element of a JSON array, without parsing it: of the array that the document is, or of the one
 * under `key` of the object that the document is. The document is known to be sound JSON.
 * `{"a":1,"features":[{"x":1}, 2]}` with `features` → `{"x":1}` and `2`.
 */
export const arraySlices = (json: Uint8Array, key: string | null): Uint8Array[] => {
  const slices: Uint8Array[] = [];
  const arrayDepth = key === null ? 1 : 2;
  let depth = 0;
  let inside = key === null;
  let name = '';
  let start = -1;
  for (let i = 0; i < json.length; i += 1) {
    const byte = json[i];
    if (byte === QUOTE) {
      const end = endOfString(json, i);
      if (depth === 1 && key !== null) name = Buffer.from(json.subarray(i + 1, end)).toString('utf8');
      if (start === -1 && inside && depth === arrayDepth) start = i;
      i = end;
    } else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
      if (start === -1 && inside && depth === arrayDepth) start = i;
      depth += 1;
      // The value after the wanted name at depth 1 of the object: keys at that depth precede their values.
      if (key !== null && depth === 2) inside = byte === OPEN_ARRAY && name === key;
    } else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) {
      if (inside && depth === arrayDepth && start !== -1) {
        slices.push(trimmed(json, start, i));
        start = -1;
      }
      depth -= 1;
      if (key !== null && depth === 1) inside = false;
    } else if (byte === COMMA) {
      if (inside && depth === arrayDepth && start !== -1) {
        slices.push(trimmed(json, start, i));
        start = -1;
      }
    } else if (start === -1 && inside && depth === arrayDepth && byte !== undefined && byte > 32) start = i;
  }
  return slices;
};

/**
 * Bytes of the value under `key` of the object that the document is; null where it has none. Of a key that comes twice the
 * last one counts, as `JSON.parse` has it. `{"a":{"b":[1]},"c":2}` with `a` → `{"b":[1]}`.
 */
export const memberSlice = (json: Uint8Array, key: string): Uint8Array | null => {
  let depth = 0;
  let name = '';
  let start = -1;
  let found: Uint8Array | null = null;
  const end = (i: number): void => {
    if (start !== -1 && name === key) found = trimmed(json, start, i);
    start = -1;
  };
  for (let i = 0; i < json.length; i += 1) {
    const byte = json[i];
    if (byte === QUOTE) {
      const close = endOfString(json, i);
      if (depth === 1 && start === -1) name = Buffer.from(json.subarray(i + 1, close)).toString('utf8');
      i = close;
    } else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) depth += 1;
    else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) {
      depth -= 1;
      if (depth === 0) end(i);
    } else if (depth === 1 && byte === COLON) start = i + 1;
    else if (depth === 1 && byte === COMMA) end(i);
  }
  return found === null ? null : leftTrimmed(found);
};

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const COMMA = 0x2c;
const COLON = 0x3a;

const endOfString = (json: Uint8Array, open: number): number => {
  let i = open + 1;
  while (i < json.length && json[i] !== QUOTE) i += json[i] === BACKSLASH ? 2 : 1;
  return i;
};

const trimmed = (json: Uint8Array, start: number, end: number): Uint8Array => {
  let last = end;
  while (last > start && (json[last - 1] ?? 0) <= 32) last -= 1;
  return json.subarray(start, last);
};

const leftTrimmed = (json: Uint8Array): Uint8Array => {
  let first = 0;
  while (first < json.length && (json[first] ?? 0) <= 32) first += 1;
  return json.subarray(first);
};
