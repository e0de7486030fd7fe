import { categoryOf } from '../../domain/models-in-force.ts';
import type { Answers } from '../../runtime/scorer-service.ts';
import { type Signature, type SignatureOutput, versionName } from '../signature.ts';
import type { Scores } from './scorer.ts';

/**
 * What the scores mean. The first model's risk is the one that is judged; of the others, quantiles are the arrival, classes
 * the cause, and the risk of `risk-<category>` is that category's. What no model says is null.
 */
export const answersOf = (models: readonly Signature[], scores: Scores): Answers => {
  const said = models.flatMap(({ model, outputs }, index) =>
    outputs.map((output, at) => ({ model, output, isJudged: index === 0, values: scores[index]![at]! })),
  );
  const of = (kind: SignatureOutput['kind']) => said.filter(({ output }) => output.kind === kind);
  const judged = of('risk').find(({ isJudged }) => isJudged);
  if (judged === undefined) throw new Error(`${versionName(models[0]!)} has no risk among its outputs`);
  const eta = of('quantiles')[0];
  const cause = of('classes')[0];
  return {
    modelVersion: versionName(models[0]!),
    threshold: models[0]!.threshold,
    modelVersions: models.map(versionName),
    risk: judged.values,
    eta: eta === undefined ? null : { levels: eta.output.levels ?? [], minutes: eta.values },
    cause: cause === undefined ? null : { labels: cause.output.labels ?? [], probabilities: cause.values },
    risks: of('risk').flatMap(({ model, values }) => {
      const category = categoryOf(model);
      return category === null ? [] : [{ category, risk: values }];
    }),
  };
};
