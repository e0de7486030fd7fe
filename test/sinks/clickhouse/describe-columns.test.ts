import { beforeAll, describe, expect, it } from 'vitest';
import { shippedColumns } from '../../../sinks/clickhouse/column-meanings.ts';
import { describeColumns } from '../../../sinks/clickhouse/describe-columns.ts';
import { applyMigrations } from '../../../sinks/clickhouse/migrations.ts';
import { tables } from '../../../sinks/clickhouse/tables.ts';
import { clickHouseForTests } from './clickhouse-here.ts';

it('has a meaning for every column of every table: add what is missing to column-meanings.ts', () => {
  const silent = Object.values(tables).flatMap((table) =>
    shippedColumns(table)
      .filter(({ comment }) => comment === '')
      .map(({ name }) => `${table.name}.${name}`),
  );
  expect(silent).toEqual([]);
});

const { server, client } = await clickHouseForTests();
const rowsOf = async <Row>(query: string): Promise<Row[]> =>
  (await client.query({ query, format: 'JSONEachRow' })).json<Row>();

describe.skipIf(server === undefined)('describeColumns', () => {
  beforeAll(async () => {
    await applyMigrations(client);
  });

  it('leaves no column of a table or of the view without a comment, and does nothing the second time', async () => {
    expect(await describeColumns(client)).toEqual(Object.keys(tables));
    expect(await describeColumns(client)).toEqual([]);
    expect(
      await rowsOf(`SELECT table, name FROM system.columns
        WHERE database = currentDatabase() AND comment = '' AND table != 'forewarn_migrations'`),
    ).toEqual([]);
    const [view] = await rowsOf<{ columns: number }>(
      "SELECT toUInt32(count()) AS columns FROM system.columns WHERE database = currentDatabase() AND table = 'shipment_story'",
    );
    expect(view?.columns).toBeGreaterThan(60);
  });

  it('puts a comment back that somebody changed', async () => {
    await client.command({ query: "ALTER TABLE outcomes COMMENT COLUMN breached 'nonsense'" });
    expect(await describeColumns(client)).toEqual(['outcomes']);
    expect(
      await rowsOf(
        "SELECT comment FROM system.columns WHERE database = currentDatabase() AND table = 'outcomes' AND name = 'breached'",
      ),
    ).toEqual([{ comment: 'The promise was broken by the terms that applied.' }]);
  });

  it('has in the view the types that its query gives', async () => {
    const [view] = await rowsOf<{ as_select: string }>(
      "SELECT as_select FROM system.tables WHERE database = currentDatabase() AND name = 'shipment_story'",
    );
    const given = await rowsOf<{ name: string; type: string }>(`DESCRIBE (${view?.as_select})`);
    const said = await rowsOf<{ name: string; type: string }>('DESCRIBE shipment_story');
    expect(said.map(({ name, type }) => [name, type])).toEqual(given.map(({ name, type }) => [name, type]));
  });
});
