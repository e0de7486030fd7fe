import type { Config } from '../config/config.ts';
import { ForewarnError } from '../forewarn-error.ts';
import type { FilledTables, SavepointsOfLog } from '../log/log.ts';
import { addressOf } from './tables-of.ts';

type Tables = Pick<FilledTables, 'url' | 'database'>;

/** The tables that a run fills, where they are not in its data folder: written down, and so without credentials. */
export const tablesFilledBy = (clickhouse: Config['clickhouse']): Tables | null => {
  const address = addressOf(clickhouse);
  if (address === undefined) return null;
  return { url: address.replaceAll(/\/\/[^/@]*@/g, '//'), database: clickhouse.database };
};

const areSame = (one: Tables, other: Tables): boolean =>
  one.url === other.url && one.database === other.database;

/** FW324: rows of after a savepoint cannot be taken out of a table again, so tables are filled elsewhere when it is gone back to. */
export const refuseFilled = (tables: Tables | null, filled: readonly Tables[], savepoint: string): void => {
  if (tables === null || !filled.some((one) => areSame(one, tables))) return;
  throw new ForewarnError(
    'FW324',
    `database "${tables.database}" at ${tables.url} holds rows of after savepoint "${savepoint}"; set clickhouse.database to a new name`,
  );
};

/** The same for a start on a log that was taken back: its tables are not those of a generation before. */
export const refuseOlderTables = (
  clickhouse: Config['clickhouse'],
  savepoints: Pick<SavepointsOfLog, 'filled' | 'generation' | 'takenBackTo'> | undefined,
): void => {
  const tables = tablesFilledBy(clickhouse);
  if (tables === null || savepoints === undefined) return;
  const own = savepoints.filled.filter((one) => areSame(one, tables));
  if (own.some(({ generation }) => generation === savepoints.generation)) return;
  refuseFilled(tables, own, savepoints.takenBackTo?.name ?? '');
};
