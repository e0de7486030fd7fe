import type { Command } from 'commander';
import { example, jsonOption } from './common-options.ts';
import { listFeaturesCommand } from './features.ts';

/** What models see. */
export const addFeatureCommands = (program: Command): void => {
  const features = program
    .command('features')
    .description('what models see: the declared columns, the test against leaks, and rows to learn from');
  example(
    features
      .command('list')
      .description('the columns in their order: type, unit, source, window, default and meaning')
      .addOption(jsonOption())
      .action(listFeaturesCommand),
    'forewarn features list',
    'forewarn features list --json',
  );
};
