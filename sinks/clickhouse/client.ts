import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client';
import { type ClickHouseCluster, clusterSettings } from './cluster.ts';
import type { ClickHouseHosts } from './hosts.ts';

export interface ClickHouseOptions {
  /** `http://host:8123`; user and password in it win over those beside it. */
  readonly url: string;
  readonly database?: string;
  readonly username?: string;
  readonly password?: string;
  /** Several servers, one of which is asked; `url` is then the address of any of them. */
  readonly hosts?: ClickHouseHosts;
  readonly cluster?: ClickHouseCluster;
}

/** The one way to ClickHouse, be it the embedded one, a server or a cluster. Connects with the first statement. */
export const connectClickHouse = ({
  url,
  database,
  username,
  password,
  hosts,
  cluster,
}: ClickHouseOptions): ClickHouseClient =>
  createClient({
    url,
    ...(database === undefined ? {} : { database }),
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(hosts === undefined ? {} : { http_agent: hosts.agent }),
    ...(cluster === undefined ? {} : { clickhouse_settings: clusterSettings(cluster) }),
    application: 'forewarn',
    max_open_connections: 10,
    request_timeout: 30_000,
    // Errors come back to the caller, who knows what to say about them.
    log: { level: ClickHouseLogLevel.OFF },
  });
