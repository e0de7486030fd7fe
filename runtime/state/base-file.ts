import { deserialize, serialize } from 'node:v8';
import { crc32 } from 'node:zlib';
import { type AllStates, type Base, decodeSnapshot, type TaskSnapshot } from './task-snapshot.ts';

/*
 * A base file. Numbers are little-endian; what follows a length is one value in V8's format.
 *
 *   file   := "FWBASE" u8(2) u8(0) head part* end
 *   head   := frame(all of `Base`)            part := frame([name, part])            end := frame(null)
 *   frame  := u32(length) u32(crc32) bytes
 *
 * Format 1 was `u32(crc32) bytes`, with all of the state in one value.
 */
const MAGIC = Buffer.from([0x46, 0x57, 0x42, 0x41, 0x53, 0x45, 2, 0]);
const HEAD = 8;

/** For so long the thread may be kept, before everybody else has a turn. */
const TURN_BYTES = 256 << 10;

const frame = (value: unknown): Buffer => {
  const body = serialize(value);
  const bytes = Buffer.allocUnsafe(HEAD + body.length);
  bytes.writeUInt32LE(body.length, 0);
  bytes.writeUInt32LE(crc32(body), 4);
  bytes.set(body, HEAD);
  return bytes;
};

export const encodeBase = async (base: Base, states: AllStates): Promise<readonly Buffer[]> => {
  const buffers = [MAGIC, frame(base)];
  let sinceTurn = 0;
  for (const [name, parts] of Object.entries(states)) {
    for (const part of parts) {
      const bytes = frame([name, part]);
      buffers.push(bytes);
      sinceTurn += bytes.length;
      if (sinceTurn < TURN_BYTES) continue;
      sinceTurn = 0;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  buffers.push(frame(null));
  return buffers;
};

/** Undefined when the bytes are not a whole base file. */
export const decodeBase = (
  bytes: Buffer,
): { readonly base: Base; readonly states: AllStates } | undefined => {
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) return decodeFormat1(bytes);
  let at = MAGIC.length;
  const next = (): { readonly value: unknown } | undefined => {
    if (at + HEAD > bytes.length) return undefined;
    const length = bytes.readUInt32LE(at);
    const body = bytes.subarray(at + HEAD, at + HEAD + length);
    if (body.length < length || crc32(body) !== bytes.readUInt32LE(at + 4)) return undefined;
    at += HEAD + length;
    return { value: deserialize(body) };
  };
  const head = next();
  if (head === undefined) return undefined;
  const states: Record<string, unknown[]> = {};
  for (;;) {
    const read = next();
    if (read === undefined) return undefined;
    if (read.value === null) return { base: head.value as Base, states };
    const [name, part] = read.value as [string, unknown];
    (states[name] ??= []).push(part);
  }
};

const decodeFormat1 = (bytes: Buffer): { readonly base: Base; readonly states: AllStates } | undefined => {
  if (bytes.length < 4 || crc32(bytes.subarray(4)) !== bytes.readUInt32LE(0)) return undefined;
  const { states, ...base } = decodeSnapshot(bytes.subarray(4)) as TaskSnapshot & Base;
  return { base, states: Object.fromEntries(Object.entries(states).map(([name, all]) => [name, [all]])) };
};
