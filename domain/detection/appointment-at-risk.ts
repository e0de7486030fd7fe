import { expectedArrival } from '../progress.ts';
import { expectedDelivery } from './expected-delivery.ts';
import { silenceCounts } from './feed-silence.ts';
import { type Detector, from, look, MINUTE_MS, nothingFound } from './view.ts';

/**
 * The window agreed with the receiver will not be kept, or has passed. Not raised: where the delivery is expected within
 * the window, late as it may be on the way; for shipments without an appointment, whose promise is watched.
 */
export const appointmentAtRisk: Detector = (view) => {
  const { plan, progress, now, rules } = view;
  const appointment = plan.appointment ?? null;
  if (appointment === null) return nothingFound;
  const finding = (kind: 'predicted' | 'detected', at: number, expectedAt: number) => ({
    category: 'missed_delivery',
    topic: 'appointment',
    kind,
    at,
    leg: plan.legs.length - 1,
    cause: 'unmapped' as const,
    effect: 'delay' as const,
    party: 'carrier' as const,
    evidence: {
      events: [
        progress.reached[progress.lastMilestone ?? '']?.eventId ?? progress.trail.at(-1)?.id ?? plan.id,
      ],
    },
    sameAs: kind,
    expectedAt,
  });
  const expectedAt = expectedDelivery(view);
  if (now <= appointment.to && expectedAt > appointment.to + rules.appointment.marginMin * MINUTE_MS)
    return look([finding('predicted', progress.lastAt ?? plan.at, expectedAt)], appointment.to + 1);
  const carrier = plan.legs.at(-1)?.carrier ?? plan.carrier;
  const counts = silenceCounts(view, carrier, appointment.to + rules.promise.hearingMin * MINUTE_MS);
  if (counts === null) return nothingFound;
  return from(counts, now, () => finding('detected', appointment.to, expectedArrival(plan, progress, now)));
};
