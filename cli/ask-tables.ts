import type { ClickHouseClient } from '@clickhouse/client';
import type { Config } from '../runtime/config/config.ts';
import type { OpenPeriod } from '../sinks/clickhouse/ask.ts';
import { runningProcess } from './running-process.ts';
import { withTables } from './with-tables.ts';

/**
 * What the tables say of a period: asked under `path` of the process that runs on the data folder, or read here where none
 * does. Other options of a command may stand beside the period; they are not passed on.
 */
export const askTables = async <Answer>(
  config: Config,
  path: string,
  read: (client: ClickHouseClient, period: OpenPeriod) => Promise<Answer>,
  { from, to }: OpenPeriod = {},
): Promise<Answer> => {
  const period = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  const running = await runningProcess(config);
  return running === undefined
    ? withTables(config, (client) => read(client, period))
    : running.get<Answer>(`${path}${searchOf(period)}`);
};

/** `{ from: 1 }` → `?from=1`; nothing where there is nothing. */
const searchOf = (period: OpenPeriod): string => {
  const pairs = Object.entries(period).map(([name, at]): [string, string] => [name, String(at)]);
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`;
};
