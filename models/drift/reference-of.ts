import { numericReference, type FeatureReference } from './feature-reference.ts';
import type { ModelReference } from './model-watch.ts';
import { type Season, seasonalReference, type SeasonalReference } from './seasonal-reference.ts';

interface ReferenceRow {
  readonly at: number;
  readonly features: Float32Array;
}

/**
 * What a model's inputs were like in the rows that it learned from: by column, with the seasons in which a feature is
 * compared with its like.
 */
export const referenceOf = (
  model: string,
  brier: number,
  rows: readonly ReferenceRow[],
  names: readonly string[],
  seasonFor: (name: string) => Season,
): ModelReference => ({
  model,
  brier,
  features: Object.fromEntries(
    names.map((name, column): [string, SeasonalReference<FeatureReference>] => [
      name,
      seasonalReference(rows, seasonFor(name), (some) =>
        numericReference(Float64Array.from(some, ({ features }) => features[column] ?? NaN)),
      ),
    ]),
  ),
});
