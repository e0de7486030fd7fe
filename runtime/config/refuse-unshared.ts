import { ForewarnError } from '../forewarn-error.ts';
import { durationMs } from '../duration.ts';
import type { Config } from './config.ts';

/** FW222 where processes are to share tasks and something that all of them need is one process's own. */
export const refuseUnshared = (file: string, config: Config): void => {
  const { kafka } = config.log;
  if (kafka?.group === undefined) return;
  const refuse = (place: string, value: unknown, rule: string, mend: string): never => {
    throw new ForewarnError(
      'FW222',
      `${file} ${place}: ${JSON.stringify(value ?? null)}; processes of log.kafka.group "${kafka.group}" share tasks, and ${rule}; ${mend}`,
    );
  };
  const { snapshots, clickhouse, sources, models } = config;
  if (snapshots.s3 === undefined)
    refuse(
      'snapshots.s3',
      snapshots.s3,
      'whoever takes one over needs its state',
      'give a store that all of them reach',
    );
  if (clickhouse.url === undefined && clickhouse.urls === undefined)
    refuse(
      'clickhouse.url',
      clickhouse.url,
      'the embedded ClickHouse is one process’s own',
      'give clickhouse.url or clickhouse.urls',
    );
  if (models.folder === undefined)
    refuse(
      'models.folder',
      models.folder,
      'all of them score with the models that one trains',
      'give a folder that all of them reach',
    );
  if (sources.dropFolder !== undefined)
    refuse(
      'sources.dropFolder',
      sources.dropFolder,
      'a folder of files is one process’s own',
      'send documents by HTTP',
    );
  const isFed = sources.http || sources.poll !== undefined || sources.kafka !== undefined;
  if (sources.simulated !== undefined || !isFed)
    refuse(
      'sources.http',
      sources.http,
      'the simulated world is one process’s own',
      'set it to true, without sources.simulated',
    );
  const sessionMs = durationMs(kafka.session);
  if (sessionMs < 6_000 || sessionMs > 300_000)
    refuse('log.kafka.session', kafka.session, 'brokers allow 6s to 5m', 'choose one between');
};
