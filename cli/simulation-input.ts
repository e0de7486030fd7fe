import { stat } from 'node:fs/promises';
import type { Config } from '../runtime/config/config.ts';
import { ForewarnError } from '../runtime/forewarn-error.ts';
import { historyOf, parseHistoryLine } from '../runtime/wire/history.ts';
import { openStoppedLine } from '../runtime/wire/stopped-line.ts';
import { readRecorded } from '../sources/replay/recorded-file.ts';
import { type FedRecord, recordOf } from './feed-history.ts';
import { runningProcess } from './running-process.ts';

/**
 * The history to simulate on: a file of recorded documents, else what the running process of the data folder tells,
 * else what lies in the folder itself. All of it is kept in memory, since it is fed twice.
 */
export const simulationInput = async (
  file: string | undefined,
  config: Config,
  to: number,
): Promise<readonly FedRecord[]> => {
  const records: FedRecord[] = [];
  if (file !== undefined) {
    if ((await stat(file).catch(() => undefined)) === undefined) {
      throw new ForewarnError(
        'FW407',
        `${file} is not there, or may not be read; give a file of recorded documents, or none to take the data folder`,
      );
    }
    for await (const document of readRecorded(file))
      if (document.heardAt <= to) records.push(recordOf(document));
    return records.sort((a, b) => a.heardAt - b.heardAt);
  }
  const running = await runningProcess(config);
  if (running !== undefined) {
    for await (const line of running.lines(`/v1/history${to === Infinity ? '' : `?to=${to}`}`))
      records.push(parseHistoryLine(line));
    return records;
  }
  const line = await openStoppedLine(config.dataFolder);
  try {
    for await (const record of historyOf(line.log, to)) records.push(record);
  } finally {
    await line.close();
  }
  return records;
};
