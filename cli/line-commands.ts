import type { Command } from 'commander';
import { configOption, dataOption, example, jsonOption } from './common-options.ts';
import { isoMoment, wholeNumber } from './option-values.ts';
import { rehearCommand } from './rehear.ts';
import { recordCommand } from './record.ts';
import { reportCommand } from './report.ts';
import { runCommand } from './run.ts';
import { trainCommand } from './train.ts';

/** The line itself: running it, and what came of it. */
export const addLineCommands = (program: Command): void => {
  const run = program
    .command('run')
    .description('run everything in this process: ingest, pipelines, ClickHouse, actions and the page')
    .addOption(configOption())
    .addOption(dataOption())
    .option('-p, --port <port>', 'port of the page and the ingest', wholeNumber())
    .option(
      '--replay <file>',
      'run recorded input to its end and print what came of it: NDJSON of recorded documents, or the Cargo 2000 CSV',
    )
    .option(
      '--from-savepoint <name>',
      'begin at a savepoint of the configured data folder, in the new folder that --data names',
    )
    .option(
      '--allow-loss',
      'start although some steps lose their state: those of the savepoint, or of a line that processes share',
    )
    .option('--seconds <n>', 'stop by itself after so many seconds', wholeNumber(1))
    .action(runCommand);
  example(
    run,
    'forewarn run --config forewarn.yaml',
    'forewarn run --config forewarn.yaml --from-savepoint before-upgrade --data ./data-2',
  );
  const again = program
    .command('rehear')
    .description(
      'let a new log in Kafka hear all that another log has heard; nobody runs on either meanwhile',
    )
    .requiredOption('--from <file>', 'configuration of the log that has heard it')
    .addOption(configOption())
    .option('--allow-loss', 'do without history that the log has dropped')
    .action(rehearCommand);
  example(again, 'forewarn rehear --from before.yaml --config forewarn.yaml');
  const report = program
    .command('report')
    .description('per category: raised, predicted, lead time, precision, recall, actions by result, breaches')
    .addOption(configOption())
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(reportCommand);
  example(report, 'forewarn report --json');
  const record = program
    .command('record')
    .description('write days of the simulated world to a file of recorded documents')
    .argument('<file>', 'NDJSON to write')
    .option('--days <n>', 'simulated days', wholeNumber(1), 1)
    .option('--seed <n>', 'seed of the world', wholeNumber(), 1)
    .option('--shipments-per-day <n>', 'new shipments a day', wholeNumber(1), 300)
    .option('--start <time>', 'first moment', isoMoment, '2026-01-05T00:00:00Z')
    .action(recordCommand);
  example(record, 'forewarn record days.ndjson --days 3');
  const train = program
    .command('train')
    .description('train a model on a simulated past and make it the champion, or on your own outcomes')
    .addOption(configOption())
    .addOption(dataOption())
    .option('--from-tables', 'learn from logged predictions and outcomes; the model becomes the challenger')
    .option('--champion', 'with --from-tables: make it the champion at once')
    .option('--days <n>', 'simulated days', wholeNumber(1), 21)
    .option('--seed <n>', 'seed of the world', wholeNumber(), 20_260)
    .option('--shipments-per-day <n>', 'new shipments a day', wholeNumber(1), 600)
    .action(trainCommand);
  example(train, 'forewarn train --days 30', 'forewarn train --from-tables');
};
