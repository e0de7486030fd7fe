import { isTakenBack } from '../progress.ts';
import { type Detector, look, MINUTE_MS, nothingFound } from './view.ts';

/** The carrier itself estimates a delivery after the promise. Not raised: for a later estimate that still keeps it. */
export const lateEstimate: Detector = ({ plan, progress, rules }) => {
  const said = progress.trail.findLast(
    ({ id, estimatedAt }) => estimatedAt !== undefined && !isTakenBack(progress, id),
  );
  if (said?.estimatedAt === undefined) return nothingFound;
  if (said.estimatedAt <= plan.promisedAt + rules.estimate.marginMin * MINUTE_MS) return nothingFound;
  return look([
    {
      category: 'delay_predicted',
      topic: 'estimate',
      kind: 'predicted',
      at: said.at,
      cause: 'unmapped',
      effect: 'delay',
      party: 'carrier',
      evidence: { events: [said.id] },
      expectedAt: said.estimatedAt,
    },
  ]);
};
