import { ForewarnError } from '../../runtime/forewarn-error.ts';
import { predict } from '../predict.ts';
import { type Quality, qualityOf } from '../quality.ts';
import { modelOfRule, type StageRule, stageRule } from './stage-rates.ts';
import { type RiskCard, type TrainedRisk, trainRisk, type TrainRiskOptions } from './train-risk.ts';
import {
  columnsOf,
  halves,
  labelsOf,
  matrixOf,
  type RowsCard,
  rowsCard,
  splitRows,
  type TrainingRow,
} from './training-rows.ts';

export interface TrainCategoryOptions extends TrainRiskOptions {
  /** Share of the rows in which such a category comes to pass, before anything is known of this one. */
  readonly prior?: number;
}

export interface CategoryCard extends RowsCard {
  /** `rates`: history does not suffice, or teaches nothing that the rule does not know. */
  readonly how: 'model' | 'rates';
  /** Shipments in which it came to pass, and the share of the rows. */
  readonly shipments: number;
  readonly rate: number;
  readonly threshold: number;
  /** Of what was chosen, and of the rule, the shares by stage, on the same rows that neither has seen. */
  readonly validation: Quality;
  readonly rates: Quality;
  /** Of the model, whether or not it was chosen; null where none was trained. */
  readonly model: RiskCard | null;
}

export interface TrainedCategory extends Pick<TrainedRisk, 'model'> {
  readonly card: CategoryCard;
  /** Where the rule was chosen. */
  readonly rule: StageRule | null;
}

/** Shipments in which it came to pass that a model needs; of fewer, trees learn the shipments by heart. */
export const LEAST_SHIPMENTS = 100;
/** A model must tell so much better than the rule, as a share of the rule's log-loss. */
const LEAST_GAIN = 0.01;
/** Where nothing is known of this one. */
const LIKELY = 0.02;

/**
 * The risk of one category: a model where it was seen often enough and tells better than the rule, else the rule, which is
 * the share by stage, drawn towards a prior. Either way the card says how good the rule is on rows that it had not seen.
 * Throws FW604 where none are left to judge by.
 */
export const trainCategory = (
  rows: readonly TrainingRow[],
  { prior = LIKELY, ...options }: TrainCategoryOptions = {},
): TrainedCategory => {
  const split = splitRows(rows, options.validationShare ?? 0.2);
  const { ordered, watched } = split;
  const [, newest] = halves(watched);
  if (newest.length === 0) throw nothingToJudgeBy(rows.length);
  const columns = columnsOf(rows);
  const settings = { stageColumn: options.stageColumn ?? null, prior };
  const rule = modelOfRule(stageRule(split.learned, settings), columns);
  const rates = qualityOf(labelsOf(newest), predict(rule, matrixOf(newest), newest.length));
  const hits = ordered.filter(({ label }) => label === 1);
  const shipments = new Set(hits.map(({ shipmentId }) => shipmentId)).size;
  const known = {
    ...rowsCard(split, watched),
    shipments,
    rate: hits.length / ordered.length,
    rates,
  };
  const trained = shipments < LEAST_SHIPMENTS ? null : trainRisk(rows, options);
  if (trained !== null && trained.card.newest.logLoss < (1 - LEAST_GAIN) * rates.logLoss) {
    const { model, card } = trained;
    const { threshold, newest: validation } = card;
    return { model, card: { ...known, how: 'model', threshold, validation, model: card }, rule: null };
  }
  const chosen = stageRule(ordered, settings);
  return {
    model: modelOfRule(chosen, columns),
    card: { ...known, how: 'rates', threshold: 0.5, validation: rates, model: trained?.card ?? null },
    rule: chosen,
  };
};

const nothingToJudgeBy = (rows: number): ForewarnError =>
  new ForewarnError(
    'FW604',
    `training a category on ${rows} rows leaves none to judge it on; wait for more outcomes.`,
  );
