import { expectedArrival, type Heard, isTakenBack } from '../progress.ts';
import { type Detector, HOUR_MS, look, nothingFound } from './view.ts';

const holds = new Set(['customs_hold', 'inspection_hold', 'documentation', 'border_clearance']);
const movesOn = new Set([
  'departed',
  'out_for_delivery',
  'delivery_attempted',
  'available_for_pickup',
  'delivered',
]);

const releases = ({ status, category }: Heard): boolean =>
  movesOn.has(status) || category === 'hold_released';

/**
 * Held by customs for longer than such a hold should last, and said anew while it lasts. Not raised: once it has moved
 * on or was released; for the hold itself, which its code has reported already.
 */
export const customsAgeing: Detector = ({ plan, progress, now, rules }) => {
  const standing = progress.trail.filter(({ id }) => !isTakenBack(progress, id));
  const index = standing.findLastIndex(({ category }) => category !== undefined && holds.has(category));
  const held = standing[index];
  if (held?.category === undefined || standing.slice(index + 1).some(releases)) return nothingFound;
  const { hours, againHours } = rules.customsAgeing;
  const since = held.at + hours[plan.mode] * HOUR_MS;
  if (now < since) return look([], since);
  const times = Math.floor((now - since) / (againHours * HOUR_MS));
  return look(
    [
      {
        category: held.category,
        topic: 'hold-ageing',
        kind: 'detected',
        at: since,
        leg: held.leg ?? null,
        cause: 'customs',
        effect: 'held',
        party: 'authority',
        evidence: { events: [held.id] },
        sameAs: `${held.id} ${times}`,
        expectedAt: expectedArrival(plan, progress, now),
      },
    ],
    since + (times + 1) * againHours * HOUR_MS,
  );
};
