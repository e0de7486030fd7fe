import { ForewarnError } from '../../runtime/forewarn-error.ts';
import type { ClickHouseCluster } from './cluster.ts';
import { quoted } from './quoted.ts';

/** What a statement for one server becomes: itself, or its counterparts for a cluster. */
export type Ddl = (statement: string) => readonly string[];

export const onOneServer: Ddl = (statement) => [statement];

/** The register of migrations is one for all shards: every server can say what was applied. */
export const REGISTER_NAME = 'forewarn_migrations';

/** A week of tokens, as far as their number reaches: a server that was away so long is asked again with care. */
const TOKEN_MEMORY_SEC = 7 * 86_400;

/**
 * The same tables on a cluster. Migrations are written for one server and stay as they are; this derives from them what
 * a cluster needs: replicated engines, whose tokens all replicas of a shard know, and with shards a table of rows for
 * each (`exceptions_local`) under a `Distributed` one of the name that everybody asks for. Rows lie by the hash of their
 * id, so all versions of an id meet on one shard, and a chunk that comes again is cut as it was.
 */
export const onCluster = (cluster: ClickHouseCluster, database: string): Ddl => {
  const on = `ON CLUSTER ${quoted(cluster.name)}`;
  const isSharded = (table: string): boolean => cluster.sharded && table !== REGISTER_NAME;
  const localOf = (table: string): string => (isSharded(table) ? `${table}_local` : table);

  const create = (table: string, rest: string): readonly string[] => {
    const comment = /^COMMENT .*$/m.exec(rest)?.[0];
    const rows = `CREATE TABLE IF NOT EXISTS ${localOf(table)} ${on} ${replicated(rest, table)}`;
    if (!isSharded(table)) return [rows];
    const over = [cluster.name, database, localOf(table)].map(quoted).join(', ');
    const all = `CREATE TABLE IF NOT EXISTS ${table} ${on} AS ${localOf(table)}\nENGINE = Distributed(${over}, cityHash64(id))`;
    return [rows, comment === undefined ? all : `${all}\n${comment}`];
  };

  return (statement) => {
    const [, made, columns] = /^CREATE TABLE IF NOT EXISTS (\w+) (\([\s\S]*)$/.exec(statement) ?? [];
    if (made !== undefined && columns !== undefined) return create(made, columns);
    const [, changed, change] = /^ALTER TABLE (\w+)(\s[\s\S]*)$/.exec(statement) ?? [];
    if (changed !== undefined && change !== undefined) {
      const names = isSharded(changed) ? [localOf(changed), changed] : [changed];
      return names.map((name) => `ALTER TABLE ${name} ${on}${change}`);
    }
    const [, view, body] =
      /^(CREATE (?:OR REPLACE )?VIEW (?:IF NOT EXISTS )?\w+|CREATE DATABASE IF NOT EXISTS \S+)([\s\S]*)$/.exec(
        statement,
      ) ?? [];
    if (view !== undefined && body !== undefined) return [`${view} ${on}${body}`];
    throw new ForewarnError(
      'FW504',
      `"${statement.slice(0, 60).replaceAll(/\s+/g, ' ')}…" has no counterpart for a cluster; write it as CREATE TABLE IF NOT EXISTS, ALTER TABLE or CREATE VIEW.`,
    );
  };
};

/**
 * Engine and memory of tokens. The path names shard, database and table, and not a server's own id of the table, so a
 * replica that is made later finds the others; the register has one path for all shards.
 */
const replicated = (columns: string, table: string): string => {
  const where =
    table === REGISTER_NAME
      ? `'/clickhouse/tables/all/{database}/{table}', '{shard}-{replica}'`
      : `'/clickhouse/tables/{shard}/{database}/{table}', '{replica}'`;
  return columns
    .replace(
      /^\) ENGINE = (Replacing)?MergeTree(?:\((\w+)\))?$/m,
      (_, kind = '', version) =>
        `) ENGINE = Replicated${kind}MergeTree(${where}${version === undefined ? '' : `, ${version}`})`,
    )
    .replace(
      /\bnon_replicated_deduplication_window = (\d+)/,
      `replicated_deduplication_window = $1, replicated_deduplication_window_seconds = ${TOKEN_MEMORY_SEC}`,
    );
};
