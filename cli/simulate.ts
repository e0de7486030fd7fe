import { writeFile } from 'node:fs/promises';
import type { Config } from '../runtime/config/config.ts';
import { ForewarnError } from '../runtime/forewarn-error.ts';
import { columns } from './columns.ts';
import { configFrom, type ConfigOptions } from './config-options.ts';
import { formatDiff } from './format-diff.ts';
import { diffRuns, differencesOf } from './run-diff.ts';
import { simulatedRun, type SimulatedRun } from './simulated-run.ts';
import { simulationInput } from './simulation-input.ts';
import { type SimulationSummary, summaryOf, summaryRows } from './simulation-summary.ts';

export interface SimulateOptions extends ConfigOptions {
  readonly rules?: string;
  readonly model?: string;
  readonly from?: number;
  readonly to?: number;
  readonly write?: string;
  readonly limit: number;
  readonly json?: boolean;
}

/**
 * `forewarn simulate`: recorded history under other rules or another model, before they go live. Runs it twice, as
 * things are and as they would be, with every channel stubbed, and says what would differ.
 */
export const simulateCommand = async (file: string | undefined, options: SimulateOptions): Promise<void> => {
  const { from, to, rules, model, write, limit, json } = options;
  if (rules === undefined && model === undefined) {
    throw new ForewarnError(
      'FW101',
      'simulate without --rules and --model would compare what is with itself; give one of them',
    );
  }
  const config = configFrom(options);
  const history = await simulationInput(file, config, to ?? Infinity);
  const run = (of: Config, modelVersion?: string): Promise<SimulatedRun> =>
    simulatedRun(history, {
      config: of,
      from: from ?? null,
      note: (line) => console.error(line),
      ...(modelVersion === undefined ? {} : { modelVersion }),
    });
  // What is tried first: rules or a model that cannot be loaded are refused before the longer half of the work.
  const now = await run({ ...config, rules: rules ?? config.rules }, versionOf(model, config));
  const before = await run(config);
  const [was, is] = [summaryOf(before), summaryOf(now)];
  const diff = {
    ...diffRuns(before, now),
    messages: differencesOf(before.messages, now.messages, ({ template }) => template),
  };
  const result = {
    history: { records: history.records.length, from: from ?? null, to: to ?? null },
    was,
    is,
    diff,
  };
  if (write !== undefined) await writeFile(write, `${JSON.stringify(result, null, 2)}\n`);
  if (json === true) {
    console.log(JSON.stringify(result, null, 2));
    return;
  }
  console.log(`${history.records.length} records of history`);
  console.log(`as it is:       rules ${was.rules} · model ${was.model}`);
  console.log(`as it would be: rules ${is.rules} · model ${is.model}\n`);
  console.log(columns(['', 'is', 'would be', 'difference'], summaryRows(was, is)));
  console.log(`\n${formatDiff(diff, limit, sameWords(was, is))}`);
};

/** The same was decided; what came of it, or what it cost, may still differ. */
const sameWords = (was: SimulationSummary, is: SimulationSummary): string =>
  JSON.stringify({ ...was, rules: '', model: '' }) === JSON.stringify({ ...is, rules: '', model: '' })
    ? 'nothing differs'
    : 'the same exceptions, actions and messages; what came of them differs';

/** `late-delivery@12ab` or `12ab` → 12ab. */
const versionOf = (given: string | undefined, { models }: Config): string | undefined => {
  if (given === undefined) return undefined;
  const [name, version] = given.includes('@') ? given.split('@') : [models.lateDelivery, given];
  if (name === models.lateDelivery && version !== undefined && version !== '') return version;
  throw new ForewarnError(
    'FW101',
    `--model ${given}: predict uses "${models.lateDelivery}"; give ${models.lateDelivery}@<version>`,
  );
};
