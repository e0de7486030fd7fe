import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { featureNames } from '../../domain/features.ts';
import { readTrees } from '../../models/explain/read-trees.ts';
import { checkOwnModel } from '../../models/own/check-own-model.ts';
import { readOwnSignature } from '../../models/own/own-signature.ts';
import { ForewarnError } from '../../runtime/forewarn-error.ts';
import { packageRoot } from '../../runtime/package-root.ts';
import { runProcess } from '../nexmark/child-process.ts';
import type { Table } from '../table.ts';
import { preparePython } from './python.ts';

const packages = [
  'lightgbm',
  'xgboost',
  'scikit-learn',
  'onnxmltools',
  'skl2onnx',
  'onnx',
  'pyyaml',
  'pandas',
  'packaging',
];

/**
 * Real models of the libraries that people bring models from, trained, converted and then checked as `forewarn models add`
 * does. PyTorch is left out: its package is larger than all the others together.
 */
export const broughtTable = async (folder: string, say: (line: string) => void): Promise<Table> => {
  const title = 'Models of other libraries, as forewarn models add takes them';
  say(`scoring: installing ${packages.join(', ')}`);
  const home = join(folder, 'brought');
  await mkdir(home);
  const python = await preparePython(home, packages);
  if ('missing' in python)
    return { title, columns: [{ name: 'left out' }], rows: [[`Python is missing: ${python.missing}`]] };
  say('scoring: training and converting');
  const script = join(packageRoot, 'bench', 'scoring', 'brought.py');
  await runProcess(python.command, [script, home, ...featureNames.slice(0, 6)]);
  const names = (await readdir(home)).filter((file) => file.endsWith('.onnx')).toSorted();
  const rows = await Promise.all(names.map(async (name) => rowOf(home, name.replace('.onnx', ''))));
  return { title, columns: [{ name: 'model' }, { name: 'registration' }, { name: 'explanation' }], rows };
};

const rowOf = async (folder: string, name: string): Promise<readonly string[]> => {
  const file = join(folder, `${name}.onnx`);
  const own = readOwnSignature(join(folder, `${name}.yaml`), featureNames);
  const trees = readTrees(await readFile(file), own.features.length);
  const explained = 'absent' in trees ? `none: ${trees.absent}` : 'exact TreeSHAP';
  try {
    const { distance, rowsOnThresholds } = await checkOwnModel(file, own);
    return [
      name,
      `taken: ${own.golden.rows.length} golden rows, ${rowsOnThresholds} of them on a threshold, at most ${distance.toExponential(1)} away`,
      explained,
    ];
  } catch (error) {
    if (!(error instanceof ForewarnError)) throw error;
    return [name, `refused: ${error.message.replace(`${file}: `, '')}`, explained];
  }
};
