import type { Command } from 'commander';
import { configOption, dataOption, example, jsonOption } from './common-options.ts';
import { featureCheckCommand } from './feature-check.ts';
import { featureRowsCommand } from './feature-rows.ts';
import { listFeaturesCommand } from './features.ts';
import { moment, wholeNumber } from './option-values.ts';

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
  example(
    features
      .command('check')
      .description('the poisoned-future test: what is heard after a time must move no feature of before it')
      .argument('[file]', 'recorded documents, NDJSON; without it days of the simulated world')
      .option('--at <time>', 'the time after which the future changes; may be given again', moments)
      .option('--days <n>', 'simulated days', wholeNumber(1), 5)
      .option('--seed <n>', 'seed of the world', wholeNumber(), 7)
      .option('--shipments-per-day <n>', 'new shipments a day', wholeNumber(1), 150)
      .addOption(configOption())
      .addOption(jsonOption())
      .action(featureCheckCommand),
    'forewarn features check',
    'forewarn features check day.ndjson --at 2026-01-05T12:00:00Z',
  );
  example(
    features
      .command('rows')
      .description(
        'the logged predictions whose truth is known: how many, of what time, and how true their alarms were',
      )
      .option('--from <time>', 'predicted since then', moment)
      .option('--to <time>', 'predicted before then', moment)
      .option('--as-of <time>', 'by what was known at that log time', moment)
      .addOption(configOption())
      .addOption(dataOption())
      .addOption(jsonOption())
      .action(featureRowsCommand),
    'forewarn features rows --as-of 2026-01-05T00:00:00Z',
  );
};

const moments = (value: string, before: readonly number[] = []): readonly number[] => [
  ...before,
  moment(value),
];
