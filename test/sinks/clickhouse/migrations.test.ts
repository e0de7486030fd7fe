import { afterAll, describe, expect, it } from 'vitest';
import { connectClickHouse } from '../../../sinks/clickhouse/client.ts';
import { columnsOf } from '../../../sinks/clickhouse/columns.ts';
import type { Migration } from '../../../sinks/clickhouse/migration.ts';
import { applyMigrations, migrations, prepareClickHouse } from '../../../sinks/clickhouse/migrations.ts';
import { tables } from '../../../sinks/clickhouse/tables.ts';
import { clickHouseHere } from './clickhouse-here.ts';

const server = await clickHouseHere();
const url = server?.url ?? 'http://127.0.0.1:1';
const client = connectClickHouse({ url });
const rowsOf = async <Row>(query: string, from = client): Promise<Row[]> =>
  (await from.query({ query, format: 'JSONEachRow' })).json<Row>();

afterAll(async () => {
  await client.close();
  await server?.remove();
});

const first: Migration = {
  id: 1,
  name: 'first',
  statements: ['CREATE TABLE IF NOT EXISTS small (a UInt32) ENGINE = MergeTree ORDER BY a'],
};
const second: Migration = {
  id: 2,
  name: 'second',
  statements: ['ALTER TABLE small ADD COLUMN IF NOT EXISTS b String'],
};

it('has ids that count up from 1', () => {
  expect(migrations.map(({ id }) => id)).toEqual(migrations.map((_, index) => index + 1));
});

describe.skipIf(server === undefined)('migrations', () => {
  it('lead to exactly the columns of the schemas: change a schema, add a migration', async () => {
    await applyMigrations(client);
    for (const table of Object.values(tables)) {
      const actual = await rowsOf<{ name: string; type: string }>(
        `SELECT name, type FROM system.columns WHERE database = currentDatabase() AND table = '${table.name}' ORDER BY name`,
      );
      const wanted = columnsOf(table.schema)
        .map(({ name, type }) => ({ name, type }))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1));
      expect(actual, `columns of ${table.name}`).toEqual(wanted);
      const [made] = await rowsOf<{ engine: string; sorting_key: string; create_table_query: string }>(
        `SELECT engine, sorting_key, create_table_query FROM system.tables WHERE database = currentDatabase() AND name = '${table.name}'`,
      );
      expect(made, `engine of ${table.name}`).toMatchObject({
        engine: table.keeps === 'current' ? 'ReplacingMergeTree' : 'MergeTree',
        sorting_key: table.orderBy.length === 1 ? `(${table.orderBy[0]})` : table.orderBy.join(', '),
      });
      expect(made?.create_table_query.includes('fsync_after_insert = 1')).toBe(table.audited);
      expect(made?.create_table_query).toContain('non_replicated_deduplication_window = 10000');
      expect(made?.create_table_query).not.toContain('PARTITION BY');
    }
  });

  it('do nothing the second time', async () => {
    await applyMigrations(client);
    expect(await applyMigrations(client)).toEqual([]);
  });

  it('go on where a crash left them', async () => {
    const own = await prepareIn('halfway', []);
    await own.command({ query: first.statements[0] ?? '' });
    expect(await applyMigrations(own, [first, second])).toEqual(['first', 'second']);
    expect(await rowsOf('SELECT id, name FROM forewarn_migrations FINAL ORDER BY id', own)).toEqual([
      { id: 1, name: 'first' },
      { id: 2, name: 'second' },
    ]);
    await own.close();
  });

  it('apply only what is new', async () => {
    const own = await prepareIn('newer', [first]);
    expect(await applyMigrations(own, [first, second])).toEqual(['second']);
    await own.close();
  });

  it('refuse a migration that changed after it was applied', async () => {
    const own = await prepareIn('changed', [first]);
    const changed = { ...first, statements: [`${first.statements[0]} COMMENT 'x'`] };
    await expect(applyMigrations(own, [changed])).rejects.toThrow(
      /FW504 migration 1 "first" has changed since it was applied; put its text back/,
    );
    await own.close();
  });

  it('refuse a database of a later version', async () => {
    const own = await prepareIn('later', [first, second]);
    await expect(applyMigrations(own, [first])).rejects.toThrow(/FW504 the database has migration 2/);
    await own.close();
  });

  it('make the database that the configuration names', async () => {
    const own = await prepareClickHouse({ url, database: 'forewarn' });
    expect(await rowsOf("SELECT count() AS n FROM system.tables WHERE database = 'forewarn'", own)).toEqual([
      { n: Object.keys(tables).length + 2 },
    ]);
    expect(await rowsOf('SELECT * FROM shipment_story', own)).toEqual([]);
    await own.close();
  });

  const prepareIn = async (database: string, applied: readonly Migration[]) => {
    await client.command({ query: `CREATE DATABASE ${database}` });
    const own = connectClickHouse({ url, database });
    if (applied.length > 0) await applyMigrations(own, applied);
    return own;
  };
});
