import type { Family } from '../families/family.ts';
import { causeIn, isToldCause } from '../families/rows-of-family.ts';
import { intervalQuality } from '../interval-quality.ts';
import { realisedQuality, type RealisedQuality } from './realised-quality.ts';

const MINUTE_MS = 60_000;

/** What the models beside the judged one said with a prediction, and what came of it. */
export interface ServedRow {
  /** Instants; null where no model of arrivals spoke. */
  readonly eta: { readonly p10: number; readonly p50: number; readonly p90: number } | null;
  /** The likeliest cause and its probability; null where no model of causes spoke. */
  readonly cause: { readonly code: string; readonly probability: number } | null;
  /** By category. */
  readonly risks: Readonly<Record<string, number>>;
  /** Null while its end is not known, and where an action had a hand in it. */
  readonly end: {
    readonly late: 0 | 1;
    readonly deliveredAt: number | null;
    readonly cause: string;
    readonly happened: readonly string[];
  } | null;
}

/** How well a family did in the rows of which the end is known. */
export interface FamilyQuality {
  readonly rows: number;
  /** What is watched, as a sentence names it, and how large it was; lower is better. */
  readonly measure: string;
  readonly error: number;
  /** How far it is from keeping its word, see `calibrationError`; of arrivals how far the coverage is from what it should be. */
  readonly calibration: number;
  /** Share of the arrivals inside of their interval of .8; null of others. */
  readonly coverage: number | null;
  /** Of a risk, and of a cause's being the right one; null of arrivals. */
  readonly realised: RealisedQuality | null;
}

const levels = [0.1, 0.5, 0.9] as const;

/**
 * Of arrivals the pinball loss in minutes, of causes the share of the likeliest that were not the one, of a category the Brier
 * score. Told 60 %, 60 % and 90 % for three causes of which the last was another: an error of .33. `labels`: the causes that
 * the model tells apart. Null where no row has an end of the kind.
 */
export const familyQuality = (
  family: Family,
  rows: readonly ServedRow[],
  labels: readonly string[],
): FamilyQuality | null => {
  switch (family.kind) {
    case 'eta':
      return arrivals(rows);
    case 'cause':
      return causes(rows, labels);
    case 'category':
      return risk(rows, family.category);
    case 'late':
      throw new Error('the judged risk has a watch of its own');
  }
};

const arrivals = (rows: readonly ServedRow[]): FamilyQuality | null => {
  const told: number[] = [];
  const came: number[] = [];
  for (const { eta, end } of rows) {
    if (eta === null || end === null || end.deliveredAt === null) continue;
    came.push((end.deliveredAt - eta.p50) / MINUTE_MS);
    told.push((eta.p10 - eta.p50) / MINUTE_MS, 0, (eta.p90 - eta.p50) / MINUTE_MS);
  }
  if (came.length === 0) return null;
  const { pinball, coverage, wanted } = intervalQuality(came, told, levels);
  return {
    rows: came.length,
    measure: 'the pinball loss in minutes',
    error: pinball.reduce((sum, loss) => sum + loss, 0) / pinball.length,
    calibration: Math.abs(coverage - wanted),
    coverage,
    realised: null,
  };
};

const causes = (rows: readonly ServedRow[], labels: readonly string[]): FamilyQuality | null => {
  const isRight: number[] = [];
  const likely: number[] = [];
  for (const { cause, end } of rows) {
    if (cause === null || end === null || end.late === 0 || !isToldCause(end.cause)) continue;
    isRight.push(cause.code === causeIn(labels, end.cause) ? 1 : 0);
    likely.push(cause.probability);
  }
  const wrong = isRight.filter((one) => one === 0).length;
  return ofProbabilities(isRight, likely, 'the share of wrong causes', () => wrong / isRight.length);
};

const risk = (rows: readonly ServedRow[], category: string): FamilyQuality | null => {
  const came: number[] = [];
  const told: number[] = [];
  for (const { risks, end } of rows) {
    const probability = risks[category];
    if (probability === undefined || end === null) continue;
    came.push(end.happened.includes(category) ? 1 : 0);
    told.push(probability);
  }
  return ofProbabilities(came, told, 'the Brier score', ({ brier }) => brier);
};

const ofProbabilities = (
  came: readonly number[],
  told: readonly number[],
  measure: string,
  errorOf: (realised: RealisedQuality) => number,
): FamilyQuality | null => {
  if (came.length === 0) return null;
  const realised = realisedQuality(came, told);
  return {
    rows: came.length,
    measure,
    error: errorOf(realised),
    calibration: realised.calibrationError,
    coverage: null,
    realised,
  };
};
