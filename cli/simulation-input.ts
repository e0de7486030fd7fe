import { stat } from 'node:fs/promises';
import type { Config } from '../runtime/config/config.ts';
import { ForewarnError } from '../runtime/forewarn-error.ts';
import { historyOf, parseHistoryLine } from '../runtime/wire/history.ts';
import { openStoppedLine } from '../runtime/wire/stopped-line.ts';
import { readRecorded } from '../sources/replay/recorded-file.ts';
import { type FedRecord, recordOf } from './feed-history.ts';
import { runningProcess } from './running-process.ts';

export interface SimulationInput {
  readonly records: readonly FedRecord[];
  /** Nothing was heard from the last record to then, and so timers in between ran; null where nobody knows. */
  readonly quietUntil: number | null;
}

/**
 * The history to simulate on: a file of recorded documents, else what the running process of the data folder tells,
 * else what lies in the folder itself. All of it is kept in memory, since it is fed twice.
 */
export const simulationInput = async (
  file: string | undefined,
  config: Config,
  to: number,
): Promise<SimulationInput> => {
  const records: FedRecord[] = [];
  /** Where the source knows of a time after `to`. */
  const quietUntil = (knownUntil: number): number | null => (knownUntil >= to ? to : null);
  if (file !== undefined) {
    if ((await stat(file).catch(() => undefined)) === undefined) {
      throw new ForewarnError(
        'FW407',
        `${file} is not there, or may not be read; give a file of recorded documents, or none to take the data folder`,
      );
    }
    let last = -Infinity;
    for await (const document of readRecorded(file)) {
      last = Math.max(last, document.heardAt);
      if (document.heardAt <= to) records.push(recordOf(document));
    }
    records.sort((a, b) => a.heardAt - b.heardAt);
    return { records, quietUntil: quietUntil(last) };
  }
  const running = await runningProcess(config);
  if (running !== undefined) {
    const { at } = await running.get<{ readonly at: number }>('/v1/status');
    for await (const line of running.lines(`/v1/history${to === Infinity ? '' : `?to=${to}`}`))
      records.push(parseHistoryLine(line));
    return { records, quietUntil: quietUntil(at) };
  }
  const line = await openStoppedLine(config.dataFolder);
  try {
    for await (const record of historyOf(line.log, to)) records.push(record);
    return { records, quietUntil: quietUntil(line.log.closedUntil) };
  } finally {
    await line.close();
  }
};
