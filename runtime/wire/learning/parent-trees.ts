import { readFile } from 'node:fs/promises';
import { featureNames } from '../../../domain/features.ts';
import { readTrees } from '../../../models/explain/read-trees.ts';
import { familyOf } from '../../../models/families/family.ts';
import type { ModelRegistry } from '../../../models/registry.ts';
import type { TreeEnsemble } from '../../../models/tree-ensemble.ts';
import { learnedUntilOf } from './learned-until.ts';

/** A version that has gone on so often is learned anew: each tree is scored with every row. */
const MOST_TREES = 600;

/**
 * Trees of the champion, for a new version to go on from. Undefined where there is nothing to go on from: another family than
 * lateness, none in force, a rule, a model that somebody brought, other columns, or one that has seen some of the rows.
 */
export const parentTrees = async (
  registry: Pick<ModelRegistry, 'aliases' | 'load'>,
  model: string,
  rows: readonly { readonly at: number }[],
): Promise<TreeEnsemble | undefined> => {
  const { champion } = await registry.aliases(model);
  if (champion === null || familyOf(model).kind !== 'late') return undefined;
  const { modelPath, signature, card } = await registry.load(model, champion, featureNames);
  const { origin, rule, features } = signature;
  const learnedUntil = learnedUntilOf(card) ?? Infinity;
  const isOfOurs = origin === 'forewarn' && rule === undefined;
  // Columns are only ever added behind the others.
  const isPrefix = features.every(({ name }, column) => name === featureNames[column]);
  if (!isOfOurs || !isPrefix || rows.some(({ at }) => at <= learnedUntil)) return undefined;
  const read = readTrees(await readFile(modelPath), features.length);
  if ('absent' in read || read.encodings.length > 0 || read.ensemble.trees.length > MOST_TREES)
    return undefined;
  return { ...read.ensemble, columns: featureNames.length };
};
