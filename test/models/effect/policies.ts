import type { EffectRow } from '../../../domain/effect.ts';
import type { Ending, PotentialCase } from './potential-cases.ts';

/** Who decides about a case: the probability of doing, and whether it was logged. */
export interface Policy {
  readonly name: string;
  readonly propensityOf: (one: PotentialCase) => number;
  readonly isLogged: boolean;
}

const isExempt = ({ tier, contents, severity }: PotentialCase): boolean =>
  tier === 'guaranteed' || contents === 'perishable' || contents === 'hazardous' || severity >= 80;

/** As playbooks do it: what is owed or grave is always done, of the rest a share is withheld, a smaller one of the graver. */
export const byChance: Policy = {
  name: 'by chance',
  propensityOf: (one) => (isExempt(one) ? 1 : one.severity >= 45 ? 0.85 : 0.5),
  isLogged: true,
};

/** People who look at what the page shows them: graver, and with more time left, is done more often. */
export const byPeople: Policy = {
  name: 'by people',
  propensityOf: ({ severity, leadTimeMin }) =>
    1 / (1 + Math.exp(-(severity - 48) / 20 - (leadTimeMin / 60 - 30) / 80)),
  isLogged: false,
};

/** People who know what nothing records: they called the carrier, and leave what will be in time anyway. */
export const byHearsay: Policy = {
  name: 'by hearsay',
  propensityOf: ({ untouched }) => (untouched.breached ? 0.75 : 0.3),
  isLogged: false,
};

/** How likely the customer asks: more when it is late, less when told. */
const chanceOfAsking = ({ breached, minutesLate }: Ending, isTold: boolean): number => {
  const untold = breached ? 0.35 + Math.min(0.4, Math.max(0, minutesLate ?? 600) / 3_000) : 0.12;
  return isTold ? untold * 0.45 : untold;
};

/** What a policy did in a world, and what the steps that chance or people might have left undone truly do there. */
export interface Played {
  readonly rows: readonly EffectRow[];
  /** Effect on each case with 0 < propensity < 1: how it ends, or would, with the step, less without. */
  readonly truth: {
    readonly breach_rate: readonly number[];
    readonly minutes_late: readonly number[];
    readonly contact_rate: readonly number[];
  };
}

const difference = (withIt: boolean, withoutIt: boolean): number => Number(withIt) - Number(withoutIt);

/** Lets the policy decide, case by case, first whether to expedite and then whether to tell the customer. */
export const play = (cases: readonly PotentialCase[], policy: Policy): Played => {
  const rows: EffectRow[] = [];
  const truth = { breach_rate: [] as number[], minutes_late: [] as number[], contact_rate: [] as number[] };
  for (const one of cases) {
    const { shipmentId, causeId, untouched, expedited, patience } = one;
    const chance = policy.propensityOf(one);
    const propensity = policy.isLogged ? chance : null;
    const dice = one.dice(policy.name);
    const isExpedited = dice.chance(chance);
    const isTold = dice.chance(chance);
    const ending = isExpedited ? expedited : untouched;
    const asksTold = patience < chanceOfAsking(ending, true);
    const asksUntold = patience < chanceOfAsking(ending, false);
    const common = {
      category: 'delay_predicted',
      playbook: 'late-delivery',
      causeId,
      shipmentId,
      propensity,
      ...ending,
    };
    const known = [
      one.severity,
      one.probability,
      one.leadTimeMin / 60,
      Math.log1p(one.valueMinor),
      Number(one.tier === 'priority'),
    ];
    rows.push(
      {
        ...common,
        actionId: `${shipmentId}/expedite`,
        actionType: 'expedite',
        step: 'expedite',
        treated: isExpedited,
        covariates: [...known, 0],
        asked: isTold ? asksTold : asksUntold,
      },
      {
        ...common,
        actionId: `${shipmentId}/tell`,
        actionType: 'notify_customer',
        step: 'tell',
        treated: isTold,
        covariates: [...known, Number(isExpedited)],
        asked: isTold ? asksTold : asksUntold,
      },
    );
    if (chance >= 1) continue;
    truth.breach_rate.push(difference(expedited.breached, untouched.breached));
    if (expedited.minutesLate !== null && untouched.minutesLate !== null)
      truth.minutes_late.push(expedited.minutesLate - untouched.minutesLate);
    truth.contact_rate.push(difference(asksTold, asksUntold));
  }
  return { rows, truth };
};
