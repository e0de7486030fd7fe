import type { OpenPeriod } from '../sinks/clickhouse/ask.ts';
import { type UnknownEvent, unknownEvents } from '../sinks/clickhouse/unknown-events.ts';
import { askTables } from './ask-tables.ts';
import { columns } from './columns.ts';
import { configFrom, type ConfigOptions } from './config-options.ts';

/** `forewarn unknown`: events that wait for a plan, the longest first; exit code 0 also where there are some. */
export const unknownCommand = async (
  options: ConfigOptions & OpenPeriod & { readonly json?: boolean },
): Promise<void> => {
  const found = await askTables(configFrom(options), '/v1/unknown-events', unknownEvents, options);
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
