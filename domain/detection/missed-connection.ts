import { planShape } from '../plan-shape.ts';
import { legDelays } from '../leg-delay.ts';
import { endangers } from './endangers.ts';
import { expectedDelivery } from './expected-delivery.ts';
import { type Detector, type Finding, look, MINUTE_MS, type Stood, type View } from './view.ts';

const CATEGORY = 'missed_connection';

/** What is known of one leg that others feed: how the goods come to it, and whether it has left. */
const connectionOf = (view: View, index: number, stood: Stood): Finding | null => {
  const { plan, progress, rules } = view;
  const leg = plan.legs[index]!;
  const { legs } = planShape(plan);
  const shape = legs[index]!;
  if (shape.feeders.length === 0 || !rules.connection.modes.includes(leg.mode)) return null;
  const expectedAt = expectedDelivery(view);
  const finding = (kind: Finding['kind'], at: number, events: readonly string[]): Finding => ({
    category: CATEGORY,
    topic: `connection:${index}`,
    kind,
    at,
    leg: index,
    cause: 'unmapped',
    effect: 'delay',
    party: 'carrier',
    evidence: { events: [...events] },
    expectedAt,
  });
  const departure = shape.steps.find(({ kind }) => kind === 'departure');
  const departed = departure === undefined ? undefined : progress.reached[departure.key];
  if (departure !== undefined && departed !== undefined) {
    const lateMin = (departed.at - departure.plannedAt) / MINUTE_MS;
    const isOver = index < legs.length - 1 && legs[index + 1]!.steps.some(({ key }) => progress.reached[key]);
    // What makes it late after it has left again is another trouble: only what was said already goes on being so.
    const isNews = progress.lastMilestone === departure.key || stood(CATEGORY, `connection:${index}`);
    return lateMin >= rules.connection.departedLateMin && !isOver && isNews
      ? finding('detected', departed.at, [departed.eventId])
      : null;
  }
  if (shape.steps.some(({ key }) => progress.reached[key] !== undefined)) return null;
  const lastCallAt = leg.cutoffAt ?? leg.departAt - rules.connection.handlingMin * MINUTE_MS;
  const delays = legDelays(plan, progress, -Infinity);
  for (const feeder of shape.feeders) {
    const { steps, endsAt } = legs[feeder]!;
    const last = steps.at(-1);
    const arrived = last === undefined ? undefined : progress.reached[last.key];
    if (arrived !== undefined && arrived.at > lastCallAt)
      return finding('detected', arrived.at, [arrived.eventId]);
    const delay = delays[feeder]!;
    const latest = steps.findLast(({ key }) => progress.reached[key] !== undefined);
    if (arrived === undefined && delay.begun && latest !== undefined) {
      const expected = endsAt + delay.delayMin * MINUTE_MS;
      if (expected > lastCallAt) {
        const { at, eventId } = progress.reached[latest.key]!;
        return finding('predicted', at, [eventId]);
      }
    }
  }
  return null;
};

/**
 * The goods come, or will come, after the last call of the next leg, or left with a later departure. Not raised: where
 * the next leg waits for them, as a truck does; for an arrival after its plan but before the last call; where the delivery
 * is still expected within the promise, with the departure after the one that was missed.
 */
export const missedConnection: Detector = (view, stood) => {
  const { plan, progress, rules } = view;
  const isInDanger = ({ kind, leg }: Finding): boolean => {
    if (kind === 'predicted') return expectedDelivery(view) > plan.promisedAt;
    const index = leg ?? 0;
    const hasLeft = planShape(plan).legs[index]!.steps.some(({ key }) => progress.reached[key] !== undefined);
    const waitHours = hasLeft ? 0 : rules.connection.nextHours[plan.legs[index]!.mode];
    return endangers(view, index, waitHours);
  };
  return look(plan.legs.flatMap((_, index) => connectionOf(view, index, stood) ?? []).filter(isInDanger));
};
