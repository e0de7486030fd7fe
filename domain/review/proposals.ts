import { z } from 'zod';
import { alarmThreshold } from '../alarm-thresholds.ts';
import type { Rates } from '../money.ts';
import type { Playbook } from '../playbook.ts';
import { instant, probability, word } from '../schema.ts';
import { stableId } from '../stable-id.ts';
import { categoryChange } from './category-finding.ts';
import { guardCases, type PredictedCase, probabilityGuards } from './guard-cases.ts';
import { proposeThreshold, type ThresholdCase, type ThresholdFinding } from './threshold.ts';

/** Where a change of a threshold is made: one guard of one step of a playbook. */
export const guardPlace = z.object({ playbook: word, step: word });
export type GuardPlace = z.infer<typeof guardPlace>;

/** Where an alarm threshold is changed: that of one version of a model, such as `late-delivery@12a5f0a74bf9`. */
export const alarmPlace = z.object({
  model: word,
  /** Whether the rules named one already; else the model's own was in force. */
  named: z.boolean(),
});
export type AlarmPlace = z.infer<typeof alarmPlace>;

/** A threshold that would have done better, with the place in the rules where it can be applied. */
export const thresholdChange = z.object({
  kind: z.literal('threshold').default('threshold'),
  id: z.string(),
  /** Id of the review that it was made in. */
  review: z.string(),
  /** What would change, such as `playbooks/delay-predicted steps.expedite.guard.minProbability`. */
  subject: z.string(),
  place: z.union([guardPlace, alarmPlace]),
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
export type ThresholdChange = z.infer<typeof thresholdChange>;

/** What a review proposes to change. */
export const proposal = z.union([categoryChange, thresholdChange]);
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
  /** Alarm thresholds that the rules name, by model and version. */
  readonly alarms: Readonly<Record<string, number>>;
  /** Where a better threshold is looked for, given the one in force. */
  readonly range: (current: number) => ThresholdRange;
  readonly spares: number;
  readonly rates?: Rates | undefined;
}

/** Shipments by the highest risk that was predicted before the promise. */
export interface AlarmCases {
  /** The version of the model that scored them. */
  readonly model: string;
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

export const alarmSubject = ({ model }: Pick<AlarmPlace, 'model'>): string => `thresholds alarms.${model}`;

/** Every threshold that probabilities are held against, looked at anew over cases whose outcome is known. */
export const lookAtThresholds = (
  input: ProposalInput,
): { readonly looks: readonly ThresholdLook[]; readonly proposals: readonly ThresholdChange[] } => {
  const { review, range, spares } = input;
  const looks: ThresholdLook[] = [];
  const proposals: ThresholdChange[] = [];
  const look = (
    subject: string,
    place: GuardPlace | AlarmPlace,
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
      kind: 'threshold',
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
  if (input.alarm !== null) {
    const { model, currency, cases: shipments } = input.alarm;
    const current = alarmThreshold(input.alarms, model, input.alarm.current);
    const place = { model, named: Object.hasOwn(input.alarms, model) };
    look(alarmSubject(place), place, currency, shipments, { ...input.alarm, current });
  }
  for (const guard of probabilityGuards(input.playbooks)) {
    const place = { playbook: guard.playbook.name, step: guard.step.id };
    look(guardSubject(place), place, guard.playbook.currency, guardCases(guard, input.cases, input.rates), {
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
