import type { Mode, Tier } from './codes.ts';
import type { Playbook, PlaybookMatch } from './playbook.ts';

/** What a playbook is chosen by. */
export interface MatchFacts {
  readonly category: string;
  readonly severity: number;
  readonly tier: Tier;
  readonly mode: Mode | null;
  readonly kind: 'predicted' | 'detected';
  /** Log time: playbooks are effective from a date on. */
  readonly now: number;
}

/** What a match names, in the order in which it counts: category, severity, tier, mode, kind. */
const specificity = (match: PlaybookMatch): number =>
  (match.categories === undefined ? 0 : 16) +
  (match.severity === undefined ? 0 : 8) +
  (match.tiers === undefined ? 0 : 4) +
  (match.modes === undefined ? 0 : 2) +
  (match.kind === undefined ? 0 : 1);

const matches = (match: PlaybookMatch, facts: MatchFacts): boolean =>
  (match.categories?.includes(facts.category) ?? true) &&
  (match.severity === undefined ||
    (facts.severity >= match.severity.min && facts.severity <= match.severity.max)) &&
  (match.tiers?.includes(facts.tier) ?? true) &&
  (match.modes === undefined || (facts.mode !== null && match.modes.includes(facts.mode))) &&
  (match.kind === undefined || match.kind === facts.kind);

export const isDefault = ({ match }: Playbook): boolean => specificity(match) === 0;

const startOf = ({ effectiveFrom }: Playbook): number =>
  effectiveFrom === undefined ? -Infinity : Date.parse(effectiveFrom);

/** A version is in force until the next one of the same name begins. */
const endOf = (playbook: Playbook, playbooks: readonly Playbook[]): number =>
  playbooks
    .filter((other) => other.name === playbook.name && startOf(other) > startOf(playbook))
    .reduce((end, other) => Math.min(end, startOf(other)), Infinity);

/**
 * The most specific playbook in force: one that names the category beats one that names only a tier, whatever
 * else either names. Null where not even a default one is in force.
 */
export const choosePlaybook = (playbooks: readonly Playbook[], facts: MatchFacts): Playbook | null => {
  let best: Playbook | null = null;
  for (const candidate of playbooks) {
    if (!matches(candidate.match, facts)) continue;
    if (best !== null && specificity(candidate.match) <= specificity(best.match)) continue;
    if (facts.now < startOf(candidate) || facts.now >= endOf(candidate, playbooks)) continue;
    best = candidate;
  }
  return best;
};

const share = <T>(a: readonly T[] | undefined, b: readonly T[] | undefined): boolean =>
  a === undefined || b === undefined || a.some((item) => b.includes(item));

/** Two playbooks of equal rank that could both be chosen for one exception: nobody could say which wins. */
export const equalRank = (a: Playbook, b: Playbook, playbooks: readonly Playbook[]): boolean =>
  specificity(a.match) === specificity(b.match) &&
  share(a.match.categories, b.match.categories) &&
  (a.match.severity === undefined ||
    b.match.severity === undefined ||
    (a.match.severity.min <= b.match.severity.max && b.match.severity.min <= a.match.severity.max)) &&
  share(a.match.tiers, b.match.tiers) &&
  share(a.match.modes, b.match.modes) &&
  (a.match.kind === undefined || b.match.kind === undefined || a.match.kind === b.match.kind) &&
  startOf(a) < endOf(b, playbooks) &&
  startOf(b) < endOf(a, playbooks);
