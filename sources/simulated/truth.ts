import type { Tier } from '../../domain/codes.ts';
import type { CauseTruth, Journey, Shipment } from './shipment.ts';

export interface ActionTruth {
  readonly id: string;
  readonly type: string;
  readonly at: number;
  /** Whether it moved the shipment; the world's dice decide, and some things no action can cure. */
  readonly effective: boolean;
  /** How much earlier the journey ends than it would have without it. */
  readonly minutesSaved: number;
}

/** What nobody in the pipelines is told: why a shipment ended when it did, and how it would have ended alone. */
export interface ShipmentTruth {
  readonly shipmentId: string;
  readonly customerId: string;
  readonly tier: Tier;
  readonly carrier: string;
  readonly lane: string;
  readonly mode: string;
  readonly plannedAt: number;
  readonly promisedAt: number;
  /** False while the shipment is still under way; times are then what is going to be. */
  readonly ended: boolean;
  readonly result: Journey['result'];
  readonly endedAt: number;
  /** When it would have ended had nobody acted. */
  readonly untouchedEndedAt: number;
  readonly late: boolean;
  readonly rescued: boolean;
  readonly causes: readonly CauseTruth[];
  readonly actions: readonly ActionTruth[];
  readonly toldAt: number | null;
  /** Whether the customer has asked about it, and whether it would have had nobody told it. */
  readonly asked: boolean;
  readonly askedUntold: boolean;
}

export interface WorldCounts {
  readonly tendered: number;
  readonly ended: number;
  readonly late: number;
  readonly rescued: number;
  readonly actions: number;
  readonly documents: number;
}

export interface TruthParts {
  readonly shipment: Shipment;
  readonly journey: Journey;
  readonly untouched: Journey;
  readonly causes: readonly CauseTruth[];
  readonly actions: readonly ActionTruth[];
  readonly toldAt: number | null;
  readonly asked: boolean;
  readonly askedUntold: boolean;
}

/** Late means not delivered by the promise: returned and lost shipments are. */
export const missed = (shipment: Shipment, journey: Journey): boolean =>
  journey.result !== 'delivered' || journey.endedAt > shipment.promisedAt;

export const truthOf = (parts: TruthParts, ended: boolean): ShipmentTruth => {
  const { shipment, journey, untouched } = parts;
  const late = missed(shipment, journey);
  return {
    shipmentId: shipment.id,
    customerId: shipment.customerId,
    tier: shipment.tier,
    carrier: shipment.legs[0]?.carrier.scac ?? '',
    lane: shipment.lane,
    mode: shipment.mode,
    plannedAt: shipment.deliveryAt,
    promisedAt: shipment.promisedAt,
    ended,
    result: journey.result,
    endedAt: journey.endedAt,
    untouchedEndedAt: untouched.endedAt,
    late,
    rescued: !late && missed(shipment, untouched),
    causes: parts.causes,
    actions: parts.actions,
    toldAt: parts.toldAt,
    asked: parts.asked,
    askedUntold: parts.askedUntold,
  };
};
