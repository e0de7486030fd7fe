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

interface Ranked {
  readonly playbook: Playbook;
  /** In force over `[from; to)`. */
  readonly from: number;
  readonly to: number;
}

interface Rankings {
  readonly byCategory: ReadonlyMap<string, readonly Ranked[]>;
  /** For a category that no playbook names. */
  readonly others: readonly Ranked[];
}

/** Those that could be chosen, the most specific first. */
const rankingsOf = (playbooks: readonly Playbook[]): Rankings => {
  const all = playbooks
    .map((playbook) => ({ playbook, from: startOf(playbook), to: endOf(playbook, playbooks) }))
    .sort((a, b) => specificity(b.playbook.match) - specificity(a.playbook.match));
  const rankedFor = (category: string): readonly Ranked[] =>
    all.filter(({ playbook: { match } }) => match.categories?.includes(category) ?? true);
  const named = new Set(playbooks.flatMap(({ match }) => match.categories ?? []));
  return {
    byCategory: new Map([...named].map((category) => [category, rankedFor(category)])),
    others: all.filter(({ playbook: { match } }) => match.categories === undefined),
  };
};

/** Made once for each list: rules are replaced, and never changed. */
const rankings = new WeakMap<readonly Playbook[], Rankings>();

/**
 * The most specific playbook in force: one that names the category beats one that names only a tier, whatever
 * else either names. Null where not even a default one is in force.
 */
export const choosePlaybook = (playbooks: readonly Playbook[], facts: MatchFacts): Playbook | null => {
  let known = rankings.get(playbooks);
  if (known === undefined) rankings.set(playbooks, (known = rankingsOf(playbooks)));
  const ranked = known.byCategory.get(facts.category) ?? known.others;
  const { now } = facts;
  const first = ranked.find(
    ({ playbook, from, to }) => now >= from && now < to && matches(playbook.match, facts),
  );
  return first?.playbook ?? null;
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
