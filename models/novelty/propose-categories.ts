import type { CategoryFinding } from '../../domain/review/category-finding.ts';
import { sayingOf } from '../../domain/text-words.ts';
import { clusterTexts } from './cluster-texts.ts';
import { riseOf } from './rising.ts';

/** Days of one code or text that nothing understood: how often, by partner. */
export interface NotUnderstood {
  readonly feed: string;
  readonly standard: string | null;
  /** The partner's status and reason; both null where there is only a text. */
  readonly status: string | null;
  readonly reason: string | null;
  readonly text: string | null;
  /** Day since 1970, UTC. */
  readonly day: number;
  readonly count: number;
  /** How many of the shipments came late in the end, of those that have ended. */
  readonly breached: number;
  readonly ended: number;
}

export interface ProposeOptions {
  /** The day after the last that counts. */
  readonly today: number;
  readonly latelyDays?: number;
  readonly beforeDays?: number;
  readonly atLeast?: number;
  /** False discoveries among the proposals at most, on average. */
  readonly falseDiscoveries?: number;
}

interface Group {
  readonly kind: 'code' | 'text';
  readonly key: string;
  readonly rows: NotUnderstood[];
}

const EXAMPLES = 5;
/** Texts of one finding that a rule is made of; rarer ones are for `words`. */
const TEXTS_KEPT = 50;
const ENDED_AT_LEAST = 10;

const sum = (rows: readonly NotUnderstood[], of: 'count' | 'breached' | 'ended'): number =>
  rows.reduce((total, row) => total + row[of], 0);

/** A code that is not mapped is a finding of its own, over all partners of its standard; the rest goes by its words. */
const groupsOf = (rows: readonly NotUnderstood[]): readonly Group[] => {
  const groups = new Map<string, Group>();
  const add = (kind: Group['kind'], key: string, row: NotUnderstood): void => {
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { kind, key, rows: [row] });
    else group.rows.push(row);
  };
  const texts = new Map<string, number>();
  for (const row of rows) {
    if (row.status !== null || row.reason !== null) {
      add('code', `code:${row.standard ?? ''}:${row.status ?? ''}:${row.reason ?? ''}`, row);
    } else if (row.text !== null) texts.set(row.text, (texts.get(row.text) ?? 0) + row.count);
  }
  const clusterOf = new Map<string, string>();
  for (const { texts: own } of clusterTexts([...texts].map(([text, count]) => ({ text, count })))) {
    const key = `text:${sayingOf(own[0]!.text)}`;
    for (const { text } of own) clusterOf.set(sayingOf(text), key);
  }
  for (const row of rows) {
    if (row.text === null || row.status !== null || row.reason !== null) continue;
    const key = clusterOf.get(sayingOf(row.text));
    if (key !== undefined) add('text', key, row);
  }
  return [...groups.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
};

/** Benjamini and Hochberg, 1995: how many of the smallest p-values may be believed at the given rate. */
const believed = (pValues: readonly number[], rate: number): number => {
  const sorted = [...pValues].sort((a, b) => a - b);
  let threshold = 0;
  for (const [index, value] of sorted.entries())
    if (value <= (rate * (index + 1)) / sorted.length) threshold = value;
  return threshold;
};

/**
 * Kinds of trouble that have no category yet and are on the rise: codes that no mapping knows, and texts that say the
 * same, seen more often in the last days than in those before, beyond what chance explains. Only a proposal: a person
 * names the category, or says that it is none.
 */
export const proposeCategories = (
  rows: readonly NotUnderstood[],
  { today, latelyDays = 7, beforeDays = 28, atLeast = 5, falseDiscoveries = 0.05 }: ProposeOptions,
): readonly CategoryFinding[] => {
  const inside = rows.filter(({ day }) => day < today && day >= today - latelyDays - beforeDays);
  const found = groupsOf(inside).map((group) => {
    const late = group.rows.filter(({ day }) => day >= today - latelyDays);
    const [lately, before] = [sum(late, 'count'), sum(group.rows, 'count') - sum(late, 'count')];
    return { group, lately, before, ...riseOf({ before, beforeDays, lately, latelyDays }) };
  });
  const limit = believed(
    found.map(({ pValue }) => pValue),
    falseDiscoveries,
  );
  return found
    .filter(({ lately, factor, pValue }) => lately >= atLeast && factor > 1 && pValue <= limit)
    .map(({ group, lately, before, factor, pValue }) => {
      const [first] = group.rows;
      const texts = new Map<string, number>();
      for (const { text, count } of group.rows)
        if (text !== null) texts.set(text, (texts.get(text) ?? 0) + count);
      const clusters = clusterTexts([...texts].map(([text, count]) => ({ text, count })));
      const words = clusters[0]?.words ?? [];
      const sorted = [...texts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([text]) => text);
      const code = group.kind === 'code' ? first : undefined;
      const ended = sum(group.rows, 'ended');
      return {
        key: group.key,
        kind: group.kind,
        feeds: [...new Set(group.rows.map(({ feed }) => feed))].sort(),
        standard: code?.standard ?? null,
        status: code?.status ?? null,
        reason: code?.reason ?? null,
        suggestedName:
          words
            .slice(0, 3)
            .join('_')
            .replaceAll(/[^a-z0-9_]/g, '') ||
          `code_${(code?.reason ?? code?.status ?? 'unknown').toLowerCase()}`,
        examples: sorted.slice(0, EXAMPLES),
        texts: group.kind === 'text' ? differing(sorted).slice(0, TEXTS_KEPT) : [],
        words,
        lately,
        before,
        factor: Number.isFinite(factor) ? factor : null,
        pValue,
        breachRate: ended < ENDED_AT_LEAST ? null : sum(group.rows, 'breached') / ended,
      };
    })
    .sort((a, b) => b.lately - a.lately || (a.key < b.key ? -1 : 1));
};

/** Of texts that say the same, the first. */
const differing = (texts: readonly string[]): readonly string[] => {
  const said = new Set<string>();
  return texts.filter((text) => said.size < said.add(sayingOf(text)).size);
};
