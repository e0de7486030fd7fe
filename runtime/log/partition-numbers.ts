import type { Log } from './log.ts';

/** The numbers of a topic's partitions: 0, 1, 2. */
export const partitionNumbers = (log: Pick<Log, 'partitionsOf'>, topic: string): readonly number[] =>
  Array.from({ length: log.partitionsOf(topic) }, (_, partition) => partition);
