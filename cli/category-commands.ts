import { type Command, InvalidArgumentError, Option } from 'commander';
import { families } from '../domain/taxonomy.ts';
import { acceptCategoryCommand, proposeCategoriesCommand, revertCategoryCommand } from './categories.ts';
import { configOption, dataOption, example, jsonOption } from './common-options.ts';
import { moment, wordList } from './option-values.ts';

const severity = (given: string): number => {
  const value = Number(given);
  if (given.trim() === '' || !(value >= 0 && value <= 100))
    throw new InvalidArgumentError('give a number from 0 to 100');
  return value;
};

const name = (given: string): string => {
  if (/^[a-z][a-z0-9_]{0,59}$/.test(given)) return given;
  throw new InvalidArgumentError('give lower case letters, digits and _, such as fuel_shortage');
};

/** What a category is to be, option by option; `mandatory` where nothing else can be meant. */
export const withNaming = (command: Command, { mandatory }: { readonly mandatory: boolean }): Command =>
  command
    .addOption(
      new Option('--name <category>', 'what the category is called')
        .argParser(name)
        .makeOptionMandatory(mandatory),
    )
    .addOption(
      new Option('--family <family>', 'the family that it belongs to')
        .choices(families)
        .makeOptionMandatory(mandatory),
    )
    .addOption(
      new Option('--severity <n>', 'severity of it on an ordinary shipment, 0 to 100')
        .argParser(severity)
        .makeOptionMandatory(mandatory),
    )
    .option('--predictable', 'something of it can be seen coming')
    .option('--about <words>', 'what it is, in a sentence; the words of its texts where none is given')
    .option('--list <list>', 'the list of codes to write to; the first one of its role where none is given')
    .option(
      '--words <words>',
      'of a text: words that mean it wherever all of them stand, by commas',
      wordList,
    );

const withPeriod = (command: Command): Command =>
  command
    .option('--from <time>', 'compare with the days since then, instead of four weeks', moment)
    .option('--to <time>', 'look at the days before then, instead of those until now', moment)
    .addOption(configOption())
    .addOption(dataOption())
    .addOption(jsonOption());

/** Trouble that has no category yet. */
export const addCategoryCommands = (program: Command): void => {
  const categories = program
    .command('categories')
    .description(
      'codes and texts that nothing understands and that are on the rise: propose, accept, revert',
    );
  example(
    withPeriod(
      categories.command('propose').description('what could become a category, with examples'),
    ).action(proposeCategoriesCommand),
    'forewarn categories propose',
  );
  example(
    withPeriod(
      withNaming(
        categories
          .command('accept')
          .description('make one of them a category of the taxonomy, and map its code or its texts to it')
          .argument('<key>', 'its key, or the first characters of it'),
        { mandatory: true },
      ).option('--by <name>', 'who does it; the user of this machine where none is given'),
    ).action(acceptCategoryCommand),
    'forewarn categories accept code:x12-214::ZQ --name fuel_shortage --family environment --severity 55',
  );
  example(
    categories
      .command('revert')
      .description('take a category that was accepted, and what means it, out of the rules again')
      .argument('<category>', 'its name', name)
      .option('--by <name>', 'who does it; the user of this machine where none is given')
      .option('--reason <words>', 'why, for the audit')
      .addOption(configOption())
      .addOption(dataOption())
      .addOption(jsonOption())
      .action(revertCategoryCommand),
    'forewarn categories revert fuel_shortage',
  );
};
