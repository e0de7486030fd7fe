import type { Command } from 'commander';
import { addModelCommand } from './add-model.ts';
import { configOption, example } from './common-options.ts';

/** Models: those that were trained here, and those that are brought along. */
export const addModelsCommands = (program: Command): void => {
  const models = program.command('models').description('models that score: add one of your own');
  example(
    models
      .command('add')
      .description('checks an ONNX file of LightGBM, XGBoost, scikit-learn or PyTorch and registers it')
      .argument('<file.onnx>', 'the converted model')
      .requiredOption('--signature <file.yaml>', 'its features, outputs and golden rows')
      .option('--folder <folder>', 'the registry, instead of the configured one')
      .option('--as <alias>', 'make it the champion, the challenger or the shadow of its family at once')
      .addOption(configOption())
      .action(addModelCommand),
    'forewarn models add late.onnx --signature late.yaml',
    'forewarn models add late.onnx --signature late.yaml --as shadow',
  );
};
