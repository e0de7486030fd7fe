import { featureNames } from './features.ts';
import { stableId } from './stable-id.ts';

/** Which features a row was written with: their names and versions, in their order. */
export const featureSetOf = (names: readonly string[]): string => stableId('feature-set', ...names);

/** The set that is declared now; each prediction says with which it was made. */
export const featureSet = featureSetOf(featureNames);

/**
 * Sets whose rows can be read by today's declarations: those that end earlier, for features are only ever added at the
 * end. Set → how many of today's columns it has. `a, b` is read as `a, b, ?` once there is a `c`; `a@1` not as `a@2`.
 */
export const readableSets = (names: readonly string[] = featureNames): ReadonlyMap<string, number> =>
  new Map(names.map((_, index) => [featureSetOf(names.slice(0, index + 1)), index + 1]));
