import { createClient, type ClickHouseClient } from '@clickhouse/client';
import { join } from 'node:path';
import { startEmbeddedClickHouse } from '../../sinks/clickhouse/embedded/embedded-clickhouse.ts';
import { tables } from '../../sinks/clickhouse/tables.ts';

/** Opens the tables of a line that has stopped. */
export const withTables = async <T>(
  data: string,
  use: (client: ClickHouseClient) => Promise<T>,
): Promise<T> => {
  const server = await startEmbeddedClickHouse({ folder: join(data, 'clickhouse') });
  const client = createClient({ url: server.url, database: 'forewarn' });
  try {
    return await use(client);
  } finally {
    await client.close();
    await server.stop();
  }
};

/** Every row of a table as one line of JSON, sorted; of a table that keeps current rows, those. */
export const rowsOf = async (
  client: ClickHouseClient,
  table: keyof typeof tables,
): Promise<readonly string[]> => {
  const final = tables[table].keeps === 'current' ? ' FINAL' : '';
  const answer = await client.query({ query: `SELECT * FROM ${table}${final}`, format: 'JSONEachRow' });
  return (await answer.text())
    .split('\n')
    .filter((line) => line !== '')
    .sort();
};

/** The first rows that only one side has, and the columns in which they differ from the row of the same id. */
export const firstDifferences = (wanted: readonly string[], found: readonly string[], most = 5): string => {
  const only = (rows: readonly string[], others: readonly string[]): readonly Record<string, unknown>[] => {
    const known = new Map<string, number>();
    for (const row of others) known.set(row, (known.get(row) ?? 0) + 1);
    return rows
      .filter((row) => {
        const count = known.get(row) ?? 0;
        known.set(row, count - 1);
        return count <= 0;
      })
      .map((row) => JSON.parse(row) as Record<string, unknown>);
  };
  const missing = only(wanted, found);
  const surplus = only(found, wanted);
  const name = (row: Record<string, unknown>): string => JSON.stringify([row['id'], row['version']]);
  const twins = new Map(surplus.map((row) => [name(row), row]));
  const words = missing.slice(0, most).map((row) => {
    const twin = twins.get(name(row));
    if (twin === undefined) return `missing ${JSON.stringify(row)}`;
    const columns = Object.keys(row).filter((key) => JSON.stringify(row[key]) !== JSON.stringify(twin[key]));
    const each = columns.map((key) => `${key}: ${JSON.stringify(row[key])} ≠ ${JSON.stringify(twin[key])}`);
    return `differs ${name(row)}: ${each.join(', ')}`;
  });
  const names = new Set(missing.map(name));
  const more = surplus.filter((row) => !names.has(name(row))).slice(0, most);
  return [
    `${missing.length} rows missing, ${surplus.length} too many`,
    ...words,
    ...more.map((row) => `too many ${JSON.stringify(row)}`),
  ].join('\n');
};
