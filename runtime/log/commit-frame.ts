import type { Frame, FrameRun } from './frame.ts';
import type { Commit, TaskRecord } from './log.ts';
import { stateTopic } from './state-topic.ts';

/** A task's rows, state and frontier as one frame; offsets are given out when it is made. */
export const commitFrame = (
  { producer, epoch, frontier, writes, state }: Commit,
  time: number,
  reserve: (topic: string, partition: number, count: number) => number,
): Frame => {
  const run = (topic: string, partition: number, records: readonly TaskRecord[]): FrameRun => ({
    topic,
    partition,
    baseOffset: reserve(topic, partition, records.length),
    records: records.map(({ heardAt, key, headers, value }) => ({
      heardAt,
      key,
      headers: headers === undefined ? '' : JSON.stringify(headers),
      value,
    })),
  });
  const runs = writes
    .filter(({ records }) => records.length > 0)
    .map(({ topic, partition, records }) => run(topic, partition, records));
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
