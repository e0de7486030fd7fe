import type { EffectEstimate, EffectOutcome, EffectRow } from '../../domain/effect.ts';
import { type Arm, armOf, compareArms } from './compare-arms.ts';
import { type Asked, estimandOf, findingWords, leftOutWords, tooFewWords } from './effect-words.ts';
import type { EffectOptions } from './estimate-effects.ts';
import { type Case, expectedOutcomes, foldsOf, learnedPropensities } from './nuisances.ts';

type Settings = Required<EffectOptions>;

/** What an estimate has that knows nothing. */
export const nobodyKnows = { effect: null, low: null, high: null, method: 'none' } as const;

export const askedOf = (
  { category, actionType, playbook, step }: EffectRow,
  outcome: EffectOutcome,
  { by }: Pick<Settings, 'by'>,
  eligible?: string,
): Asked & Pick<EffectEstimate, 'playbook' | 'step' | 'estimand'> => ({
  category,
  actionType,
  outcome,
  playbook: by === 'step' ? playbook : null,
  step: by === 'step' ? step : null,
  estimand: estimandOf({ category, actionType, outcome }, eligible),
});

/** One storm over many shipments is one cluster; a shipment that stands alone is one of its own. */
const clusterOf = ({ causeId, shipmentId }: EffectRow): string =>
  causeId === null ? `shipment:${shipmentId}` : `cause:${causeId}`;

const valueOf = (row: EffectRow, outcome: EffectOutcome): number | null =>
  outcome === 'minutes_late' ? row.minutesLate : Number(outcome === 'breach_rate' ? row.breached : row.asked);

/** Cases, and the probability with which each was treated. */
interface Compared {
  readonly cases: readonly Case[];
  readonly propensities: Float64Array;
}

const armsOf = ({ cases, propensities }: Compared): readonly [treated: Arm, withheld: Arm] => [
  armOf(cases, propensities, true),
  armOf(cases, propensities, false),
];

/** Those of a kind that people sometimes do and sometimes leave: of others the withheld, or the done, are missing. */
const overlapping = (cases: readonly Case[], { trim, folds, seed }: Settings): Compared => {
  const learned = learnedPropensities(cases, foldsOf(cases, folds, seed));
  const inside = [...learned.keys()].filter((index) => {
    const propensity = learned[index] ?? 0;
    return propensity >= trim && propensity <= 1 - trim;
  });
  return {
    cases: inside.flatMap((index) => cases[index] ?? []),
    propensities: Float64Array.from(inside, (index) => learned[index] ?? 0),
  };
};

/** The effect on one outcome among rows of one category and action, in all of which chance, or in all of which people, decided. */
export const estimateGroup = (
  rows: readonly EffectRow[],
  outcome: EffectOutcome,
  evidence: 'randomised' | 'observational',
  certain: number,
  settings: Settings,
): EffectEstimate => {
  const [first] = rows;
  if (first === undefined) throw new RangeError('an estimate needs rows');
  const known = rows.filter((row) => valueOf(row, outcome) !== null);
  const all: Compared = {
    cases: known.map((row) => ({
      cluster: clusterOf(row),
      treated: row.treated,
      covariates: row.covariates,
      outcome: valueOf(row, outcome) ?? 0,
    })),
    // Where it is not logged every case weighs the same until it is learned.
    propensities: Float64Array.from(known, ({ propensity }) => propensity ?? 0.5),
  };

  const { trim } = settings;
  const eligible =
    evidence === 'randomised'
      ? undefined
      : `that people sometimes do and sometimes leave (learned propensity in [${trim}; ${1 - trim}])`;

  const answer = (compared: Compared): EffectEstimate => {
    const { cases, propensities } = compared;
    const [treated, withheld] = armsOf(compared);
    const found = {
      ...askedOf(first, outcome, settings, eligible),
      treated: treated.cases,
      withheld: withheld.cases,
      clusters: new Set(cases.map(({ cluster }) => cluster)).size,
      evidence,
    };
    const leftOut = leftOutWords([
      [certain, 'that had it for certain, or certainly not'],
      [rows.length - known.length, 'that were never delivered'],
      [known.length - cases.length, 'of a kind that people nearly always do, or hardly ever'],
    ]);
    const few = tooFewWords(treated, withheld, settings.minClusters);
    if (few !== undefined) return { ...found, ...nobodyKnows, says: few + leftOut };
    const kind = outcome === 'minutes_late' ? 'amount' : 'rate';
    const { method, folds, seed } = settings;
    const expected =
      method === 'doubly_robust' ? expectedOutcomes(cases, foldsOf(cases, folds, seed), kind) : null;
    const comparison = compareArms(cases, propensities, expected, kind);
    return {
      ...found,
      ...comparison,
      method,
      says: findingWords({ ...found, ...comparison }) + leftOut,
    };
  };

  // With too few causes there is nothing to learn a propensity from either.
  const enough = tooFewWords(...armsOf(all), settings.minClusters) === undefined;
  return answer(evidence === 'observational' && enough ? overlapping(all.cases, settings) : all);
};
