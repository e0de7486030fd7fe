import { featureNames, features } from '../../../domain/features.ts';
import type { ModelDecision } from '../../../domain/model-decision.ts';
import { referenceOf } from '../../../models/drift/reference-of.ts';
import type { Season } from '../../../models/drift/seasonal-reference.ts';
import type { ModelRegistry, NewDecision } from '../../../models/registry.ts';
import { trainRiskInWorker } from '../../../models/training/train-in-worker.ts';
import type { RiskCard } from '../../../models/training/train-risk.ts';
import type { TrainingRow } from '../../../models/training/training-rows.ts';
import { ForewarnError } from '../../forewarn-error.ts';
import { codeVersion } from '../../package-root.ts';

export interface TrainVersionOptions {
  readonly registry: Pick<ModelRegistry, 'publish' | 'aliases'>;
  readonly decide: (decision: Omit<NewDecision, 'at'>) => Promise<ModelDecision>;
  readonly model: string;
  readonly rows: readonly TrainingRow[];
  /** Where the rows are from, for the card: what they are, and how to have them again. */
  readonly data: object;
  readonly by: string;
  readonly signal?: AbortSignal;
}

/**
 * Of ten alarms at least so many tenths should come true, when nobody acts: a desk that is called in vain stops
 * listening.
 */
const ALARM_PRECISION = 0.65;
/** Probabilities are calibrated for each kind of last milestone: what is known differs most by it. */
const stageColumn = featureNames.indexOf('last_kind');

/**
 * Trains a version in a worker and publishes it with its card, its parent, and what its inputs were like. It serves
 * nothing yet. Throws FW604 where the rows leave none to judge it on.
 */
export const trainVersion = async (
  options: TrainVersionOptions,
): Promise<{ readonly version: string; readonly card: RiskCard }> => {
  const { registry, decide, model, rows, data, by, signal } = options;
  const { model: trained, card } = await trainRiskInWorker(
    rows,
    { threshold: ALARM_PRECISION, stageColumn },
    signal === undefined ? {} : { signal },
  );
  if (card.validatedRows === 0)
    throw new ForewarnError(
      'FW604',
      `${rows.length} rows leave none to judge the model on; wait for more outcomes, or give more --days (at least 10)`,
    );
  const { champion: parent } = await registry.aliases(model);
  const version = await registry.publish(model, {
    trained,
    features: featureNames,
    threshold: card.threshold,
    card: { ...card, parent, data, codeVersion },
    reference: referenceOf(model, card.validation.brier, rows, featureNames, seasonFor),
  });
  const { auc, averagePrecision, brier } = card.validation;
  await decide({
    model,
    version,
    kind: 'published',
    by,
    reason: `learned from ${card.rows} rows`,
    numbers: { auc, averagePrecision, brier, rows: card.rows },
  });
  return { version, card };
};

/** Weather has seasons, and an hour of the day is compared with its like; the rest of a shipment should not have any. */
const seasonFor = (name: string): Season => {
  const { from = [], unit } = features[featureNames.indexOf(name)] ?? {};
  return from.includes('weather') ? 'weeks' : unit === 'hour' ? 'hours' : 'none';
};
