import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { partitionsByTopic } from '../../pipelines/topics.ts';
import { wallClock } from '../clock.ts';
import { ForewarnError } from '../forewarn-error.ts';
import { EmbeddedLog } from '../log/embedded-log.ts';
import { type DataFolder, type DataFolderMarker, openDataFolder, readMarker } from './data-folder.ts';

/** The log of a data folder on which no process runs. */
export interface StoppedLine {
  readonly data: DataFolder;
  readonly marker: DataFolderMarker;
  readonly log: EmbeddedLog;
  readonly close: () => Promise<void>;
}

/**
 * Opens the log of a data folder under its lock, without tasks, tables or sources. What is appended is heard by the
 * next start. FW109 when there is no such folder; nothing is made then.
 */
export const openStoppedLine = async (folder: string): Promise<StoppedLine> => {
  const marker = readMarker(folder);
  if (marker === undefined) {
    const what = existsSync(resolve(folder)) ? 'is no data folder' : 'is not there';
    throw new ForewarnError('FW109', `${resolve(folder)} ${what}; give the folder of a run with --data`);
  }
  if (marker.log !== 'embedded') {
    throw new ForewarnError(
      'FW105',
      `data folder ${resolve(folder)} has its log elsewhere (${marker.log}), which only a running process reads; start it and ask that`,
    );
  }
  const data = openDataFolder(folder);
  try {
    const log = await EmbeddedLog.open({
      folder: data.in('log'),
      topics: partitionsByTopic(marker.partitions),
      // Where time is not ours it stands still while nobody runs.
      time: marker.time === 'live' ? () => wallClock : 'recorded',
    });
    const close = async (): Promise<void> => {
      await log.close();
      data.release();
    };
    return { data, marker, log, close };
  } catch (error) {
    data.release();
    throw error;
  }
};
