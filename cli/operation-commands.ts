import type { Command } from 'commander';
import { configOption, dataOption, example, jsonOption } from './common-options.ts';
import { listLettersCommand, replayLettersCommand, showLetterCommand } from './dlq.ts';
import { moment, wholeNumber } from './option-values.ts';
import { createSavepointCommand, deleteSavepointCommand, listSavepointsCommand } from './savepoint.ts';
import { whyCommand } from './why.ts';

/** What is asked of a line that runs, or of the data folder of one that does not. */
export const addOperationCommands = (program: Command): void => {
  const why = program
    .command('why')
    .description('say where a step stands, which input and record hold it back, and where credit is stuck')
    .argument('<step>', 'name of a step, a stage or a task')
    .addOption(configOption())
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(whyCommand);
  example(why, 'forewarn why on-the-way', 'forewarn why watch/0 --json');

  const savepoint = program
    .command('savepoint')
    .description('name a state of the whole line, to come back to it: create, list, delete');
  example(
    savepoint
      .command('create')
      .description('keep the state of every task, and the log from here on')
      .argument('<name>', 'a-z, 0-9, ".", "_" and "-"')
      .addOption(configOption())
      .addOption(dataOption())
      .action(createSavepointCommand),
    'forewarn savepoint create before-upgrade',
  );
  example(
    savepoint
      .command('list')
      .description('the savepoints of the data folder')
      .addOption(configOption())
      .addOption(dataOption())
      .addOption(jsonOption())
      .action(listSavepointsCommand),
    'forewarn savepoint list',
  );
  example(
    savepoint
      .command('delete')
      .description('give up a savepoint, and what the log keeps for it')
      .argument('<name>')
      .addOption(configOption())
      .addOption(dataOption())
      .action(deleteSavepointCommand),
    'forewarn savepoint delete before-upgrade',
  );

  const dlq = program
    .command('dlq')
    .description('dead letters, input that could not be used: list, show, replay');
  example(
    dlq
      .command('list')
      .description('the latest first')
      .option('--step <name>', 'of one step, such as decode or find-shipment')
      .option('--code <code>', 'of one error code, such as FW401')
      .option('--since <time>', 'heard since then', moment)
      .option('--limit <n>', 'at most so many', wholeNumber(1), 50)
      .addOption(configOption())
      .addOption(dataOption())
      .addOption(jsonOption())
      .action(listLettersCommand),
    'forewarn dlq list --step decode --since 2026-01-05T00:00:00Z',
  );
  example(
    dlq
      .command('show')
      .description('all of a letter, with its bytes')
      .argument('<id>', 'its id, or the first characters of it')
      .addOption(configOption())
      .addOption(dataOption())
      .addOption(jsonOption())
      .action(showLetterCommand),
    'forewarn dlq show 5f3a9c01',
  );
  example(
    dlq
      .command('replay')
      .description('put records back into the topics that they came from; a letter is played once')
      .argument('[ids...]', 'ids of letters')
      .option('--all', 'all letters of the step')
      .option('--step <name>', 'with --all: whose letters')
      .addOption(configOption())
      .addOption(dataOption())
      .addOption(jsonOption())
      .action(replayLettersCommand),
    'forewarn dlq replay 5f3a9c01',
    'forewarn dlq replay --all --step find-shipment',
  );
};
