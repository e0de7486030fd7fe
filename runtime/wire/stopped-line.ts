import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { partitionsByTopic } from '../../pipelines/topics.ts';
import { wallClock } from '../clock.ts';
import type { Config } from '../config/config.ts';
import { ForewarnError } from '../forewarn-error.ts';
import { EmbeddedLog } from '../log/embedded-log.ts';
import type { KafkaLog } from '../log/kafka/kafka-log.ts';
import {
  checkDataFolder,
  type DataFolder,
  type DataFolderMarker,
  markerWith,
  openDataFolder,
  readMarker,
} from './data-folder.ts';
import { type KafkaSettings, placeOfLog, readKafkaLog, takeKafkaLog } from './open-log.ts';
import { timeOf } from './simulation.ts';

/** The log of a data folder on which no process runs. */
export interface StoppedLine<L = EmbeddedLog> {
  readonly data: DataFolder;
  readonly marker: DataFolderMarker;
  readonly log: L;
  readonly close: () => Promise<void>;
}

/**
 * Opens the log of a data folder under its lock, without tasks, tables or sources. What is appended is heard by the
 * next start. FW109 when there is no such folder; nothing is made then.
 */
export const openStoppedLine = async (folder: string): Promise<StoppedLine> => {
  const marker = neededMarker(folder);
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

/**
 * The same of a data folder whose log is in Kafka, which the configuration names. To make a savepoint nobody else may write to it;
 * to forget one that does not matter. FW104, FW105, FW109 and FW325 where it cannot be.
 */
export const openStoppedKafkaLine = async (
  config: Config & { readonly log: KafkaSettings },
  { isAlone, note }: { readonly isAlone: boolean; readonly note: (line: string) => void },
): Promise<StoppedLine<KafkaLog>> => {
  const folder = config.dataFolder;
  const marker = neededMarker(folder);
  const place = placeOfLog(config.log);
  checkDataFolder(folder, { partitions: config.log.partitions, time: timeOf(config), log: place });
  const data = openDataFolder(folder);
  let log: KafkaLog | undefined;
  const close = async (): Promise<void> => {
    await log?.close();
    data.release();
  };
  try {
    log = await (isAlone ? takeKafkaLog : readKafkaLog)(config.log, note);
    if (isAlone) markerWith(folder, { isNew: false, place, savepoints: log.savepoints });
    return { data, marker, log, close };
  } catch (error) {
    await close();
    throw error;
  }
};

const neededMarker = (folder: string): DataFolderMarker => {
  const marker = readMarker(folder);
  if (marker !== undefined) return marker;
  const what = existsSync(resolve(folder)) ? 'is no data folder' : 'is not there';
  throw new ForewarnError('FW109', `${resolve(folder)} ${what}; give the folder of a run with --data`);
};
