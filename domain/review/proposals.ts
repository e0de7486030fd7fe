import { z } from 'zod';
import type { Playbook } from '../playbook.ts';
import { instant, probability, word } from '../schema.ts';
import { stableId } from '../stable-id.ts';
import { guardCases, type PredictedCase, probabilityGuards } from './guard-cases.ts';
import { proposeThreshold, type ThresholdCase, type ThresholdFinding } from './threshold.ts';

/** Where a change of a threshold is made: one guard of one step of a playbook. */
export const guardPlace = z.object({ playbook: word, step: word });
export type GuardPlace = z.infer<typeof guardPlace>;

/**
 * A threshold that would have done better. One with a place can be applied to the rules; the alarm threshold belongs to
 * the model, and is there to be looked at.
 */
export const proposal = z.object({
  id: z.string(),
  /** Id of the review that it was made in. */
  review: z.string(),
  /** What would change, such as `playbooks/delay-predicted steps.expedite.guard.minProbability`. */
  subject: z.string(),
  place: guardPlace.nullable(),
  before: probability,
  after: probability,
  objective: z.enum(['cost', 'f_measure']),
  currency: z.string().nullable(),
  cases: z.int(),
  breaches: z.int(),
  gain: z.number(),
  low: z.number(),
  high: z.number(),
  reason: z.string(),
  state: z.enum(['proposed', 'applied', 'reverted']),
  changedBy: z.string().nullable(),
  changedAt: instant.nullable(),
});
export type Proposal = z.infer<typeof proposal>;

export interface ThresholdRange {
  readonly min: number;
  readonly max: number;
}

export interface ProposalInput {
  readonly review: string;
  readonly playbooks: readonly Playbook[];
  readonly cases: readonly PredictedCase[];
  readonly alarm: AlarmCases | null;
  /** Where a better threshold is looked for, given the one in force. */
  readonly range: (current: number) => ThresholdRange;
  readonly spares: number;
}

/** Shipments by the highest risk that was predicted before the promise. */
export interface AlarmCases {
  readonly current: number;
  readonly actionCostMinor: number;
  readonly currency: string;
  readonly cases: readonly ThresholdCase[];
}

/** One threshold that was looked at, whether something better was found or not. */
export interface ThresholdLook extends ThresholdFinding {
  readonly subject: string;
}

export const guardSubject = ({ playbook, step }: GuardPlace): string =>
  `playbooks/${playbook} steps.${step}.guard.minProbability`;

export const ALARM = 'predict alarm threshold';

/** Every threshold that probabilities are held against, looked at anew over cases whose outcome is known. */
export const lookAtThresholds = (
  input: ProposalInput,
): { readonly looks: readonly ThresholdLook[]; readonly proposals: readonly Proposal[] } => {
  const { review, range, spares } = input;
  const looks: ThresholdLook[] = [];
  const proposals: Proposal[] = [];
  const look = (
    subject: string,
    place: GuardPlace | null,
    currency: string,
    cases: readonly ThresholdCase[],
    question: { readonly current: number; readonly actionCostMinor: number },
  ): void => {
    const { min, max } = range(question.current);
    const finding = proposeThreshold(cases, {
      ...question,
      from: min,
      to: max,
      spares,
      seed: seedOf(subject),
    });
    looks.push({ subject, ...finding });
    const { proposed, gain, low, high } = finding;
    if (proposed === null || gain === null || low === null || high === null) return;
    proposals.push({
      id: stableId('proposal', review, subject, proposed),
      review,
      subject,
      place,
      before: question.current,
      after: proposed,
      objective: finding.objective,
      currency: finding.objective === 'cost' ? currency : null,
      cases: finding.cases,
      breaches: finding.breaches,
      gain,
      low,
      high,
      reason: finding.says,
      state: 'proposed',
      changedBy: null,
      changedAt: null,
    });
  };
  if (input.alarm !== null) look(ALARM, null, input.alarm.currency, input.alarm.cases, input.alarm);
  for (const guard of probabilityGuards(input.playbooks)) {
    const place = { playbook: guard.playbook.name, step: guard.step.id };
    look(guardSubject(place), place, guard.playbook.currency, guardCases(guard, input.cases), {
      current: guard.minProbability,
      actionCostMinor: guard.step.costMinor,
    });
  }
  return { looks, proposals };
};

/** The same subject is resampled in the same way in every review. */
const seedOf = (subject: string): number => Number.parseInt(stableId(subject).slice(0, 8), 16);

export interface AutoApply extends ThresholdRange {
  /** Most that one review may move one threshold by. */
  readonly maxStep: number;
}

/**
 * Where a threshold may be moved to without a person: 0.60 with steps of 0.05 up to 0.90 → [0.55; 0.65]. What is found
 * in there has to be better by itself: half of the way to something good may be worse than where it stands.
 */
export const automaticRange =
  ({ min, max, maxStep }: AutoApply) =>
  (current: number): ThresholdRange => ({
    min: Math.max(min, current - maxStep),
    max: Math.min(max, current + maxStep),
  });
