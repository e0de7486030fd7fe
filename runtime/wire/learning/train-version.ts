import { featureNames, features } from '../../../domain/features.ts';
import type { ModelDecision } from '../../../domain/model-decision.ts';
import { referenceOf } from '../../../models/drift/reference-of.ts';
import type { Season } from '../../../models/drift/seasonal-reference.ts';
import type { EndedRow } from '../../../models/families/ended-row.ts';
import { familyOf } from '../../../models/families/family.ts';
import type { ModelRegistry, NewDecision } from '../../../models/registry.ts';
import type { TreeEnsemble } from '../../../models/tree-ensemble.ts';
import { codeVersion } from '../../package-root.ts';
import { trainFamily, type TrainedFamily } from './train-family.ts';

export interface TrainVersionOptions {
  readonly registry: Pick<ModelRegistry, 'publish' | 'aliases'>;
  readonly decide: (decision: Omit<NewDecision, 'at'>) => Promise<ModelDecision>;
  readonly model: string;
  readonly rows: readonly EndedRow[];
  /** Where the rows are from, for the card: what they are, and how to have them again. */
  readonly data: object;
  readonly by: string;
  /** Trees that it may go on from. */
  readonly from?: TreeEnsemble | undefined;
  readonly signal?: AbortSignal;
}

/**
 * Trains a version of a model, of whichever family, in a worker and publishes it with its card, its parent, and what its
 * inputs were like. It serves nothing yet. Throws FW604 where the rows leave none to judge it on.
 */
export const trainVersion = async (
  options: TrainVersionOptions,
): Promise<{ readonly version: string; readonly trained: TrainedFamily }> => {
  const { registry, decide, model, rows, data, by, from, signal } = options;
  const trained = await trainFamily(familyOf(model), rows, {
    from,
    ...(signal === undefined ? {} : { signal }),
  });
  const { card, threshold, numbers, brier, rule } = trained;
  const { champion: parent } = await registry.aliases(model);
  const version = await registry.publish(model, {
    trained: trained.model,
    features: featureNames,
    threshold,
    card: { ...card, parent, data, codeVersion },
    ...(rule === undefined ? {} : { rule }),
    ...(brier === null ? {} : { reference: referenceOf(model, brier, rows, featureNames, seasonFor) }),
  });
  await decide({
    model,
    version,
    kind: 'published',
    by,
    reason: `${rule === undefined ? 'learned from' : 'a rule by stage, by'} ${card.rows} rows`,
    numbers: Object.fromEntries(Object.entries(numbers).filter(([, value]) => Number.isFinite(value))),
  });
  return { version, trained };
};

/** Weather has seasons, and an hour of the day is compared with its like; the rest of a shipment should not have any. */
const seasonFor = (name: string): Season => {
  const { from = [], unit } = features[featureNames.indexOf(name)] ?? {};
  return from.includes('weather') ? 'weeks' : unit === 'hour' ? 'hours' : 'none';
};
