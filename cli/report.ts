import { formatReport } from '../sinks/clickhouse/format-report.ts';
import { report, type Report } from '../sinks/clickhouse/report.ts';
import { configFrom, type ConfigOptions } from './config-options.ts';
import { runningProcess } from './running-process.ts';
import { withTables } from './with-tables.ts';

/** `forewarn report`: asks the process that runs on the data folder, or reads the tables itself when none does. */
export const reportCommand = async (options: ConfigOptions & { readonly json?: boolean }): Promise<void> => {
  const config = configFrom(options);
  const running = await runningProcess(config);
  const found =
    running === undefined ? await withTables(config, report) : await running.get<Report>('/v1/report');
  console.log(options.json === true ? JSON.stringify(found, null, 2) : formatReport(found));
};
