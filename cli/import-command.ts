import { type Command, Option } from 'commander';
import { importFormats } from '../sources/import/import-files.ts';
import { configOption, dataOption, example } from './common-options.ts';
import { importCommand } from './import.ts';

/** History that is there already. */
export const addImportCommand = (program: Command): void => {
  const command = program
    .command('import')
    .description(
      'back-fill history into the log: plans, events, decisions, outcomes; goes on where it was stopped',
    )
    .argument('<path>', 'a file, or a folder whose files are taken in the order of their names')
    .requiredOption('-s, --source <name>', 'ingest source; rules/inputs says what its rows are')
    .addOption(new Option('-f, --format <format>', 'format, instead of by the names').choices(importFormats))
    .addOption(configOption())
    .addOption(dataOption())
    .action(importCommand);
  example(
    command,
    'forewarn import history/ --source example-tms',
    'forewarn import orders-2025.csv --source example-orders --data ./data',
  );
};
