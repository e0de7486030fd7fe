import {
  type EffectEstimate,
  type EffectOutcome,
  effectOutcomes,
  type EffectRow,
} from '../../../domain/effect.ts';
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
  readonly worlds: number;
  /** Worlds with cases enough to say anything; the shares and means below are of these. */
  readonly spoke: number;
  /** The true effect: its mean over the eligible cases of all worlds. */
  readonly truth: number;
  readonly meanEffect: number;
  readonly meanHalf: number;
  /** Share in which the interval holds the truth. */
  readonly covered: number;
  /** Share in which it holds the mean over the world's own cases, which is less uncertain than the long run. */
  readonly coveredOwn: number;
  readonly meanNaive: number;
  /** Share in which the usual interval around the naive difference would hold the truth. */
  readonly coveredNaive: number;
  readonly meanCases: number;
  readonly meanClusters: number;
}

/** One outcome in one world under one policy. */
interface Trial {
  readonly policy: Policy;
  readonly outcome: EffectOutcome;
  /** The true effect on each eligible case. */
  readonly truths: readonly number[];
  readonly estimate: EffectEstimate;
  readonly naive: Interval;
}

interface Interval {
  readonly effect: number;
  readonly low: number;
  readonly high: number;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const valueOf = (row: EffectRow, outcome: EffectOutcome): number | null =>
  outcome === 'minutes_late' ? row.minutesLate : Number(outcome === 'breach_rate' ? row.breached : row.asked);

/** Done less not done, whoever decided and why: what a dashboard would show. */
const naiveOf = (rows: readonly EffectRow[], outcome: EffectOutcome): Interval => {
  const valuesOf = (treated: boolean): readonly number[] =>
    rows.flatMap((row) => (row.treated === treated ? (valueOf(row, outcome) ?? []) : []));
  const variance = (values: readonly number[]): number =>
    mean(values.map((value) => (value - mean(values)) ** 2)) / (values.length - 1);
  const [done, left] = [valuesOf(true), valuesOf(false)];
  const effect = mean(done) - mean(left);
  const half = 1.96 * Math.sqrt(variance(done) + variance(left));
  return { effect, low: effect - half, high: effect + half };
};

const trialsOf = (
  seed: number,
  shipments: number,
  policies: readonly Policy[],
  options: EffectOptions,
): readonly Trial[] => {
  const cases = potentialCases(seed, shipments);
  return policies.flatMap((policy) => {
    const { rows, truth } = play(cases, policy);
    return effectOutcomes.flatMap((outcome) => {
      const asked = rows.filter(({ actionType }) => actionType === actionFor[outcome]);
      return estimateEffects(asked, { ...options, outcomes: [outcome] })
        .filter(({ evidence }) => evidence !== 'none')
        .map((estimate) => ({
          policy,
          outcome,
          truths: truth[outcome],
          estimate,
          naive: naiveOf(asked, outcome),
        }));
    });
  });
};

const holds = ({ low, high }: Interval, truth: number): number => Number(low <= truth && truth <= high);

const coverageOfTrials = (trials: readonly Trial[]): Omit<Coverage, 'policy' | 'outcome'> => {
  const truth = mean(trials.flatMap(({ truths }) => truths));
  const told = trials.flatMap(({ truths, naive, estimate: { effect, low, high, ...counts } }) =>
    effect === null || low === null || high === null
      ? []
      : [{ own: mean(truths), naive, counts, interval: { effect, low, high } }],
  );
  return {
    worlds: trials.length,
    spoke: told.length,
    truth,
    meanEffect: mean(told.map(({ interval }) => interval.effect)),
    meanHalf: mean(told.map(({ interval }) => (interval.high - interval.low) / 2)),
    covered: mean(told.map(({ interval }) => holds(interval, truth))),
    coveredOwn: mean(told.map(({ interval, own }) => holds(interval, own))),
    meanNaive: mean(told.map(({ naive }) => naive.effect)),
    coveredNaive: mean(told.map(({ naive }) => holds(naive, truth))),
    meanCases: mean(told.map(({ counts }) => counts.treated + counts.withheld)),
    meanClusters: mean(told.map(({ counts }) => counts.clusters)),
  };
};

/** Plays each world under the policies, estimates as if nothing were known, and compares with what is. */
export const coverageOf = (
  { worlds, shipments, firstSeed = 1 }: { worlds: number; shipments: number; firstSeed?: number },
  policies: readonly Policy[],
  options: EffectOptions = {},
): readonly Coverage[] => {
  const trials = Array.from({ length: worlds }, (_, world) =>
    trialsOf(firstSeed + world, shipments, policies, options),
  ).flat();
  return policies.flatMap((policy) =>
    effectOutcomes.map((outcome) => ({
      policy: policy.name,
      outcome,
      ...coverageOfTrials(trials.filter((trial) => trial.policy === policy && trial.outcome === outcome)),
    })),
  );
};

const cell = (outcome: EffectOutcome, value: number): string =>
  outcome === 'minutes_late' ? `${Math.round(value)} min` : `${(100 * value).toFixed(1)} pt`;

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** As docs/effects.md shows it. */
export const coverageTable = (found: readonly Coverage[]): string =>
  [
    '| decided | outcome | worlds that spoke | cases, causes | true effect | mean estimate ± half width | interval holds the truth | naive difference | naive interval holds it |',
    '|---|---|---|---|---|---|---|---|---|',
    ...found.map(
      (one) =>
        `| ${one.policy} | ${one.outcome} | ${one.spoke} of ${one.worlds} | ${Math.round(one.meanCases)}, ${Math.round(one.meanClusters)} | ${cell(one.outcome, one.truth)} | ${cell(one.outcome, one.meanEffect)} ± ${cell(one.outcome, one.meanHalf)} | ${percent(one.covered)} | ${cell(one.outcome, one.meanNaive)} | ${percent(one.coveredNaive)} |`,
    ),
  ].join('\n');
