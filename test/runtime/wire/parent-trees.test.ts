import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { featureNames } from '../../../domain/features.ts';
import type { NewModel } from '../../../models/registry.ts';
import { addUp, type TreeEnsemble } from '../../../models/tree-ensemble.ts';
import { trainRisk } from '../../../models/training/train-risk.ts';
import type { TrainingRow } from '../../../models/training/training-rows.ts';
import { parentTrees } from '../../../runtime/wire/learning/parent-trees.ts';
import { noisyRows } from '../../models/training/noisy-rows.ts';
import { type OpenModels, openModels } from './open-models.ts';

const LEARNED = 1_500;

const { matrix, labels, columns: width } = noisyRows(LEARNED, 3);
const rows = Array.from({ length: LEARNED }, (_, row): TrainingRow => ({
  features: matrix.slice(row * width, (row + 1) * width),
  label: labels[row]!,
  at: row,
}));
const { model: trained, card } = trainRisk(rows, { train: { trees: 20 } });
const columns = featureNames.slice(0, trained.columns);

describe('the trees that a new version may go on from', () => {
  let models: OpenModels;
  beforeEach(async () => {
    models = await openModels();
  });
  afterEach(async () => models.log.close());

  const champion = async (model: string, change: Partial<NewModel> = {}): Promise<void> => {
    const content = { trained, features: columns, threshold: 0.5, card, ...change };
    const version = await models.registry.publish(model, content);
    await models.control.decide({ model, version, kind: 'promoted', by: 't', reason: 't', numbers: {} });
  };
  const treesOf = (model: string, at = LEARNED) => parentTrees(models.registry, model, [{ at }]);

  it("are the champion's, as they were trained, whatever columns came behind its own since", async () => {
    await champion('late');
    const read = (await treesOf('late'))!;
    expect(read.columns).toBe(featureNames.length);
    const asLearned = { ...read, columns: columns.length };
    const scores = (trees: TreeEnsemble) => addUp(trees, matrix, LEARNED, new Float32Array(LEARNED));
    expect(scores(asLearned)).toEqual(scores(trained.ensembles[0]!));
  });

  it('are none where there is no champion, of another family, and of a rule', async () => {
    expect(await treesOf('late')).toBeUndefined();
    await champion('risk-weather');
    expect(await treesOf('risk-weather')).toBeUndefined();
    await champion('late', { rule: { column: columns[0]!, stages: [], otherwise: 0.2 } });
    expect(await treesOf('late')).toBeUndefined();
  });

  it('are none of other columns, of a card that says nothing, and where it has seen some of the rows', async () => {
    await champion('late', { features: columns.toReversed() });
    expect(await treesOf('late')).toBeUndefined();
    await champion('late', { card: {} });
    expect(await treesOf('late')).toBeUndefined();
    await champion('late');
    expect(await treesOf('late', LEARNED - 1)).toBeUndefined();
  });
});
