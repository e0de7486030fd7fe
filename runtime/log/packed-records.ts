import { bufferOf } from '../buffer-of.ts';
import { frameRecord } from './commit-frame.ts';
import { bytesOfRecords, decodeRun, frameOfRead, writeRecords } from './frame.ts';
import type { Commit, Committed, Log, LogRecord, TaskRecord } from './log.ts';
import type { PackedCommit, PackedLog, PackedRecords, PackedRun } from './packed.ts';

/** In a buffer of its own, which may be given to another thread. */
const inOnePiece = (parts: readonly Uint8Array[]): readonly Uint8Array[] => {
  const whole = Buffer.allocUnsafeSlow(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  return parts.map((part) => {
    whole.set(part, at);
    at += part.length;
    return whole.subarray(at - part.length, at);
  });
};

const packed = (records: readonly LogRecord[]): PackedRecords => {
  const frames = records.map(frameOfRead);
  const bytes = Buffer.allocUnsafe(bytesOfRecords(frames));
  writeRecords(bytes, 0, frames);
  return { count: records.length, bytes };
};

/** Rows and state of a commit in one buffer of its own, encoded once: the journal takes them as they are. */
export const packCommit = ({ writes, state, ...commit }: Commit): PackedCommit => {
  const runs = writes.map(({ records }) => records.map(frameRecord));
  const sizes = runs.map(bytesOfRecords);
  const whole = Buffer.allocUnsafeSlow(
    sizes.reduce((sum, size) => sum + size, 0) + (state === undefined ? 0 : state.length),
  );
  let at = 0;
  const packedWrites = writes.map(({ topic, partition }, index) => {
    const from = at;
    at = writeRecords(whole, at, runs[index]!);
    return {
      topic,
      partition,
      records: { count: runs[index]!.length, bytes: whole.subarray(from, at) },
    };
  });
  if (state === undefined) return { ...commit, writes: packedWrites };
  whole.set(state, at);
  return { ...commit, writes: packedWrites, state: whole.subarray(at) };
};

const recordsOf = ({ count, bytes }: PackedRecords): readonly TaskRecord[] =>
  decodeRun(bufferOf(bytes), 0, count, 0, '').map(({ heardAt, key, headers, value }) => ({
    heardAt,
    key,
    headers,
    value,
  }));

const unpackCommit = ({ writes, ...commit }: PackedCommit): Commit => ({
  ...commit,
  writes: writes.map(({ topic, partition, records }) => ({ topic, partition, records: recordsOf(records) })),
});

/** Records as a reader has them. */
export const unpackRuns = (runs: readonly PackedRun[]): readonly LogRecord[] =>
  runs.flatMap(({ base, count, producer, stamper, bytes }) => {
    const records = decodeRun(bufferOf(bytes), 0, count, base, producer);
    return stamper === undefined ? records : records.map((record) => ({ ...record, stamper }));
  });

const packRuns = (records: readonly LogRecord[]): readonly PackedRun[] => {
  const groups: LogRecord[][] = [];
  for (const record of records) {
    const group = groups.at(-1);
    const before = group?.at(-1);
    const goesOn =
      before?.producer === record.producer &&
      before.stamper === record.stamper &&
      before.offset + 1 === record.offset;
    if (group !== undefined && goesOn) group.push(record);
    else groups.push([record]);
  }
  return groups.map((group) => {
    const [{ offset: base, producer, stamper }] = group as [LogRecord];
    return {
      base,
      producer,
      ...(stamper === undefined ? {} : { stamper }),
      ...packed(group),
    };
  });
};

/** The same runs in one buffer of their own. */
export const ownRuns = (runs: readonly PackedRun[]): readonly PackedRun[] => {
  const bytes = inOnePiece(runs.map((run) => run.bytes));
  return runs.map((run, index) => ({ ...run, bytes: bytes[index]! }));
};

/** Any log as one of packed records; one that has them so is itself. */
export const packedLogOf = (log: Log | (Log & PackedLog)): PackedLog =>
  'readPacked' in log
    ? log
    : {
        readPacked: async (...where) => packRuns(await log.read(...where)),
        commitPacked: (commit): Promise<Committed> => log.commit(unpackCommit(commit)),
      };
