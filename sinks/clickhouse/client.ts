import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client';

export interface ClickHouseOptions {
  /** `http://host:8123`; user and password in it win over those beside it. */
  readonly url: string;
  readonly database?: string;
  readonly username?: string;
  readonly password?: string;
}

/** The one way to ClickHouse, be it the embedded one, a server or a cluster. Connects with the first statement. */
export const connectClickHouse = ({
  url,
  database,
  username,
  password,
}: ClickHouseOptions): ClickHouseClient =>
  createClient({
    url,
    ...(database === undefined ? {} : { database }),
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    application: 'forewarn',
    max_open_connections: 10,
    request_timeout: 30_000,
    // Errors come back to the caller, who knows what to say about them.
    log: { level: ClickHouseLogLevel.OFF },
  });
