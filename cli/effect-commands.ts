import { type Command, Option } from 'commander';
import { configOption, dataOption, example, jsonOption } from './common-options.ts';
import { effectsCommand } from './effects.ts';
import { moment } from './option-values.ts';

/** What interventions did. */
export const addEffectCommands = (program: Command): void => {
  const effects = program
    .command('effects')
    .description('what each action does to breaches, minutes late and contacts, with 95 % intervals')
    .addOption(
      new Option('--by <what>', 'an estimate for each action, or each step')
        .choices(['action', 'step'])
        .default('action'),
    )
    .option('--from <time>', 'decisions from then on', moment)
    .option('--to <time>', 'decisions before then', moment)
    .addOption(configOption())
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(effectsCommand);
  example(effects, 'forewarn effects', 'forewarn effects --by step --from 2026-01-05T00:00:00Z --json');
};
