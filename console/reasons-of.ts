import type { Contribution } from '../domain/explanation.ts';
import { features } from '../domain/features.ts';
import type { EvidenceView } from './page/contract.ts';

/** A feature without what it was when a model learned it: `delay@2` → `delay`. */
const bare = (name: string): string => name.replace(/@\d+$/, '');

const units: Readonly<Record<string, string>> = { min: ' min', hour: ' h', day: ' d' };

/**
 * What moved a probability, for who looks: what each feature means, and its value. Delay of 95 min that raised the log-odds
 * by 1.2 → `Cumulative delay carried to the end: 95 min, speaks for it (+1.20)`.
 */
export const reasonsOf = (contributions: readonly Contribution[]): readonly EvidenceView[] =>
  contributions.map(({ feature, value, contribution }) => {
    const known = features.find(({ name }) => bare(name) === bare(feature));
    const means = known?.description.replace(/\.$/, '') ?? feature;
    const shown = value === null ? 'not known' : `${rounded(value)}${units[known?.unit ?? ''] ?? ''}`;
    const speaks = contribution > 0 ? 'for' : 'against';
    const size = `${contribution > 0 ? '+' : '−'}${Math.abs(contribution).toFixed(2)}`;
    return { id: feature, at: null, says: `${means}: ${shown}, speaks ${speaks} it (${size})` };
  });

const rounded = (value: number): number => Number(value.toPrecision(3));
