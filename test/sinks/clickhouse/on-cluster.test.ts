import { describe, expect, it } from 'vitest';
import { clusterSettings, type ClickHouseCluster } from '../../../sinks/clickhouse/cluster.ts';
import { migrations } from '../../../sinks/clickhouse/migrations.ts';
import { type Ddl, onCluster } from '../../../sinks/clickhouse/on-cluster.ts';
import { quoted } from '../../../sinks/clickhouse/quoted.ts';
import { tables } from '../../../sinks/clickhouse/tables.ts';
import { clickHouseForTests } from './clickhouse-here.ts';

const cluster: ClickHouseCluster = { name: 'west', sharded: false, quorum: 'auto' };
const replicated = onCluster(cluster, 'forewarn');
const sharded = onCluster({ ...cluster, sharded: true }, 'forewarn');
const shipped = migrations.flatMap(({ statements }) => statements);
const { server, client } = await clickHouseForTests();

const current = `CREATE TABLE IF NOT EXISTS retrainings (
  id String,
  version UInt32
) ENGINE = ReplacingMergeTree(version)
ORDER BY (id)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'What was to be trained anew.'`;

describe('tables of one server, on a cluster', () => {
  it('are replicated, and remember tokens for all replicas', () => {
    expect(replicated(current)).toEqual([
      `CREATE TABLE IF NOT EXISTS retrainings ON CLUSTER 'west' (
  id String,
  version UInt32
) ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', version)
ORDER BY (id)
SETTINGS replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'What was to be trained anew.'`,
    ]);
  });

  it('lie on every shard under one that is asked, where there are shards', () => {
    const [rows, all] = sharded(current);
    expect(rows).toMatch(/^CREATE TABLE IF NOT EXISTS retrainings_local ON CLUSTER 'west' \(/);
    expect(all).toBe(`CREATE TABLE IF NOT EXISTS retrainings ON CLUSTER 'west' AS retrainings_local
ENGINE = Distributed('west', 'forewarn', 'retrainings_local', cityHash64(id))
COMMENT 'What was to be trained anew.'`);
  });

  it('change on every server, rows before the one that is asked', () => {
    const change = 'ALTER TABLE orders ADD COLUMN IF NOT EXISTS note String';
    expect(replicated(change)).toEqual([
      `ALTER TABLE orders ON CLUSTER 'west' ADD COLUMN IF NOT EXISTS note String`,
    ]);
    expect(sharded(change)).toEqual([
      `ALTER TABLE orders_local ON CLUSTER 'west' ADD COLUMN IF NOT EXISTS note String`,
      `ALTER TABLE orders ON CLUSTER 'west' ADD COLUMN IF NOT EXISTS note String`,
    ]);
  });

  it('are seen by views on every server, in a database of every server', () => {
    for (const ddl of [replicated, sharded]) {
      expect(ddl('CREATE OR REPLACE VIEW story (\n  id) AS SELECT 1')).toEqual([
        `CREATE OR REPLACE VIEW story ON CLUSTER 'west' (\n  id) AS SELECT 1`,
      ]);
      expect(ddl('CREATE DATABASE IF NOT EXISTS `forewarn`')).toEqual([
        "CREATE DATABASE IF NOT EXISTS `forewarn` ON CLUSTER 'west'",
      ]);
    }
  });

  it('have one register of migrations, whatever the shards', () => {
    const register =
      'CREATE TABLE IF NOT EXISTS forewarn_migrations (\n  id UInt32\n) ENGINE = ReplacingMergeTree(applied_at)\nORDER BY id';
    expect(sharded(register)).toEqual([
      `CREATE TABLE IF NOT EXISTS forewarn_migrations ON CLUSTER 'west' (
  id UInt32
) ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/all/{database}/{table}', '{shard}-{replica}', applied_at)
ORDER BY id`,
    ]);
  });

  it('are not guessed: what has no counterpart is refused', () => {
    expect(() => replicated('DROP TABLE orders')).toThrow(/^FW504 "DROP TABLE orders…" has no counterpart/);
  });
});

describe('the migrations that ship, on a cluster', () => {
  /** What was added is taken away again. */
  const undone = (statement: string): string =>
    statement
      .replace(" ON CLUSTER 'west'", '')
      .replace(/Replicated(\w*MergeTree)\('[^']+', '[^']+'(?:, (\w+))?\)/, (_, kind, version) =>
        version === undefined ? kind : `${kind}(${version})`,
      )
      .replace(
        /replicated_deduplication_window = (\d+), replicated_deduplication_window_seconds = \d+/,
        'non_replicated_deduplication_window = $1',
      );

  it('differ from those of one server in engine, tokens and cluster, and in nothing else', () => {
    for (const statement of shipped) {
      const [derived = '', ...others] = replicated(statement);
      expect(others).toEqual([]);
      expect(derived).toContain(" ON CLUSTER 'west'");
      expect(derived).not.toMatch(/ENGINE = (Replacing)?MergeTree/);
      expect(derived).not.toContain('non_replicated');
      expect(undone(derived)).toBe(statement);
    }
  });

  it('make a Distributed table over rows by their id for every table that ships', () => {
    const made = shipped
      .flatMap(sharded)
      .flatMap((text) => /AS (\w+)_local\nENGINE = Distributed/.exec(text)?.[1] ?? []);
    expect(made.toSorted()).toEqual(Object.keys(tables).toSorted());
    for (const { schema } of Object.values(tables)) expect(schema.shape).toHaveProperty('id');
  });
});

describe.skipIf(server === undefined)('ClickHouse', () => {
  const explained = async (ddl: Ddl): Promise<void> => {
    for (const statement of shipped.flatMap(ddl)) {
      const answer = await client.query({ query: `EXPLAIN AST ${statement}`, format: 'TabSeparated' });
      expect(await answer.text(), statement).toMatch(/^(CreateQuery|AlterQuery)/);
    }
  };
  it('parses every statement for replicas', () => explained(replicated));
  it('parses every statement for shards', () => explained(sharded));

  it('refuses what is none, so that the parsing above says something', async () => {
    const broken = replicated(current)[0]?.replace('ENGINE =', 'ENGINE') ?? '';
    await expect(
      client.query({
        query: `EXPLAIN AST ${broken.replace('ORDER BY', 'ORDERED BY')}`,
        format: 'TabSeparated',
      }),
    ).rejects.toThrow(/syntax/i);
  });

  it('knows every setting that a cluster is asked with', async () => {
    const names = (table: string, wanted: readonly string[]) =>
      client
        .query({
          query: `SELECT name FROM system.${table} WHERE name IN (${wanted.map(quoted).join(', ')}) ORDER BY name`,
          format: 'JSONEachRow',
        })
        .then((answer) => answer.json<{ readonly name: string }>())
        .then((rows) => rows.map(({ name }) => name));
    const asked = Object.keys(clusterSettings({ ...cluster, sharded: true })).toSorted();
    expect(await names('settings', asked)).toEqual(asked);
    const made = ['replicated_deduplication_window', 'replicated_deduplication_window_seconds'];
    expect(await names('replicated_merge_tree_settings', made)).toEqual(made);
  });
});
