import { expectedArrival } from '../progress.ts';
import { silenceCounts } from './feed-silence.ts';
import { heardDue } from './scan-due.ts';
import { type Detector, from, nothingFound } from './view.ts';

/**
 * A scan that was expected has not come, nor the one after it. Not raised: for one scan alone, which is lost more often than
 * a shipment; while its feed is silent, for then nobody's scans come; after "out for delivery", or for the departure from a place to which it is known to have come: those have detectors of their own.
 */
export const missingScan: Detector = (view) => {
  const { plan, progress, now } = view;
  const due = heardDue(view);
  if (due === null || progress.lastStatus === 'out_for_delivery') return nothingFound;
  if (due.step.kind === 'departure' && due.step.leg > 0) return nothingFound;
  const counts = silenceCounts(view, due.carrier, due.dueAt);
  if (counts === null) return nothingFound;
  return from(counts, now, () => ({
    category: 'visibility_lost',
    topic: 'missing-scan',
    kind: 'detected',
    at: counts,
    cause: 'data',
    effect: 'unknown',
    party: 'carrier',
    evidence: { events: progress.trail.slice(-1).map(({ id }) => id) },
    expectedAt: expectedArrival(plan, progress, now),
  }));
};
