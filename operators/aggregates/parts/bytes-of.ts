import { ForewarnError } from '../../../runtime/forewarn-error.ts';

/** What a value may take, where the definition does not say: a name, an id, an address. */
export const usualValueBytes = 512;
/** What a row may take, where the definition does not say. */
export const usualRowBytes = 4096;

/**
 * Bytes that plain data takes in a checkpoint, never too few: a string counts two a character, since it may hold any
 * letter. `{ port: 'Genoa', n: 7 }` → 69. Counting ends soon after `limit`, so that a ring of objects has an end.
 */
export const bytesOf = (value: unknown, limit: number): number => {
  if (typeof value === 'number') return 9;
  if (typeof value === 'string') return 8 + 2 * value.length;
  if (typeof value === 'bigint') return 16 + value.toString(16).length;
  if (typeof value !== 'object' || value === null) return 1;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null
    ? bytesOfFields(value as Readonly<Record<string, unknown>>, limit)
    : bytesOfOther(value, limit);
};

const bytesOfFields = (value: Readonly<Record<string, unknown>>, limit: number): number => {
  let bytes = 16;
  for (const key in value) {
    bytes += 8 + 2 * key.length;
    if (bytes > limit) return bytes;
    bytes += bytesOf(value[key], limit - bytes);
  }
  return bytes;
};

const bytesOfOther = (value: object, limit: number): number => {
  if (ArrayBuffer.isView(value)) return 48 + value.byteLength;
  const isList = Array.isArray(value) || value instanceof Set;
  if (!isList && !(value instanceof Map)) {
    return bytesOfFields(value as Readonly<Record<string, unknown>>, limit);
  }
  let bytes = 16;
  for (const inner of value as Iterable<unknown>) {
    if (bytes > limit) return bytes;
    bytes += bytesOf(inner, limit - bytes);
  }
  return bytes;
};

/** Refuses what would break the bound on an aggregate's state. */
export const within = <V>(label: string, value: V, option: string, maxBytes: number): V => {
  if (bytesOf(value, maxBytes) <= maxBytes) return value;
  throw new ForewarnError(
    'FW410',
    `aggregate ${label}: a value takes more than the ${maxBytes} bytes of ${option}; raise it, or keep less of the row`,
  );
};
