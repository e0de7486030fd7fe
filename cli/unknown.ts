import { type UnknownEvent, unknownEvents } from '../sinks/clickhouse/unknown-events.ts';
import type { UnmappedPeriod } from '../sinks/clickhouse/unmapped-codes.ts';
import { columns } from './columns.ts';
import { configFrom, type ConfigOptions } from './config-options.ts';
import { runningProcess } from './running-process.ts';
import { searchOf } from './search-of.ts';
import { withTables } from './with-tables.ts';

/** `forewarn unknown`: events that wait for a plan, the longest first; exit code 0 also where there are some. */
export const unknownCommand = async (
  options: ConfigOptions & UnmappedPeriod & { readonly json?: boolean },
): Promise<void> => {
  const config = configFrom(options);
  const { from, to } = options;
  const period = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  const running = await runningProcess(config);
  const found =
    running === undefined
      ? await withTables(config, (client) => unknownEvents(client, period))
      : await running.get<readonly UnknownEvent[]>(`/v1/unknown-events${searchOf(period)}`);
  console.log(options.json === true ? JSON.stringify(found, null, 2) : textOf(found));
};

const textOf = (found: readonly UnknownEvent[]): string =>
  found.length === 0
    ? 'Every event has found its shipment.'
    : `${columns(
        ['held since', 'feed', 'carrier', 'status', 'goes by'],
        found.map(({ heardAt, feed, carrier, status, names }) => [
          new Date(heardAt).toISOString(),
          feed,
          carrier ?? '',
          status,
          names.join(', '),
        ]),
      )}\n${found.length} ${found.length === 1 ? 'event waits' : 'events wait'} for a plan that claims one of these names.`;
