import type { OpenPeriod } from '../sinks/clickhouse/ask.ts';
import { type IdentityDispute, identityDisputes } from '../sinks/clickhouse/identity-disputes.ts';
import { type UnknownEvent, unknownEvents } from '../sinks/clickhouse/unknown-events.ts';
import { askTables } from './ask-tables.ts';
import { columns } from './columns.ts';
import { configFrom, type ConfigOptions } from './config-options.ts';

/**
 * `forewarn unknown`: events that wait for a plan, the longest first; with `--disputes` those whose names mean different
 * shipments, and plans that would be merged in a loop. Exit code 0 also where there are some.
 */
export const unknownCommand = async (
  options: ConfigOptions & OpenPeriod & { readonly json?: boolean; readonly disputes?: boolean },
): Promise<void> => {
  if (options.disputes === true) {
    const disputes = await askTables(configFrom(options), '/v1/identity-disputes', identityDisputes, options);
    console.log(options.json === true ? JSON.stringify(disputes, null, 2) : disputesText(disputes));
    return;
  }
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

/** One line each, and what was made of it. */
export const disputesText = (found: readonly IdentityDispute[]): string =>
  found.length === 0
    ? 'No event has names of different shipments, and no merges lead in a loop.'
    : columns(
        ['found at', 'feed', 'what', 'goes by', 'shipments, the believed one first'],
        found.map(({ heardAt, feed, what, names, shipmentIds }) => [
          new Date(heardAt).toISOString(),
          feed,
          what === 'disagreed' ? 'names disagree' : 'merged in a loop',
          names.join(', '),
          shipmentIds.join(', '),
        ]),
      );
