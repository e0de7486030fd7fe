import { formatReport } from '../sinks/clickhouse/format-report.ts';
import { report } from '../sinks/clickhouse/report.ts';
import { askTables } from './ask-tables.ts';
import { configFrom, type ConfigOptions } from './config-options.ts';

/** `forewarn report`: asks the process that runs on the data folder, or reads the tables itself when none does. */
export const reportCommand = async (options: ConfigOptions & { readonly json?: boolean }): Promise<void> => {
  const found = await askTables(configFrom(options), '/v1/report', report);
  console.log(options.json === true ? JSON.stringify(found, null, 2) : formatReport(found));
};
