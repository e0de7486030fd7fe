import type { CategoryFinding } from '../domain/review/category-finding.ts';

/** A paragraph for each proposal: what rises, how much, how it ends, and how people put it. */
export const formatCategories = (proposals: readonly CategoryFinding[]): string =>
  proposals.length === 0
    ? 'Nothing without a category is on the rise.'
    : proposals.map((one) => linesOf(one).join('\n')).join('\n\n');

const linesOf = (one: CategoryFinding): readonly string[] => [
  one.key,
  `  seen ${one.lately} times in 7 days, ${one.factor === null ? 'never before' : `${one.factor.toFixed(1)} times as often as before (${one.before})`}, chance of it ${chance(one.pValue)}; from ${one.feeds.join(', ')}`,
  one.breachRate === null
    ? '  how its shipments end cannot be told yet'
    : `  ${(100 * one.breachRate).toFixed(0)} % of its shipments that have ended came late`,
  `  suggested name: ${one.suggestedName}`,
  ...one.examples.map((text) => `  > ${text}`),
];

const chance = (pValue: number): string => (pValue < 0.0001 ? 'below 0.0001' : pValue.toFixed(4));
