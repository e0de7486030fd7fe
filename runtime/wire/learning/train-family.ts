import { featureNames } from '../../../domain/features.ts';
import type { EndedRow } from '../../../models/families/ended-row.ts';
import type { Family } from '../../../models/families/family.ts';
import { rowsOfFamily } from '../../../models/families/rows-of-family.ts';
import type { Model } from '../../../models/model.ts';
import type { RateRule } from '../../../models/signature.ts';
import type { StageRule } from '../../../models/training/stage-rates.ts';
import {
  trainCategoryInWorker,
  trainCauseInWorker,
  trainEtaInWorker,
  trainRiskInWorker,
  type Watching,
} from '../../../models/training/train-in-worker.ts';
import type { RowsCard } from '../../../models/training/training-rows.ts';
import type { TreeEnsemble } from '../../../models/tree-ensemble.ts';
import { ForewarnError } from '../../forewarn-error.ts';

export interface TrainedFamily {
  readonly model: Model;
  readonly card: RowsCard;
  /** From this risk on it is an alarm; of no meaning where no risk is told. */
  readonly threshold: number;
  /** What the journal says of it. */
  readonly numbers: Readonly<Record<string, number>>;
  /** Error that is watched afterwards; null where none is. */
  readonly brier: number | null;
  /** Where it is a rule: history does not suffice for more, or teaches nothing that the rule does not know. */
  readonly rule?: RateRule;
}

/**
 * Of ten alarms at least so many tenths should come true, when nobody acts: a desk that is called in vain stops
 * listening.
 */
const ALARM_PRECISION = 0.65;
/** Told apart by the kind of the last milestone: what is known differs most by it. */
const stageColumn = featureNames.indexOf('last_kind');

/**
 * What stands beside the judged risk is scored with every row too, and several trees a round for its levels or classes: it has half
 * the leaves and a third of the trees.
 */
const small = { trees: 60, maxLeaves: 15, learningRate: 0.1, patience: 15 } as const;

export interface TrainFamilyOptions extends Watching {
  /** Trees that lateness may go on from. */
  readonly from?: TreeEnsemble | undefined;
}

/** Trains a version of the family in a worker. Throws FW604 where the rows leave none to judge it on. */
export const trainFamily = async (
  family: Family,
  ended: readonly EndedRow[],
  { from, ...watching }: TrainFamilyOptions = {},
): Promise<TrainedFamily> => {
  const { rows, classes } = rowsOfFamily(family, ended);
  switch (family.kind) {
    case 'late': {
      const options = { threshold: ALARM_PRECISION, stageColumn, ...(from === undefined ? {} : { from }) };
      const { model, card } = await trainRiskInWorker(rows, options, watching);
      if (card.validatedRows === 0)
        throw new ForewarnError(
          'FW604',
          `${rows.length} rows leave none to judge the model on; wait for more outcomes, or give more --days (at least 14)`,
        );
      const { auc, averagePrecision, brier } = card.validation;
      const numbers = { auc, averagePrecision, brier, rows: card.rows };
      return { model, card, threshold: card.threshold, numbers, brier };
    }
    case 'eta': {
      const { model, card } = await trainEtaInWorker(rows, { stageColumn, train: small }, watching);
      const { coverage, wanted, width, pinball } = card.conformal;
      const numbers = { coverage, wanted, width, pinball: mean(pinball), rows: card.rows };
      return { model, card, threshold: NO_THRESHOLD, numbers, brier: null };
    }
    case 'cause': {
      if (classes.length < 2)
        throw new ForewarnError(
          'FW604',
          `${rows.length} late rows know ${classes.length} causes often enough; wait for more outcomes.`,
        );
      const train = { ...small, maxLeaves: 8 };
      const { model, card } = await trainCauseInWorker(rows, { classes, train }, watching);
      const { logLoss, logLossOfShares, accuracy } = card;
      return {
        model,
        card,
        threshold: NO_THRESHOLD,
        numbers: { logLoss, logLossOfShares, accuracy, rows: card.rows },
        brier: null,
      };
    }
    case 'category': {
      const { model, card, rule } = await trainCategoryInWorker(
        rows,
        { stageColumn, train: small },
        watching,
      );
      const { auc, brier, logLoss } = card.validation;
      return {
        model,
        card,
        threshold: card.threshold,
        numbers: {
          auc,
          brier,
          logLoss,
          logLossOfRates: card.rates.logLoss,
          shipments: card.shipments,
          rows: card.rows,
        },
        brier: null,
        ...(rule === null ? {} : { rule: ruleOf(rule) }),
      };
    }
  }
};

const ruleOf = ({ column, stages, otherwise }: StageRule): RateRule => ({
  column: featureNames[column]!,
  stages: stages.map(({ stage, rate }) => ({ stage, rate })),
  otherwise,
});

const NO_THRESHOLD = 0.5;

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
