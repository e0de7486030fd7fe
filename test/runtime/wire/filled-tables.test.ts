import { expect, it } from 'vitest';
import { config as configSchema } from '../../../runtime/config/config.ts';
import { refuseOlderTables, tablesFilledBy } from '../../../runtime/wire/filled-tables.ts';

const url = 'http://clickhouse:8123';
const clickhouse = (database: string) => configSchema.parse({ clickhouse: { url, database } }).clickhouse;

it('a start on a log that was taken back does not fill the tables of a generation before', () => {
  const savepoints = {
    generation: 2,
    takenBackTo: { id: '1', name: 'mid' },
    filled: [
      { generation: 0, url, database: 'first' },
      { generation: 2, url, database: 'third' },
    ],
  };
  for (const database of ['third', 'fourth']) refuseOlderTables(clickhouse(database), savepoints);
  expect(() => refuseOlderTables(clickhouse('first'), savepoints)).toThrow(
    `FW324 database "first" at ${url} holds rows of after savepoint "mid"; set clickhouse.database to a new name`,
  );
  refuseOlderTables(clickhouse('first'), undefined);
  refuseOlderTables(configSchema.parse({}).clickhouse, savepoints);
});

it('tables are known by their address, without credentials', () => {
  const urls = ['https://me:secret@one:8443', 'https://me:secret@two:8443'];
  const cluster = { name: 'line' };
  const { clickhouse: settings } = configSchema.parse({ clickhouse: { urls, cluster } });
  expect(tablesFilledBy(settings)?.url).toBe('https://one:8443 https://two:8443');
});
