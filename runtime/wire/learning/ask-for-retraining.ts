import type { DriftFinding } from '../../../domain/drift-finding.ts';
import type { Retraining } from '../../../domain/retraining.ts';
import { stableId } from '../../../domain/stable-id.ts';

export interface RetrainSettings {
  readonly automatic: boolean;
  readonly coolDownMs: number;
  readonly budgetPerYear: number;
}

const YEAR_MS = 365 * 86_400_000;
const askedByDrift = 'drift';
const askedAfterwards = 'drift, some time later';
const askedByHistory = 'history';

/**
 * The requests that findings of retraining grade lead to: one for all findings of a look, none while one is open, none
 * within the cool-down, and no more a year than the budget. A request by hand counts for none of them. `heeded` are the models
 * whose findings count, beside those about all.
 */
export const requestsOf = (
  findings: readonly DriftFinding[],
  known: readonly Retraining[],
  model: string,
  { automatic, coolDownMs, budgetPerYear }: RetrainSettings,
  heeded: readonly string[] = [model],
): readonly Retraining[] => {
  const grave = findings.filter((one) => one.grade === 'retrain' && ['all', ...heeded].includes(one.model));
  const [first] = grave;
  if (!automatic || first === undefined) return [];
  const at = Math.max(...grave.map((one) => one.at));
  if (!mayAsk(at, known, model, { coolDownMs, budgetPerYear })) return [];
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
      changedAt: Math.min(...grave.map(({ since }) => since)),
      modelVersion: null,
    },
  ];
};

/**
 * What learned of a new world in a hurry is trained once more, when as much time as a cool-down has passed: a version of
 * six days' rows was better than one of another world, and one of three weeks' is better than that.
 */
export const followUpsOf = (
  known: readonly Retraining[],
  champion: string | null,
  model: string,
  now: number,
  settings: RetrainSettings,
): readonly Retraining[] => {
  const last = known.findLast((one) => one.model === model && one.state === 'challenges');
  if (!settings.automatic || last?.by !== askedByDrift || last.modelVersion !== champion) return [];
  if (now - last.at < settings.coolDownMs || !mayAsk(now, known, model, settings)) return [];
  return [
    {
      ...last,
      id: stableId('retraining', model, last.id),
      version: 1,
      at: now,
      heardAt: now,
      state: 'requested',
      by: askedAfterwards,
      reason: `more is known of the world since the change that led to ${last.modelVersion}`,
      modelVersion: null,
    },
  ];
};

/** The first version of a family of which there is none, once history suffices for it. */
export const firstRequestsOf = (
  models: readonly string[],
  known: readonly Retraining[],
  now: number,
  settings: RetrainSettings,
): readonly Retraining[] =>
  models.flatMap((model) =>
    settings.automatic && mayAsk(now, known, model, settings)
      ? [
          {
            id: stableId('retraining', model, askedByHistory, now),
            version: 1,
            at: now,
            heardAt: now,
            model,
            state: 'requested' as const,
            by: askedByHistory,
            reason: 'there is no model of it yet, and outcomes enough to learn from',
            findings: [],
            changedAt: null,
            modelVersion: null,
          },
        ]
      : [],
  );

const mayAsk = (
  at: number,
  known: readonly Retraining[],
  model: string,
  { coolDownMs, budgetPerYear }: Pick<RetrainSettings, 'coolDownMs' | 'budgetPerYear'>,
): boolean => {
  const before = known.filter(
    (one) => one.model === model && [askedByDrift, askedAfterwards, askedByHistory].includes(one.by),
  );
  const isOpen = before.some(({ state }) => state === 'requested');
  const asked = before.map((one) => one.at).filter((time) => time > at - YEAR_MS);
  return !isOpen && asked.length < budgetPerYear && !asked.some((time) => time > at - coolDownMs);
};
