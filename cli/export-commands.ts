import { type Command, Option } from 'commander';
import { configOption, example } from './common-options.ts';
import { exportCommand } from './export.ts';

/** What others can read. */
export const addExportCommands = (program: Command): void => {
  const command = program
    .command('export')
    .description('tell the tracking events of a document in a format that others read')
    .argument('<file>', 'a document in any format that is read')
    .addOption(
      new Option('-f, --format <format>', 'DCSA Track & Trace 3.0, or EPCIS 2.0')
        .choices(['dcsa', 'epcis'])
        .makeOptionMandatory(),
    )
    .option('-s, --source <name>', 'the partner that sent it, for its zone and codes')
    .addOption(configOption())
    .action(exportCommand);
  example(command, 'forewarn export status-214.edi --format dcsa');
};
