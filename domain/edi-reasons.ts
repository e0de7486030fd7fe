import { z } from 'zod';
import { causes } from './codes.ts';
import { word } from './schema.ts';

const row = z.strictObject({
  code: z.string().length(2),
  /** Key of `sources`: where the code is published. */
  source: z.string(),
});
const everyCause = Object.fromEntries(causes.map((cause) => [cause, row])) as Readonly<
  Record<(typeof causes)[number], typeof row>
>;

/** `rules/mappings/x12-214-out.yaml`: which 1651 code says why, for a 214 that we write. */
export const ediReasons = z.strictObject({
  standard: z.literal('x12-214'),
  version: z.int().min(1),
  sources: z.record(z.string(), z.string()),
  /** Asked first: a code that means just this category. */
  byCategory: z.record(word, row),
  byCause: z.strictObject(everyCause),
});
export type EdiReasons = z.infer<typeof ediReasons>;

/** `weather` → AO; a category without a code of its own goes by its cause. */
export const reasonCodeOf = (reasons: EdiReasons, category: unknown, cause: unknown): string => {
  const { byCategory, byCause } = reasons;
  const exact =
    typeof category === 'string' && Object.hasOwn(byCategory, category) ? byCategory[category] : undefined;
  if (exact !== undefined) return exact.code;
  const known = causes.find((one) => one === cause) ?? 'other';
  return byCause[known].code;
};
