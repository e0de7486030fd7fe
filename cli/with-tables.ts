import { resolve } from 'node:path';
import type { ClickHouseClient } from '@clickhouse/client';
import type { Config } from '../runtime/config/config.ts';
import { openDataFolder } from '../runtime/wire/data-folder.ts';
import { addressOf, tablesOf } from '../runtime/wire/tables-of.ts';
import { startEmbeddedClickHouse } from '../sinks/clickhouse/embedded/embedded-clickhouse.ts';
import { prepareClickHouse } from '../sinks/clickhouse/migrations.ts';

/** Asks the tables where no process runs: those of the configured server, or the embedded ones of the data folder. */
export const withTables = async <Answer>(
  config: Config,
  ask: (client: ClickHouseClient) => Promise<Answer>,
): Promise<Answer> => {
  if (addressOf(config.clickhouse) !== undefined) {
    const client = await prepareClickHouse(tablesOf(config.clickhouse, undefined));
    try {
      return await ask(client);
    } finally {
      await client.close();
    }
  }
  const folder = resolve(config.dataFolder);
  const data = openDataFolder(folder);
  const embedded = await startEmbeddedClickHouse({ folder: data.in('clickhouse') });
  try {
    const client = await prepareClickHouse(tablesOf(config.clickhouse, embedded.url));
    const answer = await ask(client);
    await client.close();
    return answer;
  } finally {
    await embedded.stop();
    data.release();
  }
};
