import { alarmTruth } from '../sinks/clickhouse/alarm-truth.ts';
import type { OpenPeriod } from '../sinks/clickhouse/ask.ts';
import { alarmLines } from '../sinks/clickhouse/format-report.ts';
import { trainingRowsOf } from '../sinks/clickhouse/training-rows.ts';
import { configFrom, type ConfigOptions } from './config-options.ts';
import { withTables } from './with-tables.ts';

const dayOf = (at: number | null): string => (at === null ? 'nowhere' : new Date(at).toISOString());

/** `forewarn features rows`: what there is to learn from, read from the tables where no process runs on them. */
export const featureRowsCommand = async (
  options: ConfigOptions & OpenPeriod & { readonly asOf?: number; readonly json?: boolean },
): Promise<void> => {
  const found = await withTables(configFrom(options), async (client) => ({
    lineage: (await trainingRowsOf(client, options)).lineage,
    alarms: await alarmTruth(client, options),
  }));
  if (options.json === true) {
    console.log(JSON.stringify(found, null, 2));
    return;
  }
  const { rows, shipments, from, until, treated, heldOut, unreadable, sha256 } = found.lineage;
  console.log(
    [
      `${rows} predictions of ${shipments} shipments, from ${dayOf(from)} to ${dayOf(until)}: ${treated} treated, ${heldOut} held out, ${unreadable} of other features left out`,
      `SHA-256 ${sha256}`,
      ...alarmLines(found.alarms),
    ].join('\n'),
  );
};
