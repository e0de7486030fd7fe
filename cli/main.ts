import { Command, Option } from 'commander';
import { ForewarnError } from '../runtime/forewarn-error.ts';
import { codeVersion } from '../runtime/package-root.ts';
import { describeCommand } from './describe.ts';
import { recordCommand } from './record.ts';
import { reportCommand } from './report.ts';
import { runCommand } from './run.ts';
import { trainCommand } from './train.ts';

/** The `forewarn` command line. What is wrong is said in one line on standard error, and the exit code is 1. */
export const main = async (argv: readonly string[]): Promise<void> => {
  const program = new Command('forewarn')
    .description(
      'Sees a shipment going wrong before the customer does, acts, and learns from what the action did.',
    )
    .version(codeVersion)
    .showHelpAfterError();
  const configOption = () =>
    new Option('-c, --config <file>', 'configuration (forewarn.yaml where there is one)');
  const dataOption = () => new Option('-d, --data <folder>', 'data folder, instead of the configured one');

  program
    .command('run')
    .description('run everything in this process: ingest, pipelines, ClickHouse, actions and the page')
    .addOption(configOption())
    .addOption(dataOption())
    .option('-p, --port <port>', 'port of the page and the ingest', Number)
    .option(
      '--replay <file>',
      'run recorded input to its end and print what came of it: NDJSON of recorded documents, or the Cargo 2000 CSV',
    )
    .option('--seconds <n>', 'stop by itself after so many seconds', Number)
    .action(runCommand);
  program
    .command('describe')
    .description('draw the pipelines, or one of them')
    .argument('[pipeline]', 'normalise, watch, predict or resolve')
    .addOption(configOption())
    .addOption(
      new Option('-f, --format <format>', 'how').choices(['text', 'mermaid', 'json']).default('text'),
    )
    .action(describeCommand);
  program
    .command('report')
    .description('per category: raised, predicted, lead time, precision, recall, actions by result, breaches')
    .addOption(configOption())
    .addOption(dataOption())
    .option('--json', 'as JSON')
    .action(reportCommand);
  program
    .command('record')
    .description('write days of the simulated world to a file of recorded documents')
    .argument('<file>', 'NDJSON to write')
    .option('--days <n>', 'simulated days', Number, 1)
    .option('--seed <n>', 'seed of the world', Number, 1)
    .option('--shipments-per-day <n>', 'new shipments a day', Number, 300)
    .option('--start <time>', 'first moment', '2026-01-05T00:00:00Z')
    .action(recordCommand);
  program
    .command('train')
    .description('train a model on a simulated past and make it the champion')
    .addOption(configOption())
    .option('--days <n>', 'simulated days', Number, 21)
    .option('--seed <n>', 'seed of the world', Number, 20_260)
    .option('--shipments-per-day <n>', 'new shipments a day', Number, 600)
    .action(trainCommand);

  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    console.error(error instanceof ForewarnError ? error.message : error);
    process.exitCode = 1;
  }
};
