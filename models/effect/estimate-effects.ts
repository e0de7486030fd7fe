import {
  type EffectEstimate,
  type EffectOutcome,
  effectOutcomes,
  type EffectRow,
} from '../../domain/effect.ts';
import { ForewarnError } from '../../runtime/forewarn-error.ts';
import { askedOf, estimateGroup, nobodyKnows } from './estimate-group.ts';

export interface EffectOptions {
  /** One estimate for each action type of a category, or one for each step of each playbook. */
  readonly by?: 'action' | 'step';
  readonly outcomes?: readonly EffectOutcome[];
  readonly method?: 'doubly_robust' | 'inverse_propensity';
  /** Least number of independent causes in each arm, counted as they weigh; below it nobody can tell. */
  readonly minClusters?: number;
  /** Where people decided, only cases whose learned propensity lies in [trim; 1 − trim] are compared. */
  readonly trim?: number;
  readonly folds?: number;
  readonly seed?: number;
}

/** The trim is that of Crump, Hotz, Imbens and Mitnik 2009. */
export const effectDefaults = {
  by: 'action',
  outcomes: effectOutcomes,
  method: 'doubly_robust',
  minClusters: 10,
  trim: 0.1,
  folds: 5,
  seed: 1,
} as const satisfies Required<EffectOptions>;

/**
 * What each action does to each outcome, told from cases in which it could have been otherwise. Cases that had the
 * action for certain, or certainly not, compare with nothing and are never mixed in. Where chance withheld, the logged
 * propensity counts; where people decided it is learned, apart from those and said to be weaker. The same rows in any
 * order give the same answers.
 *
 *     400 rows of weather × expedite: 260 done and 100 held out by chance, 40 with propensity 1
 *       → 3 estimates (one an outcome) of 360 rows, each of which says that 40 are left out
 */
export const estimateEffects = (
  rows: readonly EffectRow[],
  options: EffectOptions = {},
): readonly EffectEstimate[] => {
  const settings: Required<EffectOptions> = { ...effectDefaults, ...options };
  for (const row of rows) check(row, rows[0]?.covariates.length ?? 0);
  const groups = new Map<string, EffectRow[]>();
  for (const row of rows.toSorted((a, b) =>
    a.actionId < b.actionId ? -1 : a.actionId > b.actionId ? 1 : 0,
  )) {
    const { category, actionType, playbook, step } = row;
    const key = JSON.stringify([category, actionType, ...(settings.by === 'step' ? [playbook, step] : [])]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, group]) => settings.outcomes.flatMap((outcome) => estimatesOf(group, outcome, settings)));
};

const check = ({ actionId, covariates, propensity }: EffectRow, width: number): void => {
  const wrong =
    covariates.length !== width
      ? `it has ${covariates.length} covariates and others have ${width}`
      : !covariates.every(Number.isFinite)
        ? `covariate ${covariates.findIndex((value) => !Number.isFinite(value))} is not a finite number`
        : propensity !== null && !(propensity >= 0 && propensity <= 1)
          ? `propensity ${propensity} is not in [0; 1]`
          : undefined;
  if (wrong !== undefined)
    throw new ForewarnError('FW605', `action "${actionId}": ${wrong}; mend the row, or leave it out`);
};

/** One where chance decided, one where people did; where nobody had a choice, one that says so. */
const estimatesOf = (
  rows: readonly EffectRow[],
  outcome: EffectOutcome,
  settings: Required<EffectOptions>,
): readonly EffectEstimate[] => {
  const byChance = rows.filter(({ propensity }) => propensity !== null && propensity > 0 && propensity < 1);
  const byPeople = rows.filter(({ propensity }) => propensity === null);
  const certain = rows.length - byChance.length - byPeople.length;
  const [first] = rows;
  if (first === undefined) return [];
  if (certain === rows.length) {
    const treated = rows.filter((row) => row.treated).length;
    return [
      {
        ...askedOf(first, outcome, settings),
        ...nobodyKnows,
        treated,
        withheld: certain - treated,
        clusters: 0,
        evidence: 'none',
        says: `nothing to compare with: all ${certain} had it for certain, or certainly not; a hold-out share of the step would tell`,
      },
    ];
  }
  return [
    ...(byChance.length === 0 ? [] : [estimateGroup(byChance, outcome, 'randomised', certain, settings)]),
    ...(byPeople.length === 0 ? [] : [estimateGroup(byPeople, outcome, 'observational', certain, settings)]),
  ];
};
