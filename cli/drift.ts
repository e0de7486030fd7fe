import type { OpenPeriod } from '../sinks/clickhouse/ask.ts';
import { driftReport } from '../sinks/clickhouse/drift-report.ts';
import { askTables } from './ask-tables.ts';
import { configFrom } from './config-options.ts';
import { formatDrift } from './format-drift.ts';
import type { JsonOptions } from './models.ts';

/** `forewarn models drift`: how well versions did, what has moved, and what is to be trained anew. */
export const driftCommand = async (options: JsonOptions & OpenPeriod): Promise<void> => {
  const found = await askTables(configFrom(options), '/v1/drift', driftReport, options);
  console.log(options.json === true ? JSON.stringify(found, null, 2) : formatDrift(found));
};
