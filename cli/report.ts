import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ForewarnError } from '../runtime/forewarn-error.ts';
import { prepareClickHouse } from '../sinks/clickhouse/migrations.ts';
import { startEmbeddedClickHouse } from '../sinks/clickhouse/embedded/embedded-clickhouse.ts';
import { formatReport } from '../sinks/clickhouse/format-report.ts';
import { report, type Report } from '../sinks/clickhouse/report.ts';
import type { Config } from '../runtime/config/config.ts';
import { openDataFolder } from '../runtime/wire/data-folder.ts';
import { configFrom, type ConfigOptions } from './config-options.ts';

/** `forewarn report`: asks the process that runs on the data folder, or reads the tables itself when none does. */
export const reportCommand = async (options: ConfigOptions & { readonly json?: boolean }): Promise<void> => {
  const config = configFrom(options);
  const found = (await fromRunning(config)) ?? (await fromTables(config));
  console.log(options.json === true ? JSON.stringify(found, null, 2) : formatReport(found));
};

const fromRunning = async (config: Config): Promise<Report | undefined> => {
  let url: string;
  try {
    ({ url } = JSON.parse(readFileSync(join(resolve(config.dataFolder), 'running.json'), 'utf8')) as {
      url: string;
    });
  } catch {
    return undefined;
  }
  const key = process.env['FOREWARN_API_KEY'];
  const response = await fetch(
    `${url}/v1/report`,
    key === undefined ? {} : { headers: { authorization: `Bearer ${key}` } },
  ).catch(() => undefined);
  // A process that was killed leaves its address behind.
  if (response === undefined) return undefined;
  if (!response.ok) {
    throw new ForewarnError(
      'FW101',
      `${url} answers ${response.status}; set FOREWARN_API_KEY to a key with the scope read`,
    );
  }
  return (await response.json()) as Report;
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
