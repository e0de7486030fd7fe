import { type EffectOutcome, type EffectRow, effectOutcomes } from '../../../domain/effect.ts';
import { type EffectOptions, estimateEffects } from '../../../models/effect/estimate-effects.ts';
import { play, type Policy } from './policies.ts';
import { potentialCases } from './potential-cases.ts';

/** The step whose effect on the outcome is asked for. */
const actionFor: { readonly [outcome in EffectOutcome]: string } = {
  breach_rate: 'expedite',
  minutes_late: 'expedite',
  contact_rate: 'notify_customer',
};

export interface Coverage {
  readonly policy: string;
  readonly outcome: EffectOutcome;
  /** The true effect: its mean over the eligible cases of all worlds. */
  readonly truth: number;
  readonly worlds: number;
  /** Share of the worlds in which the interval holds the truth. */
  readonly covered: number;
  /** Share in which it holds the mean over that world's own cases, which is less uncertain than the long run. */
  readonly coveredOwn: number;
  readonly meanEffect: number;
  readonly meanHalf: number;
  readonly meanNaive: number;
  /** Share of the worlds in which the usual interval around the naive difference would hold the truth. */
  readonly naiveCovered: number;
  readonly meanCases: number;
  readonly meanClusters: number;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Done less not done, whoever decided: what a dashboard would show. With the half width of its usual interval. */
const naive = (
  rows: readonly EffectRow[],
  outcome: EffectOutcome,
): { readonly effect: number; readonly half: number } => {
  const valuesOf = (treated: boolean): readonly number[] =>
    rows.flatMap((row) => {
      const value =
        outcome === 'minutes_late'
          ? row.minutesLate
          : Number(outcome === 'breach_rate' ? row.breached : row.asked);
      return row.actionType !== actionFor[outcome] || row.treated !== treated || value === null
        ? []
        : [value];
    });
  const [done, left] = [valuesOf(true), valuesOf(false)];
  const variance = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / (values.length - 1) / values.length;
  return { effect: mean(done) - mean(left), half: 1.96 * Math.sqrt(variance(done) + variance(left)) };
};

/** Plays each world under the policies, estimates as if nothing were known, and compares with what is. */
export const coverageOf = (
  worlds: number,
  shipments: number,
  policies: readonly Policy[],
  options: EffectOptions = {},
): readonly Coverage[] => {
  const played = policies.map((policy) => ({
    policy,
    found: effectOutcomes.map((outcome) => ({
      outcome,
      truths: [] as (readonly number[])[],
      estimates: [] as {
        effect: number;
        low: number;
        high: number;
        naive: number;
        naiveHalf: number;
        cases: number;
        clusters: number;
      }[],
    })),
  }));
  for (let seed = 1; seed <= worlds; seed += 1) {
    const cases = potentialCases(seed, shipments);
    for (const { policy, found } of played) {
      const { rows, truth } = play(cases, policy);
      const all = estimateEffects(rows, options);
      for (const { outcome, truths, estimates } of found) {
        truths.push(truth[outcome]);
        const estimate = all.find((one) => one.outcome === outcome && one.actionType === actionFor[outcome]);
        const { effect, low, high } = estimate ?? {};
        if (
          estimate === undefined ||
          typeof effect !== 'number' ||
          typeof low !== 'number' ||
          typeof high !== 'number'
        )
          throw new Error(`world ${seed}, ${policy.name}, ${outcome}: ${estimate?.says ?? 'no estimate'}`);
        const plain = naive(rows, outcome);
        estimates.push({
          effect,
          low,
          high,
          naive: plain.effect,
          naiveHalf: plain.half,
          cases: estimate.treated + estimate.withheld,
          clusters: estimate.clusters,
        });
      }
    }
  }
  return played.flatMap(({ policy, found }) =>
    found.map(({ outcome, truths, estimates }) => {
      const truth = mean(truths.flat());
      return {
        policy: policy.name,
        outcome,
        truth,
        worlds,
        covered: mean(estimates.map(({ low, high }) => Number(low <= truth && truth <= high))),
        coveredOwn: mean(
          estimates.map(({ low, high }, world) => {
            const own = mean(truths[world] ?? []);
            return Number(low <= own && own <= high);
          }),
        ),
        meanEffect: mean(estimates.map(({ effect }) => effect)),
        meanHalf: mean(estimates.map(({ low, high }) => (high - low) / 2)),
        meanNaive: mean(estimates.map((one) => one.naive)),
        naiveCovered: mean(estimates.map((one) => Number(Math.abs(one.naive - truth) <= one.naiveHalf))),
        meanCases: mean(estimates.map(({ cases }) => cases)),
        meanClusters: mean(estimates.map(({ clusters }) => clusters)),
      };
    }),
  );
};
