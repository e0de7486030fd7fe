import { delayFeatures } from './delay-features.ts';
import type { Feature, FeatureContext } from './feature.ts';
import { journeyOf } from './journey.ts';
import { planFeatures } from './plan-features.ts';
import { expectedArrival } from './progress.ts';
import { stageFeatures } from './stage-features.ts';
import { recordFeatures, surroundingFeatures } from './surrounding-features.ts';

const minuteMs = 60_000;

/**
 * The model's input, declared once: serving and training write the same columns in the same order. What is new comes at
 * the end, and what stands here keeps its place, so that rows that were logged before read as they did: a feature whose
 * meaning changes has its `version` counted up, and one that is not wanted any more is NaN.
 */
export const features: readonly Feature[] = [
  ...stageFeatures,
  ...delayFeatures,
  ...planFeatures,
  ...surroundingFeatures,
  ...recordFeatures,
];

/** The name under which models know a feature: `slack`, and once its meaning has changed `slack@2`. */
export const columnName = ({ name, version }: Pick<Feature, 'name' | 'version'>): string =>
  version === 1 ? name : `${name}@${version}`;

export const featureNames: readonly string[] = features.map(columnName);

/** Writes one row of the matrix: `featureNames.length` numbers from `offset` on. */
export const writeFeatures = (
  context: FeatureContext,
  target: Float32Array,
  offset: number,
  declared: readonly Feature[] = features,
): void => {
  const journey = journeyOf(context.plan, context.progress, context.now);
  for (const [index, { value, otherwise }] of declared.entries()) {
    const known = value(context, journey);
    target[offset + index] = Number.isNaN(known) ? otherwise : known;
  }
};

/**
 * Risk of being late when no model answers: a logistic of expected arrival against promise. Its width is an
 * hour and a fifth of the planned time that is still to come, since what is far off is less certain.
 * Expected 2 h after the promise with 5 h to come → 1 / (1 + e^(−120 ÷ 120)) = 0.73; the same 10 min before
 * the end → 0.87.
 */
export const ruleOfThumb = ({ plan, progress, now }: FeatureContext): number => {
  const { shape, last } = journeyOf(plan, progress, now);
  const lateMin = (expectedArrival(plan, progress, now) - plan.promisedAt) / minuteMs;
  const remainingMin = Math.max(0, shape.endsAt - (last?.step.plannedAt ?? plan.at)) / minuteMs;
  return 1 / (1 + Math.exp(-lateMin / (60 + remainingMin / 5)));
};
