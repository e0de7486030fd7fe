import { hasEnded } from '../moving.ts';
import { nextStep } from '../next-step.ts';
import { expectedArrival, isTakenBack } from '../progress.ts';
import { expectedDelivery } from './expected-delivery.ts';
import { silenceCounts } from './feed-silence.ts';
import { type Detector, from, look, MINUTE_MS, nothingFound } from './view.ts';

/**
 * The promise has passed, and nothing was heard of a delivery. Not raised: while the feed that would tell of one is
 * silent. Where the delivery was in time and only heard of late, it never was so.
 */
export const missedPromise: Detector = (view) => {
  const { plan, progress, now, rules } = view;
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
  const { hearingMin, hearingInTimeMin } = rules.promise;
  const isInTime =
    progress.lastMilestone !== null &&
    nextStep(plan, progress)?.kind === 'delivery' &&
    expectedDelivery(view) <= plan.promisedAt;
  const heardBy = plan.promisedAt + (isInTime ? hearingInTimeMin : hearingMin) * MINUTE_MS;
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
