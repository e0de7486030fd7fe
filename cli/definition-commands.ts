import { type Command, Option } from 'commander';
import { describeFormats } from '../runtime/describe.ts';
import { configOption, dataOption, example, jsonOption, pipelinesOption } from './common-options.ts';
import { describeCommand } from './describe.ts';
import { moment, wholeNumber } from './option-values.ts';
import { planCommand } from './plan.ts';
import { previewChannels, previewCommand } from './preview.ts';
import { replayCommand } from './replay-command.ts';
import { simulateCommand } from './simulate.ts';
import { validateCommand } from './validate.ts';

/** What definitions say, before they run. */
export const addDefinitionCommands = (program: Command): void => {
  const validate = program
    .command('validate')
    .description(
      'say what a start would refuse: configuration, rules, model, pipelines; starts and makes nothing',
    )
    .addOption(configOption())
    .addOption(dataOption())
    .addOption(pipelinesOption())
    .action(validateCommand);
  example(validate, 'forewarn validate --config forewarn.yaml --pipelines ./my-pipelines.js');
  const describe = program
    .command('describe')
    .description('draw the pipelines, or one of them')
    .argument('[pipeline]', 'its name, such as watch; all of them where none is given')
    .addOption(configOption())
    .addOption(pipelinesOption())
    .addOption(new Option('-f, --format <format>', 'how').choices(describeFormats).default('text'))
    .option('-o, --output <file>', 'file to write, instead of the terminal')
    .action(describeCommand);
  example(describe, 'forewarn describe watch', 'forewarn describe watch --format svg --output watch.svg');
  const plan = program
    .command('plan')
    .description(
      'compare the pipelines with a savepoint: which steps keep their state, lose it, or cannot read it',
    )
    .requiredOption('-s, --savepoint <name>', 'savepoint of the data folder')
    .addOption(configOption())
    .addOption(dataOption())
    .addOption(pipelinesOption())
    .option('--allow-loss', 'exit code 0 although some steps lose their state')
    .addOption(jsonOption())
    .action(planCommand);
  example(plan, 'forewarn plan --savepoint before-upgrade');
  const simulate = program
    .command('simulate')
    .description('run recorded history under other rules or another model, before they go live')
    .argument(
      '[file]',
      'NDJSON of recorded documents; without it, the history of the data folder, running or stopped',
    )
    .addOption(configOption())
    .addOption(dataOption())
    .option('--rules <folder>', 'the rules to try')
    .option('--model <version>', 'the version of the model to try, such as late-delivery@12a5f0a74bf9')
    .option(
      '--from <time>',
      'compare only what was decided from then on; all before is fed all the same',
      moment,
    )
    .option('--to <time>', 'feed nothing that was heard after it', moment)
    .option('--write <file.json>', 'write the whole difference to a file')
    .option('--limit <n>', 'differences to show of each kind', wholeNumber(), 5)
    .addOption(jsonOption())
    .action(simulateCommand);
  example(
    simulate,
    'forewarn simulate --rules ./rules-next',
    'forewarn simulate days.ndjson --rules ./rules-next --write difference.json',
  );
  const preview = program
    .command('preview')
    .description('print what a message template says; nothing is sent')
    .argument('<template>', 'name of a file in rules/templates, without .yaml')
    .addOption(configOption())
    .option('-l, --language <tag>', 'of the reader, such as de or pt-BR', 'en')
    .option('-z, --zone <zone>', 'IANA zone of the reader, instead of engine.defaultZone')
    .addOption(new Option('--channel <channel>', 'as what').choices(previewChannels).default('email'))
    .option('--facts <file.json>', 'facts of your own over those of the sample')
    .action(previewCommand);
  example(
    preview,
    'forewarn preview delay_expected --language de',
    'forewarn preview weather_on_the_way --channel slack --facts storm.json',
  );
  const replay = program
    .command('replay')
    .description('run recorded input through the code of today, and compare what it decides')
    .argument('<file>', 'NDJSON of recorded documents, as forewarn record writes it')
    .addOption(configOption())
    .option(
      '--from <time>',
      'compare only what was decided from then on; what was heard before is fed all the same',
      moment,
    )
    .option('--to <time>', 'feed nothing that was heard after it', moment)
    .option('--rules <folder>', 'other rules than the configured ones')
    .option('--models <folder>', 'another model registry than the configured one')
    .option('--save <run.json>', 'write down what was decided, to compare with later')
    .option('--diff [run.json]', 'show what differs from a saved run, or from the rules and model in force')
    .option('--limit <n>', 'differences to show of each kind', wholeNumber(), 5)
    .addOption(jsonOption())
    .action(replayCommand);
  example(
    replay,
    'forewarn replay days.ndjson --rules ./rules-next --diff',
    'forewarn replay days.ndjson --save before.json',
    'forewarn replay days.ndjson --diff before.json --from 2026-01-06T00:00:00Z',
  );
};
