import type { Outcome } from '../../domain/outcome.ts';
import type { Prediction } from '../../domain/prediction.ts';
import { pointsOf, type RecordedShipment } from './recorded-points.ts';
import { type JudgedRow, rowsByStage, stageQuality, type StageQuality } from './stage-quality.ts';

export interface LoggedStageQuality extends StageQuality {
  /** Share of the predictions that the model made itself, and not the rule of thumb. */
  readonly byModel: number;
}

export interface Logged {
  readonly shipments: readonly RecordedShipment[];
  readonly predictions: readonly Prediction[];
  readonly outcomes: readonly Outcome[];
}

/**
 * How good the predictions were that the line made while the shipments were on their way, by stage: what it logged
 * against what came of each. A prediction of a shipment that has not been delivered, or made after its delivery, is
 * left out. Late is an end after the promise of the outcome.
 */
export const evaluateLogged = ({ shipments, predictions, outcomes }: Logged): LoggedStageQuality[] => {
  const endOf = new Map(outcomes.map((outcome) => [outcome.shipmentId, outcome]));
  const predictionOf = new Map(predictions.map((one) => [one.eventId, one]));
  const rows = shipments.flatMap((shipment): (JudgedRow & { readonly byModel: boolean })[] => {
    const outcome = endOf.get(shipment.plan.shipmentId);
    const deliveredAt = outcome?.deliveredAt ?? null;
    if (outcome === undefined || deliveredAt === null) return [];
    return pointsOf(shipment).flatMap(({ trigger, stages, delay }) => {
      const prediction = predictionOf.get(trigger);
      if (prediction === undefined || prediction.at >= deliveredAt) return [];
      const { probability, threshold, answered, heardAt } = prediction;
      return [
        {
          stages,
          label: deliveredAt > outcome.promisedAt ? 1 : 0,
          score: probability,
          alarm: probability >= threshold,
          delay,
          leadHours: (outcome.promisedAt - heardAt) / 3_600_000,
          byModel: answered === 'model',
        },
      ];
    });
  });
  return [...rowsByStage(rows)].map(([stage, of]) => ({
    ...stageQuality(stage, of),
    byModel: of.filter(({ byModel }) => byModel).length / of.length,
  }));
};
