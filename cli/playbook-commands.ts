import type { Command } from 'commander';
import { configOption, dataOption, example, jsonOption } from './common-options.ts';
import { checkPlaybooksCommand, testPlaybooksCommand } from './playbooks.ts';

/** What playbooks say, before they act. */
export const addPlaybookCommands = (program: Command): void => {
  const playbooks = program
    .command('playbooks')
    .description('check playbooks and show what they cover, or play their examples: check, test');
  example(
    playbooks
      .command('check')
      .description(
        'load the rules as a start does, and show which playbook takes which category and severity',
      )
      .option('--rules <folder>', 'other rules than the configured ones')
      .addOption(configOption())
      .addOption(dataOption())
      .addOption(jsonOption())
      .action(checkPlaybooksCommand),
    'forewarn playbooks check',
    'forewarn playbooks check --rules ./rules-next --json',
  );
  example(
    playbooks
      .command('test')
      .description('play the examples that stand in the playbooks')
      .option('--rules <folder>', 'other rules than the configured ones')
      .addOption(configOption())
      .addOption(dataOption())
      .addOption(jsonOption())
      .action(testPlaybooksCommand),
    'forewarn playbooks test --rules ./rules-next',
  );
};
