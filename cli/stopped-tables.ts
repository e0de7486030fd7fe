import type { ClickHouseClient } from '@clickhouse/client';
import type { Config } from '../runtime/config/config.ts';
import { addressOf, tablesOf } from '../runtime/wire/tables-of.ts';
import { openStoppedLine, type StoppedLine } from '../runtime/wire/stopped-line.ts';
import { startEmbeddedClickHouse } from '../sinks/clickhouse/embedded/embedded-clickhouse.ts';
import { prepareClickHouse } from '../sinks/clickhouse/migrations.ts';

/** A data folder on which no process runs: its log and its tables, under its lock. */
export const withStoppedTables = async <T>(
  config: Config,
  work: (line: Pick<StoppedLine, 'data' | 'log'>, client: ClickHouseClient) => Promise<T>,
): Promise<T> => {
  const { data, log, close } = await openStoppedLine(config.dataFolder);
  try {
    const embedded =
      addressOf(config.clickhouse) === undefined
        ? await startEmbeddedClickHouse({ folder: data.in('clickhouse') })
        : undefined;
    try {
      const client = await prepareClickHouse(tablesOf(config.clickhouse, embedded?.url));
      try {
        return await work({ data, log }, client);
      } finally {
        await client.close();
      }
    } finally {
      await embedded?.stop();
    }
  } finally {
    await close();
  }
};
