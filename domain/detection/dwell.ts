import { planShape } from '../plan-shape.ts';
import { expectedArrival } from '../progress.ts';
import { silenceCounts } from './feed-silence.ts';
import { scanDue } from './scan-due.ts';
import { type Detector, from, HOUR_MS, nothingFound } from './view.ts';

/**
 * Known to have come to a place on the way, and not to have left it. Not raised: where the arrival itself is not known,
 * which is a missing scan; before the planned departure, however long the stay.
 */
export const dwell: Detector = (view) => {
  const { plan, progress, now, rules } = view;
  const due = scanDue(view);
  if (due === null || due.step.kind !== 'departure' || due.step.leg === 0) return nothingFound;
  const { leg } = due.step;
  const { legs } = planShape(plan);
  const arrivals = (legs[leg]?.feeders ?? []).flatMap((feeder) => {
    const last = legs[feeder]?.steps.at(-1);
    const reached = last === undefined ? undefined : progress.reached[last.key];
    return reached === undefined ? [] : [reached];
  });
  const arrived = arrivals.reduce((latest, { at }) => Math.max(latest, at), -Infinity);
  const hours = rules.dwell.hours[plan.legs[leg]?.mode ?? plan.mode];
  const counts = silenceCounts(view, due.carrier, Math.max(due.dueAt, arrived + hours * HOUR_MS));
  if (counts === null) return nothingFound;
  const isPort = (plan.legs[leg - 1]?.port ?? null) !== null;
  return from(counts, now, () => ({
    category: isPort ? 'terminal_operations' : 'carrier_operations',
    topic: `dwell:${leg}`,
    kind: 'detected',
    at: counts,
    leg,
    cause: 'unmapped',
    effect: 'delay',
    party: isPort ? 'terminal' : 'carrier',
    evidence: { events: arrivals.map(({ eventId }) => eventId) },
    expectedAt: expectedArrival(plan, progress, now),
  }));
};
