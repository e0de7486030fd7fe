import { type Heard, isTakenBack } from '../progress.ts';
import type { ShipmentPlan } from '../shipment-plan.ts';
import { isUnlocode } from '../unlocode.ts';
import { type Detector, look, nothingFound } from './view.ts';

const moves = new Set(['departed', 'arrived', 'in_transit', 'out_for_delivery', 'delivered']);

/**
 * Whether a place lies on the way; true where plan and event name places in ways that cannot be compared. States of the
 * United States are compared with those of the NWS zones of the legs, which begin with them.
 */
const isOnWay = ({ legs }: ShipmentPlan, where: NonNullable<Heard['where']>): boolean => {
  const places = legs.flatMap(({ from, to, port }) => [from, to, ...(port === null ? [] : [port])]);
  const named = [where.locationId, where.unlocode].filter((one) => one !== undefined);
  if (named.some((one) => places.includes(one))) return true;
  if (where.state !== undefined && legs.every(({ zones }) => zones.length > 0))
    return legs.some(({ zones }) => zones.some((zone) => zone.startsWith(where.state!)));
  return where.unlocode === undefined || !places.every(isUnlocode);
};

/**
 * The last that was heard of it came from a place that is on no leg of its plan. Not raised: for a place within the
 * states that the plan passes; for messages that are not about where it is.
 */
export const routeDeviation: Detector = ({ plan, progress, rules }) => {
  if (!rules.routeDeviation.enabled) return nothingFound;
  const last = progress.trail.findLast(
    ({ id, status, where }) => where !== undefined && moves.has(status) && !isTakenBack(progress, id),
  );
  if (last?.where === undefined || isOnWay(plan, last.where)) return nothingFound;
  return look([
    {
      category: 'misroute',
      topic: 'off-route',
      kind: 'detected',
      at: last.at,
      leg: last.leg ?? null,
      cause: 'carrier_operations',
      effect: 'diverted',
      party: 'carrier',
      evidence: { events: [last.id] },
    },
  ]);
};
