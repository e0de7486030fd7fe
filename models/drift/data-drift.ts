import { compareFeature, type FeatureComparison, type FeatureValues } from './compare-feature.ts';
import { believed } from './false-discovery.ts';
import type { FeatureReference } from './feature-reference.ts';
import type { Finding } from './finding.ts';
import { referenceAt, type SeasonalReference } from './seasonal-reference.ts';

export type FeatureReferences = Readonly<Record<string, SeasonalReference<FeatureReference>>>;

export interface FeatureBlock {
  /** Begin of the block: its season. */
  readonly from: number;
  /** When it was complete. */
  readonly closedAt: number;
  readonly features: Readonly<Record<string, FeatureValues>>;
}

export interface DataDriftSettings {
  /** False ones among the features told, at most, on average. */
  readonly falseDiscoveries: number;
  readonly minPsi: number;
  /** Points of a hundred rows by which more are missing than were, or that have a category never seen. */
  readonly minMissing: number;
  readonly minUnseen: number;
}

export const dataDriftDefaults: DataDriftSettings = {
  falseDiscoveries: 0.01,
  minPsi: 0.25,
  minMissing: 0.1,
  minUnseen: 0.05,
};

/**
 * What has moved in the inputs: believed over all features together (Benjamini-Hochberg, positively dependent tests)
 * **and** large. It never asks for a new model: inputs move with every storm, and a model may be good on them. A
 * feature without a reference of the same season is noted, no more.
 */
export const dataDrift = (
  references: FeatureReferences,
  block: FeatureBlock,
  settings: DataDriftSettings = dataDriftDefaults,
): readonly Finding[] => {
  const compared = Object.entries(block.features).flatMap(([name, values]) => {
    const of = references[name];
    if (of === undefined || values.length === 0) return [];
    const { reference, isOfSeason } = referenceAt(of, block.from);
    return [{ name, isOfSeason, comparison: compareFeature(reference, values) }];
  });
  const isBelieved = believed(
    compared.map(({ comparison }) => comparison.pValue),
    settings.falseDiscoveries,
  );
  return compared.flatMap(({ name, isOfSeason, comparison }, at) => {
    const grade = isOfSeason ? 'warning' : 'note';
    const base = { subject: name, grade, at: block.closedAt, since: block.from } as const;
    const numbers = numbersOf(comparison);
    const { psi, missingBefore, missingNow, unseen } = comparison;
    const findings: Finding[] = [];
    if (isBelieved[at] === true && psi >= settings.minPsi) {
      const text = `${name} is distributed otherwise: PSI ${psi.toFixed(2)} over quantile bins of the reference`;
      findings.push({ ...base, kind: 'feature-drift', text, numbers });
    }
    if (missingNow - missingBefore >= settings.minMissing) {
      const text = `${name} is missing in ${percent(missingNow)} of the rows, was in ${percent(missingBefore)}`;
      findings.push({ ...base, kind: 'missing-values', grade: 'warning', text, numbers });
    }
    if (unseen >= settings.minUnseen) {
      const text = `${name} has a category never seen in ${percent(unseen)} of the rows`;
      findings.push({ ...base, kind: 'unseen-categories', grade: 'warning', text, numbers });
    }
    return findings;
  });
};

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

const numbersOf = (comparison: FeatureComparison): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(comparison).filter((entry): entry is [string, number] => entry[1] !== null),
  );
