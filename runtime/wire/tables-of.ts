import type { ClickHouseOptions } from '../../sinks/clickhouse/client.ts';
import { clickHouseHosts } from '../../sinks/clickhouse/hosts.ts';
import type { ClickHouseConfig } from '../config/clickhouse-settings.ts';
import { ForewarnError } from '../forewarn-error.ts';

/**
 * Address of the configured tables, for a savepoint to tell them by; undefined for the embedded ones. FW101 for a
 * cluster without one: it would be kept in the data folder, and nobody would notice.
 */
export const addressOf = ({ url, urls, cluster }: ClickHouseConfig): string | undefined => {
  const address = url ?? urls?.join(' ');
  if (address === undefined && cluster !== undefined)
    throw new ForewarnError(
      'FW101',
      `clickhouse.cluster "${cluster.name}": no server of it is configured; give clickhouse.urls`,
    );
  return address;
};

/** How the configured tables are reached; `embedded` is the address of those of the data folder where it has them. */
export const tablesOf = (settings: ClickHouseConfig, embedded: string | undefined): ClickHouseOptions => {
  const { url, urls, cluster, database, username, password } = settings;
  if (embedded !== undefined) return { url: embedded, database };
  const [first = '', ...others] = urls ?? [url ?? ''];
  return {
    url: first,
    database,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(cluster === undefined ? {} : { cluster }),
    ...(others.length === 0 ? {} : { hosts: clickHouseHosts([first, ...others]) }),
  };
};
