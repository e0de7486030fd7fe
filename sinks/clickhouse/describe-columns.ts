import type { ClickHouseClient } from '@clickhouse/client';
import { shippedColumns } from './column-meanings.ts';
import { type Ddl, onOneServer } from './on-cluster.ts';
import { quoted } from './quoted.ts';
import { tables } from './tables.ts';

/**
 * Gives every column of the tables that ship its meaning as a comment, and returns the tables that had others. Comments
 * are words about data, not data: they follow the code, and a better word needs no migration.
 */
export const describeColumns = async (
  client: ClickHouseClient,
  ddl: Ddl = onOneServer,
): Promise<readonly string[]> => {
  const answer = await client.query({
    query: 'SELECT table, name, comment FROM system.columns WHERE database = currentDatabase()',
    format: 'JSONEachRow',
  });
  const said = new Map(
    (await answer.json<{ readonly table: string; readonly name: string; readonly comment: string }>()).map(
      ({ table, name, comment }) => [`${table}.${name}`, comment],
    ),
  );
  const described: string[] = [];
  for (const table of Object.values(tables)) {
    const changes = shippedColumns(table)
      .filter(({ name, comment }) => (said.get(`${table.name}.${name}`) ?? comment) !== comment)
      .map(({ name, comment }) => `COMMENT COLUMN \`${name}\` ${quoted(comment)}`);
    if (changes.length === 0) continue;
    for (const query of ddl(`ALTER TABLE ${table.name} ${changes.join(', ')}`))
      await client.command({ query });
    described.push(table.name);
  }
  return described;
};
