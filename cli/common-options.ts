import { type Command, Option } from 'commander';

/** Options that many commands share; made anew for each. */
export const configOption = (): Option =>
  new Option('-c, --config <file>', 'configuration (forewarn.yaml where there is one)');
export const dataOption = (): Option =>
  new Option('-d, --data <folder>', 'data folder, instead of the configured one');
export const pipelinesOption = (): Option =>
  new Option('--pipelines <file.js>', 'a file of your own that exports pipelines, besides those that ship');
export const jsonOption = (): Option => new Option('--json', 'as JSON');

/** Shown under the help of a command. */
export const example = (command: Command, ...lines: readonly string[]): Command =>
  command.addHelpText(
    'after',
    `\n${lines.length === 1 ? 'Example' : 'Examples'}:\n${lines.map((line) => `  $ ${line}`).join('\n')}`,
  );
