import type { z } from 'zod';
import type { ContentsClass, Tier } from './codes.ts';
import type { severityTerms } from './exception.ts';

export type SeverityTerms = z.infer<typeof severityTerms>;

export interface SeverityInput {
  /** Default severity of the category in the taxonomy, 0 to 100. */
  readonly defaultSeverity: number;
  /** Expected (or actual) arrival minus promise; null where either is unknown, which counts as in time. */
  readonly latenessMin: number | null;
  readonly tier: Tier;
  /** In hundredths of the common currency of the rates in `rules/sla.yaml`; null while the plan is unknown. */
  readonly valueMinor: number | null;
  readonly contentsClass: ContentsClass | null;
  readonly kind: 'predicted' | 'detected';
  readonly probability: number | null;
}

export interface Severity {
  readonly severity: number;
  readonly terms: SeverityTerms;
}

const latenessMost = 20;
/** Lateness that earns half of what lateness can add. */
const latenessHalfMin = 12 * 60;
const tierTerm: Readonly<Record<Tier, number>> = { standard: 0, priority: 6, guaranteed: 12 };
const contentsTerm: Readonly<Record<ContentsClass, number>> = {
  general: 0,
  high_value: 4,
  hazardous: 6,
  perishable: 6,
};
const valueMost = 8;
const valueFromMinor = 100_000;
const valueToMinor = 100_000_000;
const certaintyFloor = 0.6;
const certaintyUnknown = 0.8;

/** Away from where two are equally near, what `toFixed` gives, without its text: that took longer than all the rest. */
const round = (value: number, digits: number): number => {
  const scale = 10 ** digits;
  const scaled = value * scale;
  const nearest = Math.round(scaled);
  const isBetween = Math.abs(Math.abs(scaled - nearest) - 0.5) < 1e-6;
  return (isBetween ? Number(value.toFixed(digits)) : nearest / scale) + 0;
};

/** 0 at or before the promise, 10 at 12 h late, 15 at 36 h late, never quite 20. */
const latenessTerm = (latenessMin: number): number =>
  latenessMin <= 0 ? 0 : (latenessMost * latenessMin) / (latenessMin + latenessHalfMin);

/** 0 up to 1,000.00 of the common currency, 8 from 1,000,000.00 on, by the logarithm in between. */
const valueTerm = (valueMinor: number): number =>
  valueMinor <= valueFromMinor
    ? 0
    : (valueMost * Math.log(Math.min(valueMinor, valueToMinor) / valueFromMinor)) /
      Math.log(valueToMinor / valueFromMinor);

/**
 * How bad one exception is, 0 to 100, the same way for every shipment:
 *
 *     severity = clamp((category + lateness + tier + value + contents) × certainty)
 *
 * What has happened is certain (1). What is only predicted counts 0.6 + 0.4 × its probability, and 0.8 where
 * nobody gave a probability, so a sure prediction weighs as much as the fact. The terms are kept beside the
 * result, rounded as they were used.
 *
 * A predicted delay (category 50) of a guaranteed shipment, 12 h late with probability 0.75, worth 10,000.00:
 * (50 + 10 + 12 + 2.67 + 0) × 0.9 → 67.2, high.
 */
export const severityOf = (input: SeverityInput): Severity => {
  const certainty =
    input.kind === 'detected'
      ? 1
      : input.probability === null
        ? certaintyUnknown
        : certaintyFloor + (1 - certaintyFloor) * input.probability;
  const terms: SeverityTerms = {
    category: input.defaultSeverity,
    lateness: round(latenessTerm(input.latenessMin ?? 0), 2),
    tier: tierTerm[input.tier],
    value: round(valueTerm(input.valueMinor ?? 0), 2),
    contents: contentsTerm[input.contentsClass ?? 'general'],
    certainty: round(certainty, 3),
  };
  const sum = terms.category + terms.lateness + terms.tier + terms.value + terms.contents;
  return { severity: round(Math.min(100, Math.max(0, sum * terms.certainty)), 1), terms };
};
