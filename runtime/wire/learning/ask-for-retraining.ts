import type { DriftFinding } from '../../../domain/drift-finding.ts';
import type { Retraining } from '../../../domain/retraining.ts';
import { stableId } from '../../../domain/stable-id.ts';

export interface RetrainSettings {
  readonly automatic: boolean;
  readonly coolDownMs: number;
  readonly budgetPerYear: number;
}

const YEAR_MS = 365 * 86_400_000;
export const askedByDrift = 'drift';

/**
 * The requests that findings of retraining grade lead to: one for all findings of a look, none while one is open, none
 * within the cool-down, and no more a year than the budget. A request by hand counts for none of them.
 */
export const requestsOf = (
  findings: readonly DriftFinding[],
  known: readonly Retraining[],
  model: string,
  { automatic, coolDownMs, budgetPerYear }: RetrainSettings,
): readonly Retraining[] => {
  const grave = findings.filter((one) => one.grade === 'retrain' && ['all', model].includes(one.model));
  const [first] = grave;
  if (!automatic || first === undefined) return [];
  const at = Math.max(...grave.map((one) => one.at));
  const before = known.filter((one) => one.model === model && one.by === askedByDrift);
  const isOpen = before.some(({ state }) => state === 'requested');
  const asked = before.map((one) => one.at).filter((time) => time > at - YEAR_MS);
  if (isOpen || asked.length >= budgetPerYear || asked.some((time) => time > at - coolDownMs)) return [];
  return [
    {
      id: stableId('retraining', model, first.id),
      version: 1,
      at,
      heardAt: at,
      model,
      state: 'requested',
      by: askedByDrift,
      reason: grave.map(({ text }) => text).join('; '),
      findings: grave.map(({ id }) => id),
      modelVersion: null,
    },
  ];
};
