import { advance, delayMin, emptyProgress, type Progress } from '../../domain/progress.ts';
import type { ShipmentPlan } from '../../domain/shipment-plan.ts';
import type { TrackingEvent } from '../../domain/tracking-event.ts';

/** A shipment that is over: its plan and all its events by event time. */
export interface RecordedShipment {
  readonly plan: ShipmentPlan;
  readonly events: readonly TrackingEvent[];
}

/** A moment at which something was heard of a shipment, and a prediction was due. */
export interface RecordedPoint {
  /** Id of the plan or the event. */
  readonly trigger: string;
  readonly at: number;
  readonly progress: Progress;
  /** `plan`, `every`, `after the hub delivery` (all inbound legs in), …, or where and what: `inbound arrival`. */
  readonly stages: readonly string[];
  /** The cumulative delay, which the simplest rule would go by. */
  readonly delay: number;
}

export const endOf = ({ events }: RecordedShipment): TrackingEvent | undefined =>
  events.findLast(({ status }) => status === 'delivered');

/** The plan, then each event before the end; none of a shipment that was never delivered. */
export const pointsOf = (shipment: RecordedShipment): RecordedPoint[] => {
  const { plan, events } = shipment;
  const end = endOf(shipment);
  if (end === undefined) return [];
  let progress = emptyProgress;
  const point = (trigger: string, at: number, stages: readonly string[]): RecordedPoint => ({
    trigger,
    at,
    progress,
    stages,
    delay: delayMin(plan, progress),
  });
  const points = [point(plan.id, plan.at, ['plan', 'every'])];
  for (const event of events) {
    if (event === end) break;
    progress = advance(progress, plan, event);
    points.push(point(event.id, event.at, stagesOf(plan, progress.reached, event)));
  }
  return points;
};

const stagesOf = (
  { milestones, legs }: ShipmentPlan,
  reached: Readonly<Record<string, unknown>>,
  { milestone }: TrackingEvent,
): string[] => {
  const now = milestones.find(({ key }) => key === milestone);
  if (now === undefined) return ['every'];
  const open = milestones.filter(({ key }) => reached[key] === undefined);
  const last = legs.length - 1;
  const isHub = now.kind === 'hub_delivery' && !open.some(({ kind }) => kind === 'hub_delivery');
  const isLastArrival =
    now.kind === 'arrival' && now.leg === last && !open.some(({ kind }) => kind === 'arrival');
  return [
    'every',
    `${now.leg === last ? 'outbound' : 'inbound'} ${now.kind}`,
    ...(isHub ? ['after the hub delivery'] : []),
    ...(isLastArrival ? ['after the last outbound arrival'] : []),
  ];
};
