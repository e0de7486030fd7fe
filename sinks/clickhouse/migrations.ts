import { ClickHouseError, type ClickHouseClient } from '@clickhouse/client';
import { stableId } from '../../domain/stable-id.ts';
import { ForewarnError } from '../../runtime/forewarn-error.ts';
import { connectClickHouse, type ClickHouseOptions } from './client.ts';
import { describeColumns } from './describe-columns.ts';
import type { Migration } from './migration.ts';
import { tables } from './migrations/0001-tables.ts';
import { shipmentStory } from './migrations/0002-shipment-story.ts';
import { letterOrigins } from './migrations/0003-letter-origins.ts';
import { decideActRecord } from './migrations/0004-decide-act-record.ts';
import { wholeStory } from './migrations/0005-whole-story.ts';
import { saidAndAgreed } from './migrations/0006-said-and-agreed.ts';
import { penaltyCurrency } from './migrations/0007-penalty-currency.ts';
import { everySignal } from './migrations/0008-every-signal.ts';
import { models } from './migrations/0009-models.ts';
import { modelDecisions } from './migrations/0010-model-decisions.ts';
import { qualitiesOfFamilies } from './migrations/0011-qualities-of-families.ts';
import { codesOfHeldEvents } from './migrations/0012-codes-of-held-events.ts';
import { type Ddl, onCluster, onOneServer, REGISTER_NAME } from './on-cluster.ts';
import { quoted } from './quoted.ts';

/** In the order in which they are applied. */
export const migrations: readonly Migration[] = [
  tables,
  shipmentStory,
  letterOrigins,
  decideActRecord,
  wholeStory,
  saidAndAgreed,
  penaltyCurrency,
  everySignal,
  models,
  modelDecisions,
  qualitiesOfFamilies,
  codesOfHeldEvents,
];

const REGISTER = `CREATE TABLE IF NOT EXISTS ${REGISTER_NAME} (
  id UInt32,
  name String,
  checksum String,
  applied_at DateTime64(3, 'UTC')
) ENGINE = ReplacingMergeTree(applied_at)
ORDER BY id
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Migrations of the tables of Forewarn that were applied.'`;

/** The client with its database made, all migrations applied, and every column described. */
export const prepareClickHouse = async (options: ClickHouseOptions): Promise<ClickHouseClient> => {
  const { database, cluster } = options;
  const ddl = cluster === undefined ? onOneServer : onCluster(cluster, database ?? 'default');
  if (database !== undefined && database !== 'default') {
    const maker = connectClickHouse({ ...options, database: 'default' });
    await run(maker, ddl, `CREATE DATABASE IF NOT EXISTS \`${database.replaceAll('`', '\\`')}\``);
    await maker.close();
  }
  const client = connectClickHouse(options);
  await applyMigrations(client, migrations, ddl);
  await describeColumns(client, ddl);
  return client;
};

/** Applies what is missing, in order, and returns the names of it. Applied twice, the second time does nothing. */
export const applyMigrations = async (
  client: ClickHouseClient,
  wanted: readonly Migration[] = migrations,
  ddl: Ddl = onOneServer,
): Promise<readonly string[]> => {
  await run(client, ddl, REGISTER);
  const known = await appliedMigrations(client);
  refuseUnknown(known, wanted);
  const applied: string[] = [];
  for (const migration of wanted) {
    const checksum = checksumOf(migration);
    const before = known.get(migration.id);
    if (before === checksum) continue;
    if (before !== undefined)
      throw new ForewarnError(
        'FW504',
        `migration ${migration.id} "${migration.name}" has changed since it was applied; put its text back and add a new migration with the change.`,
      );
    for (const statement of migration.statements) await run(client, ddl, statement);
    await run(
      client,
      onOneServer,
      `INSERT INTO ${REGISTER_NAME} SELECT ${migration.id}, ${quoted(migration.name)}, ${quoted(checksum)}, now64(3, 'UTC')`,
    );
    applied.push(migration.name);
  }
  return applied;
};

const refuseUnknown = (known: ReadonlyMap<number, string>, wanted: readonly Migration[]): void => {
  const ids = new Set(wanted.map(({ id }) => id));
  for (const id of known.keys())
    if (!ids.has(id))
      throw new ForewarnError(
        'FW504',
        `the database has migration ${id}, which this version does not know; start the version that made it, or a later one.`,
      );
};

/** Checksums of the applied migrations by id. */
const appliedMigrations = async (client: ClickHouseClient): Promise<ReadonlyMap<number, string>> => {
  const answer = await client.query({
    query: `SELECT id, checksum FROM ${REGISTER_NAME} FINAL`,
    format: 'JSONEachRow',
  });
  const rows = await answer.json<{ readonly id: number; readonly checksum: string }>();
  return new Map(rows.map(({ id, checksum }) => [id, checksum]));
};

const checksumOf = ({ statements }: Migration): string => stableId(...statements);

/** A statement of one server, as what it is where it runs. */
const run = async (client: ClickHouseClient, ddl: Ddl, statement: string): Promise<void> => {
  for (const query of ddl(statement)) {
    try {
      await client.command({ query });
    } catch (error) {
      const said = error instanceof Error ? error.message.trim() : String(error);
      const head = query.slice(0, 60).replaceAll(/\s+/g, ' ');
      const code = error instanceof ClickHouseError ? 'FW502' : 'FW501';
      throw new ForewarnError(code, `"${head}…": ${said}`, { cause: error });
    }
  }
};
