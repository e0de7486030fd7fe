import { hasEnded } from '../moving.ts';
import { nextStep } from '../next-step.ts';
import { expectedArrival, isTakenBack } from '../progress.ts';
import { hearingLadderOf } from '../scan-rhythm.ts';
import { expectedDelivery } from './expected-delivery.ts';
import { silenceCounts } from './feed-silence.ts';
import { type Detector, from, look, MINUTE_MS, nothingFound, type View } from './view.ts';

/**
 * How long after the promise news of a delivery in time may still come: as long as deliveries of this carrier, or of this mode
 * where those are too few, usually take to be heard of; else as long as the rules say. Promised 17:00, nineteen in twenty
 * heard of within 40 min → 18:00 with `hearingMin` 60; within 90 min → 18:30; not known → 22:00 with `hearingInTimeMin` 300.
 */
const hearingMs = ({ plan, rules, rhythm }: View, isInTime: boolean): number => {
  const { hearingMin, hearingInTimeMin, quantile, minDeliveries } = rules.promise;
  if (!isInTime) return hearingMin * MINUTE_MS;
  for (const key of hearingLadderOf(plan)) {
    const usual = rhythm(key);
    const usualMin = usual === undefined || usual.scans < minDeliveries ? null : usual[quantile];
    if (usualMin !== null) return Math.min(hearingInTimeMin, Math.max(hearingMin, usualMin)) * MINUTE_MS;
  }
  return hearingInTimeMin * MINUTE_MS;
};

/**
 * The promise has passed, and nothing was heard of a delivery. Not raised: while the feed that would tell of one is
 * silent. Where the delivery was in time and only heard of late, it never was so.
 */
export const missedPromise: Detector = (view) => {
  const { plan, progress, now } = view;
  if (hasEnded(plan, progress)) {
    const delivered = progress.trail.find(
      ({ id, status }) => status === 'delivered' && !isTakenBack(progress, id),
    );
    return {
      ...look([]),
      neverSo: delivered !== undefined && delivered.at <= plan.promisedAt ? ['promise'] : [],
    };
  }
  const carrier = plan.legs.at(-1)?.carrier ?? plan.carrier;
  const isInTime =
    progress.lastMilestone !== null &&
    nextStep(plan, progress)?.kind === 'delivery' &&
    expectedDelivery(view) <= plan.promisedAt;
  const heardBy = plan.promisedAt + hearingMs(view, isInTime);
  const counts = silenceCounts(view, carrier, heardBy);
  if (counts === null) return nothingFound;
  return from(counts, now, () => ({
    category: 'delay',
    topic: 'promise',
    kind: 'detected',
    at: plan.promisedAt,
    cause: 'unmapped',
    effect: 'delay',
    party: 'unknown',
    evidence: { events: progress.trail.slice(-1).map(({ id }) => id) },
    sameAs: 'promise',
    expectedAt: expectedArrival(plan, progress, now),
  }));
};
