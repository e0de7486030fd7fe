import type { Config } from '../runtime/config/config.ts';
import { loadConfig } from '../runtime/config/load-config.ts';
import { ForewarnError } from '../runtime/forewarn-error.ts';
import type { LineLog } from '../runtime/log/log.ts';
import { openLog, placeOfLog, readKafkaLog } from '../runtime/wire/open-log.ts';
import { rehear } from '../runtime/wire/rehear.ts';
import { openStoppedLine } from '../runtime/wire/stopped-line.ts';
import { configFrom, type ConfigOptions } from './config-options.ts';

/** `forewarn rehear`: a new log in Kafka hears what the log of another configuration has heard, while nobody runs on either. */
export const rehearCommand = async (
  options: Pick<ConfigOptions, 'config'> & { readonly from: string; readonly allowLoss?: boolean },
): Promise<void> => {
  const { log: settings } = configFrom(options);
  const before = loadConfig({ file: options.from, environment: process.env });
  const places = { from: placeOfLog(before.log), to: placeOfLog(settings) };
  if (settings.kafka === undefined)
    throw new ForewarnError(
      'FW101',
      'log.kafka is missing, and only a log in Kafka hears again; an embedded one goes back with forewarn run --from-savepoint',
    );
  if (places.from === places.to)
    throw new ForewarnError(
      'FW324',
      `${places.to}: both configurations name it; give another log.kafka.prefix`,
    );
  const note = (line: string): void => console.error(line);
  const from = await openToRead(before, note);
  try {
    // Alone: whoever shares it comes when it has heard everything.
    const { group: _, ...kafka } = settings.kafka;
    const to = await openLog({
      settings: { ...settings, kafka },
      folder: '',
      time: 'recorded',
      onFenced: () => undefined,
      note,
    });
    try {
      const { allowLoss = false } = options;
      const { records, until } = await rehear({ from: from.log, to, places, allowLoss });
      const last = records === 0 ? '' : `, the last at log time ${new Date(until).toISOString()}`;
      console.log(
        `${places.to}: ${records} records heard again${last}; start it with another data folder and another clickhouse.database`,
      );
    } finally {
      await to.close();
    }
  } finally {
    await from.close();
  }
};

const openToRead = async (
  config: Config,
  note: (line: string) => void,
): Promise<{ readonly log: LineLog; readonly close: () => Promise<void> }> => {
  const { kafka } = config.log;
  if (kafka === undefined) return openStoppedLine(config.dataFolder);
  const log = await readKafkaLog({ ...config.log, kafka }, note);
  return { log, close: () => log.close() };
};
