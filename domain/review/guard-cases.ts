import type { ContentsClass, Mode, Tier } from '../codes.ts';
import type { Rates } from '../money.ts';
import type { Playbook, PlaybookStep } from '../playbook.ts';
import { planSteps } from '../plan-steps.ts';
import { audiences } from '../sla.ts';
import type { ThresholdCase } from './threshold.ts';

/** A predicted exception at its most probable, beside how its shipment ended. */
export interface PredictedCase {
  readonly exceptionId: string;
  readonly shipmentId: string;
  readonly causeId: string | null;
  /** Name without version. */
  readonly playbook: string;
  readonly category: string;
  readonly severity: number;
  readonly tier: Tier;
  readonly mode: Mode | null;
  readonly contentsClass: ContentsClass | null;
  readonly valueMinor: number | null;
  readonly valueCurrency: string | null;
  readonly promisedAt: number | null;
  /** When it was as probable as this. */
  readonly at: number;
  readonly probability: number;
  readonly breached: boolean;
  readonly penaltyMinor: number;
  /** Of the penalty. */
  readonly currency: string;
}

/** A guard of a playbook whose probability can be asked about: steps that follow another one's result cannot. */
export interface ProbabilityGuard {
  readonly playbook: Playbook;
  readonly step: PlaybookStep;
  readonly minProbability: number;
}

export const probabilityGuards = (playbooks: readonly Playbook[]): readonly ProbabilityGuard[] =>
  playbooks.flatMap((playbook) =>
    playbook.steps.flatMap((step) => {
      const minProbability = step.guard?.minProbability;
      return minProbability === undefined || step.after !== undefined
        ? []
        : [{ playbook, step, minProbability }];
    }),
  );

/**
 * The cases in which the probability alone decided whether the step was taken: its playbook was chosen, and all else
 * that its guard asks held.
 */
export const guardCases = (
  { playbook, step }: ProbabilityGuard,
  cases: readonly PredictedCase[],
  rates?: Rates,
): readonly ThresholdCase[] => {
  const { minProbability: _, ...guard } = step.guard ?? {};
  const asked: Playbook = { ...playbook, steps: [{ ...step, guard }] };
  return cases
    .filter((one) => one.playbook === playbook.name && one.currency === playbook.currency)
    .filter((one) => planSteps(asked, factsOf(one, rates)).length > 0)
    .map(({ causeId, shipmentId, probability, breached, penaltyMinor }) => ({
      cluster: causeId ?? shipmentId,
      probability,
      breached,
      penaltyMinor,
    }));
};

const factsOf = (one: PredictedCase, rates: Rates | undefined): Parameters<typeof planSteps>[1] => ({
  exceptionId: one.exceptionId,
  category: one.category,
  severity: one.severity,
  tier: one.tier,
  mode: one.mode,
  kind: 'predicted',
  now: one.at,
  probability: one.probability,
  promisedAt: one.promisedAt,
  valueMinor: one.valueMinor,
  valueCurrency: one.valueCurrency,
  rates,
  contentsClass: one.contentsClass,
  told: audiences,
  history: new Map(),
  isSafety: false,
});
