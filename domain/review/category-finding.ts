import { z } from 'zod';
import { instant } from '../schema.ts';
import { stableId } from '../stable-id.ts';

/** Trouble without a category that is on the rise: a code that no mapping knows, or texts that say the same. */
export const categoryFinding = z.object({
  /** The same finding has the same key in every run: what it is about, not how often it was seen. */
  key: z.string(),
  kind: z.enum(['code', 'text']),
  feeds: z.array(z.string()).readonly(),
  standard: z.string().nullable(),
  status: z.string().nullable(),
  reason: z.string().nullable(),
  /** A name for the category, made of its words; a person gives the real one. */
  suggestedName: z.string(),
  examples: z.array(z.string()).readonly(),
  /** Different texts of it, the most frequent first: what a rule for it knows again. */
  texts: z.array(z.string()).readonly(),
  words: z.array(z.string()).readonly(),
  lately: z.int(),
  before: z.int(),
  /** Times as often as before; null for what was never seen before. */
  factor: z.number().nullable(),
  pValue: z.number(),
  /** Share of its shipments that came late; null while too few have ended. */
  breachRate: z.number().nullable(),
});
export type CategoryFinding = z.infer<typeof categoryFinding>;

/** A category that a review proposes. Accepted, it is an entry of the taxonomy, and a mapping of its code or its texts. */
export const categoryChange = z.object({
  kind: z.literal('category'),
  id: z.string(),
  /** Id of the review that it was made in. */
  review: z.string(),
  /** Key of the finding, such as `code:x12-214::ZQ`. */
  subject: z.string(),
  finding: categoryFinding,
  reason: z.string(),
  /** The category that it was accepted as; null before. */
  category: z.string().nullable(),
  state: z.enum(['proposed', 'applied', 'reverted']),
  changedBy: z.string().nullable(),
  changedAt: instant.nullable(),
});
export type CategoryChange = z.infer<typeof categoryChange>;

/** What a review proposes of a finding. */
export const categoryChangeOf = (review: string, finding: CategoryFinding): CategoryChange => ({
  kind: 'category',
  id: stableId('proposal', review, finding.key),
  review,
  subject: finding.key,
  finding,
  reason: riseWords(finding),
  category: null,
  state: 'proposed',
  changedBy: null,
  changedAt: null,
});

/** `seen 18 times in the last 7 days, and 0 times in those before`. */
export const riseWords = ({ lately, before }: Pick<CategoryFinding, 'lately' | 'before'>): string =>
  `seen ${lately} times in the last 7 days, and ${before} times in those before`;
