import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { featureNames } from '../domain/features.ts';
import { checkOwnModel } from '../models/own/check-own-model.ts';
import { type OwnSignature, readOwnSignature } from '../models/own/own-signature.ts';
import { modelRegistry } from '../models/registry.ts';
import { ForewarnError } from '../runtime/forewarn-error.ts';
import { codeVersion } from '../runtime/package-root.ts';
import { configFrom, type ConfigOptions } from './config-options.ts';

export interface AddModelOptions extends ConfigOptions {
  readonly signature: string;
  readonly folder?: string;
  readonly as?: string;
}

const aliases = ['champion', 'challenger', 'shadow'] as const;

/** `forewarn models add <file.onnx> --signature <file.yaml>`: nothing is registered that was not seen to answer as it should. */
export const addModelCommand = async (file: string, options: AddModelOptions): Promise<void> => {
  const alias = aliases.find((one) => one === options.as);
  if (options.as !== undefined && alias === undefined)
    throw new ForewarnError('FW101', `--as: "${options.as}" is none of ${aliases.join(', ')}`);
  const own = readOwnSignature(options.signature, featureNames);
  const modelPath = resolve(file);
  const { input, distance, rowsOnThresholds } = await checkOwnModel(modelPath, own);
  const { model, origin, outputs, calibration, threshold, golden, card } = own;
  const registry = modelRegistry(resolve(options.folder ?? configFrom(options).models.folder));
  const version = await registry.add({
    onnx: await readFile(modelPath),
    signature: {
      model,
      origin,
      features: own.features.map((name) => ({ name, type: 'float32' })),
      input,
      outputs,
      calibration,
      threshold,
    },
    golden,
    card: { ...card, origin, codeVersion },
  });
  if (alias !== undefined) await registry.setAlias(model, alias, version);
  console.log(
    `${model}@${version} is registered${alias === undefined ? '' : ` as ${alias}`}: ${wordsOf(own, distance)}`,
  );
  if (rowsOnThresholds === 0 && origin === 'lightgbm')
    console.log(
      'no golden row lies on a threshold of its trees: whether the converter rounded them up cannot be seen; see docs/models-serving.md',
    );
};

const wordsOf = ({ features, golden }: OwnSignature, distance: number): string =>
  `${features.length} features, ${golden.rows.length} golden rows, at most ${distance.toExponential(1)} away`;
