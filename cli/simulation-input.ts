import { stat } from 'node:fs/promises';
import { raw } from '../pipelines/topics.ts';
import type { Config } from '../runtime/config/config.ts';
import { ForewarnError } from '../runtime/forewarn-error.ts';
import { historyOf, parseHistoryLine, type HistoryRecord } from '../runtime/wire/history.ts';
import { openStoppedLine } from '../runtime/wire/stopped-line.ts';
import { readRecorded } from '../sources/replay/recorded-file.ts';
import { runningProcess } from './running-process.ts';

const encoder = new TextEncoder();

/**
 * The history to simulate on: a file of recorded documents, else what the running process of the data folder tells,
 * else what lies in the folder itself. All of it is kept in memory, since it is fed twice.
 */
export const simulationInput = async (
  file: string | undefined,
  config: Config,
  to: number,
): Promise<readonly HistoryRecord[]> => {
  const records: HistoryRecord[] = [];
  if (file !== undefined) {
    if ((await stat(file).catch(() => undefined)) === undefined) {
      throw new ForewarnError(
        'FW407',
        `${file} is not there, or may not be read; give a file of recorded documents, or none to take the data folder`,
      );
    }
    for await (const { source, contentType, documentId, heardAt, text } of readRecorded(file)) {
      if (heardAt > to) continue;
      const headers = { source, contentType, documentId: `${source}/${documentId}`, via: 'replay' };
      records.push({ topic: raw.name, heardAt, key: source, headers, value: encoder.encode(text) });
    }
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
