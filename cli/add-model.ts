import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { featureNames } from '../domain/features.ts';
import { checkOwnModel } from '../models/own/check-own-model.ts';
import { type OwnSignature, readOwnSignature } from '../models/own/own-signature.ts';
import { codeVersion } from '../runtime/package-root.ts';
import { modelsOf } from '../runtime/wire/models-of.ts';
import { configFrom, type ConfigOptions } from './config-options.ts';

export interface AddModelOptions extends ConfigOptions {
  readonly signature: string;
}

/** `forewarn models add <file.onnx> --signature <file.yaml>`: nothing is registered that was not seen to answer as it should. */
export const addModelCommand = async (file: string, options: AddModelOptions): Promise<void> => {
  const own = readOwnSignature(options.signature, featureNames);
  const modelPath = resolve(file);
  const { input, distance, rowsOnThresholds } = await checkOwnModel(modelPath, own);
  const { model, origin, outputs, calibration, threshold, golden, card } = own;
  const registry = modelsOf(configFrom(options));
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
  await registry.decide({
    model,
    version,
    kind: 'published',
    at: Date.now(),
    by: userInfo().username,
    reason: `brought along, made by ${origin}`,
    numbers: {},
  });
  console.log(`${model}@${version} is registered: ${wordsOf(own, distance)}`);
  if (rowsOnThresholds === 0 && origin === 'lightgbm')
    console.log(
      'no golden row lies on a threshold of its trees: whether the converter rounded them up cannot be seen; see docs/models-serving.md',
    );
};

const wordsOf = ({ features, golden }: OwnSignature, distance: number): string =>
  `${features.length} features, ${golden.rows.length} golden rows, at most ${distance.toExponential(1)} away`;
