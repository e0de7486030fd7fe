import { draws } from './draws.ts';

/** One case with a label: how probable its breach was said to be, and what came. */
export interface ThresholdCase {
  /** Cases of one cluster stand or fall together: one storm, or a shipment of its own. */
  readonly cluster: string;
  readonly probability: number;
  readonly breached: boolean;
  /** What its breach cost by contract, in minor units; 0 where it kept its promise. */
  readonly penaltyMinor: number;
}

export interface ThresholdQuestion {
  readonly current: number;
  /** The range in which a threshold is looked for, in hundredths. */
  readonly from: number;
  readonly to: number;
  /** What acting on one case costs, in minor units. */
  readonly actionCostMinor: number;
  /** Share of a penalty that acting in time spares: an assumption, stated with the result. */
  readonly spares: number;
  readonly seed: number;
  readonly resamples?: number;
}

export interface ThresholdFinding {
  /** `cost` in minor units over the cases, or `f_measure` where costs or penalties are not known. */
  readonly objective: 'cost' | 'f_measure';
  readonly cases: number;
  readonly breaches: number;
  readonly current: number;
  /** Null where nothing better is known with confidence. */
  readonly proposed: number | null;
  /** What it would have gained, on cases that it was not chosen by, with its 95 % interval; null where too few. */
  readonly gain: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly says: string;
}

/** Fewer labels than these say more about chance than about a threshold. */
export const enoughCases = { cases: 50, breaches: 10, kept: 10 } as const;
const RESAMPLES = 400;

/**
 * The threshold that would have cost least over cases whose outcome is known. A case is acted on when its probability
 * is at least the threshold: a false alarm costs the action, a missed breach its penalty, and a hit the action and what
 * it does not spare of the penalty. Thresholds 0.50 and 0.60, action 10, a breach of 100 at 0.55, `spares` 0.5 →
 * 0.50 costs 10 + 50, 0.60 costs 100. Where costs are not known, the F-measure decides.
 *
 * The gain is measured out of the bag: each resample of clusters chooses its threshold, and the cases that it left out
 * say what that choice was worth. So the gain is not the flattery of having looked for it.
 */
export const proposeThreshold = (
  cases: readonly ThresholdCase[],
  question: ThresholdQuestion,
): ThresholdFinding => {
  const breaches = cases.filter(({ breached }) => breached).length;
  const isPriced = question.actionCostMinor > 0 && cases.some(({ penaltyMinor }) => penaltyMinor > 0);
  const base = {
    objective: isPriced ? ('cost' as const) : ('f_measure' as const),
    cases: cases.length,
    breaches,
    current: question.current,
  };
  const nothing = { proposed: null, gain: null, low: null, high: null };
  const lacking = lack(cases.length, breaches);
  if (lacking !== null) return { ...base, ...nothing, says: lacking };

  const grid = gridOf(question);
  const current = grid.indexOf(question.current);
  const worth = worths(cases, grid, question, isPriced);
  const best = bestOf(worth(allOnce(cases.length)), current);
  const gains = outOfBag(cases, current, worth, isPriced, question).toSorted((a, b) => a - b);
  const found = {
    gain: gains.reduce((sum, one) => sum + one, 0) / gains.length,
    low: gains[Math.floor(0.025 * (gains.length - 1))]!,
    high: gains[Math.ceil(0.975 * (gains.length - 1))]!,
  };
  const assumed =
    base.objective === 'cost'
      ? `an action costs ${question.actionCostMinor} and is assumed to spare ${Math.round(100 * question.spares)} % of a penalty`
      : 'costs or penalties are not known, so precision and recall count alike';
  const known = 'breaches that actions prevented count as false alarms';
  if (best === current)
    return { ...base, ...found, proposed: null, says: `the threshold in force did best; ${assumed}` };
  if (found.low <= 0)
    return {
      ...base,
      ...found,
      proposed: null,
      says: `${grid[best]} did better, and that may be chance; ${assumed}; ${known}`,
    };
  return { ...base, ...found, proposed: grid[best]!, says: `${assumed}; ${known}` };
};

const lack = (cases: number, breaches: number): string | null => {
  const wanted: readonly (readonly [number, number, string])[] = [
    [cases, enoughCases.cases, 'cases'],
    [breaches, enoughCases.breaches, 'breaches'],
    [cases - breaches, enoughCases.kept, 'kept promises'],
  ];
  const short = wanted.find(([have, least]) => have < least);
  return short === undefined ? null : `not enough cases: ${short[0]} of ${short[1]} ${short[2]}`;
};

/** Hundredths of the range, and the threshold in force wherever it lies. */
const gridOf = ({ from, to, current }: ThresholdQuestion): readonly number[] => {
  const grid = new Set([current]);
  for (let at = Math.ceil(from * 100 - 1e-9); at <= to * 100 + 1e-9; at += 1) grid.add(at / 100);
  return [...grid].toSorted((a, b) => a - b);
};

/** How often each case is in a sample. */
type Weights = Uint16Array;
const allOnce = (cases: number): Weights => new Uint16Array(cases).fill(1);

/** For a sample: what each threshold of the grid is worth, higher is better, up to a constant. */
const worths = (
  cases: readonly ThresholdCase[],
  grid: readonly number[],
  { actionCostMinor, spares }: ThresholdQuestion,
  isPriced: boolean,
): ((weights: Weights) => Float64Array) => {
  /** Thresholds that each case reaches: it is acted on at those below this index. */
  const reaches = cases.map(({ probability }) => grid.filter((threshold) => probability >= threshold).length);
  return (weights) => {
    const gains = new Float64Array(grid.length + 1);
    const hits = new Float64Array(grid.length + 1);
    const alarms = new Float64Array(grid.length + 1);
    let breaches = 0;
    for (const [index, { breached, penaltyMinor }] of cases.entries()) {
      const weight = weights[index]!;
      const at = reaches[index]!;
      gains[at]! += weight * ((breached ? spares * penaltyMinor : 0) - actionCostMinor);
      alarms[at]! += weight;
      if (!breached) continue;
      hits[at]! += weight;
      breaches += weight;
    }
    const worth = new Float64Array(grid.length);
    let gain = 0;
    let hit = 0;
    let alarm = 0;
    for (let at = grid.length; at > 0; at -= 1) {
      gain += gains[at]!;
      hit += hits[at]!;
      alarm += alarms[at]!;
      worth[at - 1] = isPriced ? gain : (2 * hit) / Math.max(1, alarm + breaches);
    }
    return worth;
  };
};

/** The best one; of equals the nearest to the one in force. */
const bestOf = (worth: Float64Array, current: number): number => {
  let best = current;
  for (const [at, value] of worth.entries()) {
    const nearer = Math.abs(at - current) < Math.abs(best - current);
    if (value > worth[best]! || (value === worth[best] && nearer)) best = at;
  }
  return best;
};

const outOfBag = (
  cases: readonly ThresholdCase[],
  current: number,
  worth: (weights: Weights) => Float64Array,
  isPriced: boolean,
  { seed, resamples = RESAMPLES }: ThresholdQuestion,
): number[] => {
  const clusters = clustersOf(cases);
  const draw = draws(seed);
  const gains: number[] = [];
  for (let round = 0; round < resamples; round += 1) {
    const inBag = new Uint16Array(cases.length);
    for (let drawn = 0; drawn < clusters.length; drawn += 1)
      for (const index of clusters[draw(clusters.length)]!) inBag[index]! += 1;
    const leftOut = inBag.map((weight) => (weight === 0 ? 1 : 0));
    const count = leftOut.reduce((sum, weight) => sum + weight, 0);
    if (count === 0) continue;
    const value = worth(leftOut);
    const gain = value[bestOf(worth(inBag), current)]! - value[current]!;
    gains.push(isPriced ? (gain * cases.length) / count : gain);
  }
  return gains.length === 0 ? [0] : gains;
};

/** Indices of the cases of each cluster. */
const clustersOf = (cases: readonly ThresholdCase[]): readonly (readonly number[])[] => {
  const clusters = new Map<string, number[]>();
  for (const [index, { cluster }] of cases.entries()) {
    const members = clusters.get(cluster);
    if (members === undefined) clusters.set(cluster, [index]);
    else members.push(index);
  }
  return [...clusters.values()];
};
