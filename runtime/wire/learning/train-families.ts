import { familiesOf, seenCategories } from '../../../models/families/families-of.ts';
import { ForewarnError } from '../../forewarn-error.ts';
import type { TrainedFamily } from './train-family.ts';
import { trainVersion, type TrainVersionOptions } from './train-version.ts';

export interface TrainFamiliesOptions extends Omit<TrainVersionOptions, 'model'> {
  /** The model whose risk is judged. */
  readonly judged: string;
  /** Categories that may be predicted, by the taxonomy. */
  readonly predictable: readonly string[];
}

/** What became of one family: a version, or why there is none. */
export type FamilyResult = { readonly model: string } & (
  | { readonly version: string; readonly trained: TrainedFamily }
  | { readonly version: null; readonly why: string }
);

/**
 * A version of every family that the rows teach something, one after the other. The judged model must come of it, or it
 * throws; of the others, and of categories that came to pass too seldom, it says why there is none.
 */
export const trainFamilies = async ({
  judged,
  predictable,
  ...options
}: TrainFamiliesOptions): Promise<readonly FamilyResult[]> => {
  const seen = seenCategories(options.rows, predictable);
  const models = familiesOf(judged, seen);
  const results: FamilyResult[] = [];
  for (const model of models) {
    try {
      results.push({ model, ...(await trainVersion({ ...options, model })) });
    } catch (error) {
      if (model === judged || !(error instanceof ForewarnError) || error.code !== 'FW604') throw error;
      results.push({ model, version: null, why: error.message });
    }
  }
  const without = seen.map(({ category, shipments }) => ({ model: `risk-${category}`, shipments }));
  for (const { model, shipments } of without)
    if (!models.includes(model))
      results.push({ model, version: null, why: `it came to pass in ${shipments} shipments` });
  return results;
};
