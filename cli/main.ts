import { Command, CommanderError, Help } from 'commander';
import { ForewarnError } from '../runtime/forewarn-error.ts';
import { codeVersion } from '../runtime/package-root.ts';
import { addCategoryCommands } from './category-commands.ts';
import { addCodeCommands } from './code-commands.ts';
import { addDefinitionCommands } from './definition-commands.ts';
import { addEffectCommands } from './effect-commands.ts';
import { addExportCommands } from './export-commands.ts';
import { addFeatureCommands } from './feature-commands.ts';
import { addImportCommand } from './import-command.ts';
import { addLineCommands } from './line-commands.ts';
import { addModelCommands } from './model-commands.ts';
import { addOperationCommands } from './operation-commands.ts';
import { addPlaybookCommands } from './playbook-commands.ts';
import { addReviewCommands } from './review-commands.ts';

/** Whoever reads what is printed may stop early, as `head` does. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

/** The `forewarn` command line. What is wrong is said in one line on standard error, and the exit code is 1. */
export const main = async (argv: readonly string[]): Promise<void> => {
  const program = new Command('forewarn')
    .description(
      'Sees a shipment going wrong before the customer does, acts, and learns from what the action did.',
    )
    .version(codeVersion)
    // What commander finds is said below, as everything else that is wrong.
    .configureOutput({ outputError: () => undefined, writeErr: () => undefined })
    .configureHelp({ subcommandTerm: termOf })
    .exitOverride();
  addLineCommands(program);
  addDefinitionCommands(program);
  addOperationCommands(program);
  addEffectCommands(program);
  addFeatureCommands(program);
  addPlaybookCommands(program);
  addReviewCommands(program);
  addCategoryCommands(program);
  addModelCommands(program);
  addCodeCommands(program);
  addExportCommands(program);
  addImportCommand(program);

  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return;
      console.error(sentenceOf(error, argv));
    } else console.error(error instanceof ForewarnError ? error.message : error);
    process.exitCode = 1;
  }
};

/** `savepoint <create|list|delete>` */
const termOf = (command: Command): string =>
  command.commands.length === 0
    ? new Help().subcommandTerm(command)
    : `${command.name()} <${command.commands.map((inner) => inner.name()).join('|')}>`;

/** `error: unknown option '--formt'\n(Did you mean --format?)` → one sentence of ours. */
const sentenceOf = ({ code, message }: CommanderError, argv: readonly string[]): string => {
  const help = 'forewarn --help lists the commands';
  const said = message
    .replace(/^error: /, '')
    .replaceAll(/\s*\n\s*/g, ' ')
    .replace(/\(Did you mean (.*)\?\)$/, '(did you mean $1?)')
    .replace(/ is invalid\. /, ' is invalid: ')
    .replace(/\.$/, '');
  const command = argv.slice(2).find((word) => /^[a-z]/.test(word));
  if (code === 'commander.help')
    return `FW101 command line: a command is missing; forewarn ${command === undefined ? '' : `${command} `}--help lists them`;
  if (code === 'commander.unknownCommand') return `FW101 command line: ${said}; ${help}`;
  return `FW101 command line: ${said}; ${command === undefined ? help : `forewarn ${command} --help has an example`}`;
};
