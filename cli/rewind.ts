import type { Config } from '../runtime/config/config.ts';
import { ForewarnError } from '../runtime/forewarn-error.ts';
import { placeOfLog } from '../runtime/wire/open-log.ts';
import { rewindFolder, savepointAt } from '../runtime/wire/rewind-folder.ts';
import { configFrom, type ConfigOptions } from './config-options.ts';
import { shippedBy } from './definitions.ts';

/**
 * `run --from-savepoint`: makes the data folder of `--data` from a savepoint of the configured data folder, by name, or
 * of any other, by the path of the savepoint. Where that was done before, nothing is done.
 */
export const beginAt = async (
  wanted: string,
  config: Config,
  options: ConfigOptions & { readonly allowLoss?: boolean },
): Promise<void> => {
  if (options.data === undefined) {
    throw new ForewarnError(
      'FW101',
      '--from-savepoint needs --data with a folder of its own: what came after the savepoint stays where it is',
    );
  }
  const { data: _, ...others } = options;
  const { log, snapshots } = config;
  const { from, name } = savepointAt(wanted) ?? { from: configFrom(others).dataFolder, name: wanted };
  await rewindFolder({
    from,
    to: options.data,
    savepoint: name,
    pipelines: shippedBy(config),
    clickhouse: config.clickhouse,
    log: placeOfLog(log),
    ...(log.kafka === undefined ? {} : { kafka: { log: { ...log, kafka: log.kafka }, snapshots } }),
    allowLoss: options.allowLoss ?? false,
    note: (line) => console.log(line),
  });
};
