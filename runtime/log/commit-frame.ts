import type { Frame, FrameRecord, FrameRun } from './frame.ts';
import type { Commit, TaskRecord } from './log.ts';
import type { PackedCommit, PackedRecords } from './packed.ts';
import { stateTopic } from './state-topic.ts';

/** A task's row as the journal has it. */
export const frameRecord = ({ heardAt, key, headers, value }: TaskRecord): FrameRecord => ({
  heardAt,
  key,
  headers: headers === undefined ? '' : JSON.stringify(headers),
  value,
});

const countOf = (records: readonly TaskRecord[] | PackedRecords): number =>
  'bytes' in records ? records.count : records.length;

/** A task's rows, state and frontier as one frame; offsets are given out when it is made. */
export const commitFrame = (
  { producer, epoch, frontier, writes, state }: Commit | PackedCommit,
  time: number,
  reserve: (topic: string, partition: number, count: number) => number,
): Frame => {
  const run = (
    topic: string,
    partition: number,
    records: readonly TaskRecord[] | PackedRecords,
  ): FrameRun => ({
    topic,
    partition,
    baseOffset: reserve(topic, partition, countOf(records)),
    records: 'bytes' in records ? records : records.map(frameRecord),
  });
  const runs = writes.flatMap(({ topic, partition, records }) =>
    countOf(records) > 0 ? [run(topic, partition, records)] : [],
  );
  if (state !== undefined)
    runs.push(run(stateTopic(producer), 0, [{ heardAt: frontier, key: '', value: state }]));
  return { kind: 'commit', time, producer, epoch, frontier, runs };
};

/** Says how late it is; a new segment begins with one that also says where the offsets of each partition stand. */
export const tickFrame = (time: number, runs: readonly FrameRun[]): Frame => ({
  kind: 'tick',
  time,
  producer: 'external',
  epoch: 0,
  frontier: time,
  runs,
});
