import { crc32 } from 'node:zlib';
import type { LogRecord } from './log.ts';
import type { PackedRecords, PackedRun } from './packed.ts';

/*
 * The journal's grammar. All numbers little-endian; a frame is written and becomes visible whole or not at all.
 *
 *   segment := "FWLOG" u8(format = 1) u16(0) frame*
 *   frame   := u32(body length) u32(crc32 of body) body
 *   body    := u8(kind: 1 append, 2 commit, 3 tick) f64(time) str(producer) f64(epoch) f64(frontier)
 *              u16(run count) run*
 *   run     := str(topic) u16(partition) f64(base offset) u32(count) u32(byte length of records) record*
 *   record  := f64(heardAt) str(key) str(headers as JSON, "" for none) u32(length) bytes(value)
 *   str     := u16(byte length) bytes(UTF-8)
 */
export const SEGMENT_MAGIC = Buffer.from([0x46, 0x57, 0x4c, 0x4f, 0x47, 1, 0, 0]);
export const FRAME_HEAD = 8;

export type FrameKind = 'append' | 'commit' | 'tick';
const kinds = ['append', 'commit', 'tick'] as const;

export interface FrameRecord {
  readonly heardAt: number;
  readonly key: string;
  readonly headers: string;
  readonly value: Uint8Array;
}

export interface FrameRun {
  readonly topic: string;
  readonly partition: number;
  readonly baseOffset: number;
  /** Packed where another thread has encoded them. */
  readonly records: readonly FrameRecord[] | PackedRecords;
}

export interface Frame {
  readonly kind: FrameKind;
  readonly time: number;
  readonly producer: string;
  readonly epoch: number;
  readonly frontier: number;
  readonly runs: readonly FrameRun[];
}

/** Where a run lies, without its records being read: `start` counts from the frame's first byte. */
export interface RunSpan {
  readonly topic: string;
  readonly partition: number;
  readonly baseOffset: number;
  readonly count: number;
  readonly start: number;
  readonly bytes: number;
}

export interface FrameOutline extends Omit<Frame, 'runs'> {
  readonly runs: readonly RunSpan[];
}

const stringBytes = (text: string): number => 2 + Buffer.byteLength(text);

/** A record that was read, as the journal has it. */
export const frameOfRead = ({ heardAt, key, headers, value }: LogRecord): FrameRecord => ({
  heardAt,
  key,
  headers: Object.keys(headers).length === 0 ? '' : JSON.stringify(headers),
  value,
});

/** What `writeRecords` takes for these. */
export const bytesOfRecords = (records: readonly FrameRecord[]): number => {
  let bytes = 0;
  for (const { key, headers, value } of records)
    bytes += 8 + stringBytes(key) + stringBytes(headers) + 4 + value.length;
  return bytes;
};

const writeString = (buffer: Buffer, text: string, at: number): number => {
  const bytes = buffer.write(text, at + 2);
  buffer.writeUInt16LE(bytes, at);
  return at + 2 + bytes;
};

/** Encodes records from `at` on. Answers where they end. */
export const writeRecords = (buffer: Buffer, at: number, records: readonly FrameRecord[]): number => {
  let cursor = at;
  for (const { heardAt, key, headers, value } of records) {
    cursor = buffer.writeDoubleLE(heardAt, cursor);
    cursor = writeString(buffer, key, cursor);
    cursor = writeString(buffer, headers, cursor);
    cursor = buffer.writeUInt32LE(value.length, cursor);
    buffer.set(value, cursor);
    cursor += value.length;
  }
  return cursor;
};

export const encodeFrame = (frame: Frame): Buffer => {
  const runBytes = frame.runs.map(({ records }) =>
    'bytes' in records ? records.bytes.length : bytesOfRecords(records),
  );
  let length = 1 + 8 + stringBytes(frame.producer) + 8 + 8 + 2;
  frame.runs.forEach((run, index) => {
    length += stringBytes(run.topic) + 2 + 8 + 4 + 4 + runBytes[index]!;
  });
  const buffer = Buffer.allocUnsafe(FRAME_HEAD + length);
  let at = FRAME_HEAD;
  const string = (text: string): void => {
    at = writeString(buffer, text, at);
  };
  const f64 = (value: number): void => {
    at = buffer.writeDoubleLE(value, at);
  };
  at = buffer.writeUInt8(kinds.indexOf(frame.kind) + 1, at);
  f64(frame.time);
  string(frame.producer);
  f64(frame.epoch);
  f64(frame.frontier);
  at = buffer.writeUInt16LE(frame.runs.length, at);
  frame.runs.forEach((run, index) => {
    string(run.topic);
    at = buffer.writeUInt16LE(run.partition, at);
    f64(run.baseOffset);
    const { records } = run;
    at = buffer.writeUInt32LE('bytes' in records ? records.count : records.length, at);
    at = buffer.writeUInt32LE(runBytes[index]!, at);
    if ('bytes' in records) {
      buffer.set(records.bytes, at);
      at += records.bytes.length;
    } else at = writeRecords(buffer, at, records);
  });
  buffer.writeUInt32LE(length, 0);
  buffer.writeUInt32LE(crc32(buffer.subarray(FRAME_HEAD)), 4);
  return buffer;
};

/**
 * The outline of the frame that starts at `at`, and where the next one starts; undefined when what lies there is
 * cut off or damaged. The checksum of bytes that were encoded here a moment ago need not be taken again.
 */
export const outlineFrame = (
  buffer: Buffer,
  at: number,
  isOurs = false,
): { readonly frame: FrameOutline; readonly next: number } | undefined => {
  if (at + FRAME_HEAD > buffer.length) return undefined;
  const length = buffer.readUInt32LE(at);
  const next = at + FRAME_HEAD + length;
  if (length === 0 || next > buffer.length) return undefined;
  if (!isOurs && crc32(buffer.subarray(at + FRAME_HEAD, next)) !== buffer.readUInt32LE(at + 4))
    return undefined;
  let cursor = at + FRAME_HEAD;
  const string = (): string => {
    const bytes = buffer.readUInt16LE(cursor);
    const text = buffer.toString('utf8', cursor + 2, cursor + 2 + bytes);
    cursor += 2 + bytes;
    return text;
  };
  const f64 = (): number => {
    cursor += 8;
    return buffer.readDoubleLE(cursor - 8);
  };
  const kind = kinds[buffer.readUInt8(cursor) - 1];
  if (kind === undefined) return undefined;
  cursor += 1;
  const time = f64();
  const producer = string();
  const epoch = f64();
  const frontier = f64();
  const runCount = buffer.readUInt16LE(cursor);
  cursor += 2;
  const runs: RunSpan[] = [];
  for (let index = 0; index < runCount; index++) {
    const topic = string();
    const partition = buffer.readUInt16LE(cursor);
    cursor += 2;
    const baseOffset = f64();
    const count = buffer.readUInt32LE(cursor);
    const bytes = buffer.readUInt32LE(cursor + 4);
    cursor += 8;
    runs.push({ topic, partition, baseOffset, count, start: cursor - at, bytes });
    cursor += bytes;
  }
  return { frame: { kind, time, producer, epoch, frontier, runs }, next };
};

/** The records of one run; `at` is where its records start. */
export const decodeRun = (
  buffer: Buffer,
  at: number,
  count: number,
  baseOffset: number,
  producer: string,
): LogRecord[] => {
  const records: LogRecord[] = [];
  let cursor = at;
  for (let index = 0; index < count; index++) {
    const heardAt = buffer.readDoubleLE(cursor);
    cursor += 8;
    const keyBytes = buffer.readUInt16LE(cursor);
    const key = buffer.toString('utf8', cursor + 2, cursor + 2 + keyBytes);
    cursor += 2 + keyBytes;
    const headerBytes = buffer.readUInt16LE(cursor);
    const headers =
      headerBytes === 0
        ? noHeaders
        : (JSON.parse(buffer.toString('utf8', cursor + 2, cursor + 2 + headerBytes)) as Record<
            string,
            string
          >);
    cursor += 2 + headerBytes;
    const valueBytes = buffer.readUInt32LE(cursor);
    cursor += 4;
    const value = buffer.subarray(cursor, cursor + valueBytes);
    cursor += valueBytes;
    records.push({ offset: baseOffset + index, heardAt, producer, key, headers, value });
  }
  return records;
};

/** What a record costs a reader beside its value. */
const RECORD_OVERHEAD = 64;

/**
 * The part of a run that begins at an offset and has at most so many bytes, but at least its first record where `atLeastOne`;
 * nothing is decoded. Undefined where no record of it fits. `left` is what of `maxBytes` the rest may have.
 */
export const cutRun = (
  { base, count, producer, bytes: run }: PackedRun & { readonly bytes: Buffer },
  fromOffset: number,
  maxBytes: number,
  atLeastOne: boolean,
): { readonly run: PackedRun; readonly left: number } | undefined => {
  let left = maxBytes;
  let cursor = 0;
  let start = 0;
  let taken = 0;
  let index = 0;
  for (; index < count; index++) {
    const isWanted = base + index >= fromOffset;
    if (isWanted && left <= 0 && (taken > 0 || !atLeastOne)) break;
    if (isWanted && taken === 0) start = cursor;
    cursor += 8;
    cursor += 2 + run.readUInt16LE(cursor);
    cursor += 2 + run.readUInt16LE(cursor);
    const valueBytes = run.readUInt32LE(cursor);
    cursor += 4 + valueBytes;
    if (!isWanted) continue;
    taken += 1;
    left -= valueBytes + RECORD_OVERHEAD;
  }
  if (taken === 0) return undefined;
  const part = { base: base + index - taken, count: taken, producer, bytes: run.subarray(start, cursor) };
  return { run: part, left };
};

const noHeaders: Readonly<Record<string, string>> = Object.freeze({});
