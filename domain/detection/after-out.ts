import { expectedArrival, isTakenBack } from '../progress.ts';
import { silenceCounts } from './feed-silence.ts';
import { type Detector, from, HOUR_MS, nothingFound } from './view.ts';

/** Nothing was heard after "out for delivery". Not raised: after an attempt or a delivery, whatever came of it. */
export const afterOut: Detector = (view) => {
  const { plan, progress, now, rules, heardAt } = view;
  const last = progress.trail.findLast(({ id }) => !isTakenBack(progress, id));
  if (last?.status !== 'out_for_delivery') return nothingFound;
  const carrier = plan.legs.at(-1)?.carrier ?? plan.carrier;
  const counts = silenceCounts(
    view,
    carrier,
    Math.max(last.at, heardAt) + rules.afterOut.hours[plan.mode] * HOUR_MS,
  );
  if (counts === null) return nothingFound;
  return from(counts, now, () => ({
    category: 'missed_delivery',
    topic: 'after-out',
    kind: 'predicted',
    at: counts,
    leg: plan.legs.length - 1,
    cause: 'unmapped',
    effect: 'not_delivered',
    party: 'carrier',
    evidence: { events: [last.id] },
    expectedAt: expectedArrival(plan, progress, now),
  }));
};
