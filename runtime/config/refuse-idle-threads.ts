import { ForewarnError } from '../forewarn-error.ts';
import type { Config } from './config.ts';

/** FW224 where threads would have nothing to do: all tasks of a partition number are in one. */
export const refuseIdleThreads = (file: string, { engine, log }: Config): void => {
  if (engine.workers <= log.partitions) return;
  throw new ForewarnError(
    'FW224',
    `${file} engine.workers: ${engine.workers}; a worker thread runs whole partition numbers, and log.partitions is ${log.partitions}; set it to ${log.partitions} or less, or begin a data folder with more log.partitions`,
  );
};
