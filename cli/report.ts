import { resolve } from 'node:path';
import { prepareClickHouse } from '../sinks/clickhouse/migrations.ts';
import { startEmbeddedClickHouse } from '../sinks/clickhouse/embedded/embedded-clickhouse.ts';
import { formatReport } from '../sinks/clickhouse/format-report.ts';
import { report, type Report } from '../sinks/clickhouse/report.ts';
import type { Config } from '../runtime/config/config.ts';
import { openDataFolder } from '../runtime/wire/data-folder.ts';
import { configFrom, type ConfigOptions } from './config-options.ts';
import { runningProcess } from './running-process.ts';

/** `forewarn report`: asks the process that runs on the data folder, or reads the tables itself when none does. */
export const reportCommand = async (options: ConfigOptions & { readonly json?: boolean }): Promise<void> => {
  const config = configFrom(options);
  const running = await runningProcess(config);
  const found = running === undefined ? await fromTables(config) : await running.get<Report>('/v1/report');
  console.log(options.json === true ? JSON.stringify(found, null, 2) : formatReport(found));
};

const fromTables = async (config: Config): Promise<Report> => {
  const { url, database, username, password } = config.clickhouse;
  if (url !== undefined) {
    const client = await prepareClickHouse({
      url,
      database,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
    });
    try {
      return await report(client);
    } finally {
      await client.close();
    }
  }
  const folder = resolve(config.dataFolder);
  const data = openDataFolder(folder);
  const embedded = await startEmbeddedClickHouse({ folder: data.in('clickhouse') });
  try {
    const client = await prepareClickHouse({ url: embedded.url, database });
    const found = await report(client);
    await client.close();
    return found;
  } finally {
    await embedded.stop();
    data.release();
  }
};
