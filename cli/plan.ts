import { join, resolve } from 'node:path';
import type { Config } from '../runtime/config/config.ts';
import { type Fate, planFor, type Plan } from '../runtime/savepoint/plan.ts';
import type { SavepointFacts } from '../runtime/savepoint/savepoint.ts';
import { SavepointStore } from '../runtime/savepoint/store.ts';
import { graphOf, SAVEPOINTS } from '../runtime/wire/savepoints.ts';
import { configFrom, type ConfigOptions } from './config-options.ts';
import { definitions } from './definitions.ts';
import { runningProcess } from './running-process.ts';

export interface PlanOptions extends ConfigOptions {
  readonly savepoint: string;
  readonly pipelines?: string;
  readonly allowLoss?: boolean;
  readonly json?: boolean;
}

/**
 * `forewarn plan`: what becomes of the state of each step when today's code starts from a savepoint. Answers 1 in the
 * exit code when something cannot be read, or is lost and the loss is not allowed.
 */
export const planCommand = async (options: PlanOptions): Promise<void> => {
  const config = configFrom(options);
  const pipelines = await definitions(config, options.pipelines);
  const plan = planFor(
    await savepointOf(config, options.savepoint),
    graphOf(pipelines, config.log.partitions),
  );
  console.log(options.json === true ? JSON.stringify(plan, null, 2) : textOf(plan));
  const { cannot, loses } = plan.counts;
  if (cannot > 0 || (loses > 0 && options.allowLoss !== true)) process.exitCode = 1;
};

const savepointOf = async (config: Config, name: string): Promise<SavepointFacts> => {
  const running = await runningProcess(config);
  const known = await running?.get<readonly SavepointFacts[]>('/v1/savepoints');
  return (
    known?.find((savepoint) => savepoint.name === name) ??
    new SavepointStore(join(resolve(config.dataFolder), SAVEPOINTS)).load(name)
  );
};

const words: Readonly<Record<Fate, string>> = {
  keeps: 'keeps ',
  loses: 'loses ',
  cannot: 'cannot',
  new: 'new   ',
};

const textOf = ({ savepoint, steps, counts }: Plan): string =>
  [
    `from savepoint "${savepoint}":`,
    ...steps.flatMap(({ fate, stage, step, reason, mend }) => [
      `  ${words[fate]}  ${stage} "${step}"${reason === '' ? '' : `: ${reason}`}`,
      ...(mend === '' ? [] : [`          mend: ${mend}`]),
    ]),
    `${counts.keeps} keep their state, ${counts.loses} lose it, ${counts.cannot} cannot, ${counts.new} start empty`,
  ].join('\n');
