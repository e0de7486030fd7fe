import type { Command } from 'commander';
import type { ModelDecisionKind } from '../domain/model-decision.ts';
import { addModelCommand } from './add-model.ts';
import { configOption, dataOption, example, jsonOption } from './common-options.ts';
import { driftCommand } from './drift.ts';
import { compareModelsCommand, decideModelCommand, listModelsCommand, showModelCommand } from './models.ts';
import { moment } from './option-values.ts';

/** Versions of models: to look at, to compare and to decide on. */
export const addModelCommands = (program: Command): void => {
  const models = program
    .command('models')
    .description(
      'versions of models: list, show, compare, add, see what drifts, and decide which one answers',
    );
  const withCommon = (command: Command): Command =>
    command.addOption(configOption()).addOption(dataOption()).addOption(jsonOption());

  example(
    withCommon(
      models.command('list').description('all versions, and what was decided about each last'),
    ).action(listModelsCommand),
    'forewarn models list',
  );
  example(
    withCommon(
      models
        .command('show')
        .description('signature, card and decisions of one version')
        .argument('<model>', 'name of the model')
        .argument('<version>', 'champion, challenger, shadow, or the first characters of a version'),
    ).action(showModelCommand),
    'forewarn models show late-delivery champion',
  );

  example(
    withCommon(
      models
        .command('compare')
        .description('two versions on the same logged features, by the rule that promotes')
        .argument('<model>', 'name of the model')
        .argument('<incumbent>', 'champion, challenger, shadow, or the first characters of a version')
        .argument('<candidate>', 'the same, of the version that would replace it'),
    ).action(compareModelsCommand),
    'forewarn models compare late-delivery champion challenger',
  );
  example(
    models
      .command('add')
      .description('check an ONNX file of LightGBM, XGBoost, scikit-learn or PyTorch, and register it')
      .argument('<file.onnx>', 'the converted model')
      .requiredOption('--signature <file.yaml>', 'its features, outputs and golden rows')
      .addOption(configOption())
      .addOption(dataOption())
      .action(addModelCommand),
    'forewarn models add late.onnx --signature late.yaml',
  );

  example(
    withCommon(
      models
        .command('drift')
        .description('how well versions did, what has moved, and what is to be trained anew')
        .option('--from <time>', 'from then on', moment)
        .option('--to <time>', 'before then', moment),
    ).action(driftCommand),
    'forewarn models drift',
    'forewarn models drift --from 2026-01-05T00:00:00Z --json',
  );

  const decision = (name: string, kind: ModelDecisionKind, about: string): void => {
    const optional = kind === 'rolled_back';
    example(
      withCommon(
        models
          .command(name)
          .description(about)
          .argument('<model>', 'name of the model')
          .argument(
            optional ? '[version]' : '<version>',
            `the first characters of a version${optional ? '; the champion before where none is given' : ''}`,
          )
          .requiredOption('--reason <words>', 'why, for the record')
          .option('--by <name>', 'who does it; the user of this machine where none is given'),
      ).action(decideModelCommand(kind)),
      `forewarn models ${name} late-delivery${optional ? '' : ' 12a5'} --reason "agreed on Monday"`,
    );
  };
  decision('challenge', 'challenged', 'let a version score in the shadow until it is decided on');
  decision('promote', 'promoted', 'make a version the champion; the one before scores on in the shadow');
  decision('reject', 'rejected', 'give a challenger up');
  decision('rollback', 'rolled_back', 'make the version before the champion again');
  decision('shadow', 'shadowed', 'let a version score beside the champion for no decision');
  decision('release', 'released', 'end that');
  decision('retire', 'retired', 'never serve a version again');
};
