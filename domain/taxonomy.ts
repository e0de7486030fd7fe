import { z } from 'zod';
import { severityScore, word } from './schema.ts';

export const families = [
  'delay',
  'carrier_capability',
  'pickup_delivery',
  'address',
  'customs_regulatory',
  'port_terminal',
  'environment',
  'cargo_condition',
  'loss_security',
  'commercial',
  'visibility_data',
  'other',
  'none',
] as const;
export type Family = (typeof families)[number];

/** Words for ranges of severity: info [0;20), low [20;40), medium [40;60), high [60;80), critical [80;100]. */
export const severityBands = ['info', 'low', 'medium', 'high', 'critical'] as const;
export type SeverityBand = (typeof severityBands)[number];

/** `bandOf(59.9)` → medium, `bandOf(60)` → high. */
export const bandOf = (severity: number): SeverityBand =>
  severityBands[Math.min(4, Math.max(0, Math.floor(severity / 20)))] ?? 'info';

/** The lowest severity of a band: `bandFloor('high')` → 60. */
export const bandFloor = (band: SeverityBand): number => severityBands.indexOf(band) * 20;

export const categoryRule = z.strictObject({
  family: z.enum(families),
  defaultSeverity: severityScore.meta({
    description: 'Severity of this on an ordinary shipment with nothing else at stake, 0 to 100.',
  }),
  predictable: z.boolean(),
  grave: z
    .boolean()
    .default(false)
    .meta({ description: 'Raised at once, even while the plan of the shipment is unknown.' }),
  mattersAfterEnd: z.boolean().default(false).meta({
    description: 'Still asks for work once the shipment has ended, beside what is grave or about the goods.',
  }),
  about: z.string().min(1).max(200),
  codes: z
    .record(word, z.array(word).min(1))
    .optional()
    .meta({ description: 'Its codes, by the lists of taxonomy-codes.yaml, which adds its own to them.' }),
});
export type CategoryRule = z.infer<typeof categoryRule>;

/** What can go wrong with a shipment: a closed list, each category in one family. */
export const taxonomy = z.strictObject({
  version: z.int().min(1),
  categories: z.record(word, categoryRule),
});
export type Taxonomy = z.infer<typeof taxonomy>;

/** Categories of which something may be known before they come to pass. */
export const predictableIn = ({ categories }: Pick<Taxonomy, 'categories'>): readonly string[] =>
  Object.entries(categories).flatMap(([name, { predictable }]) => (predictable ? [name] : []));

/** Which category the codes of standards and platforms belong to: `rules/taxonomy-codes.yaml`. */
export const taxonomyCodes = z.strictObject({
  version: z.int().min(1),
  lists: z.record(
    word,
    z.strictObject({
      standard: word,
      list: word,
      source: z.string().min(1).meta({ description: 'Where the codes are published.' }),
    }),
  ),
  codes: z
    .record(word, z.record(word, z.array(word).min(1)))
    .meta({ description: 'Category → list → its codes.' }),
});
export type TaxonomyCodes = z.infer<typeof taxonomyCodes>;

/** Where everything goes that the taxonomy does not know; it must have this category itself. */
export const fallbackCategory = 'unclassified';

export const categoryOf = ({ categories }: Taxonomy, name: string): CategoryRule | undefined =>
  Object.hasOwn(categories, name) ? categories[name] : undefined;

/** Categories of the family `none` say that a status is ordinary; they never open an exception. */
export const opensException = ({ family }: CategoryRule): boolean => family !== 'none';

/** About people, or the state or whereabouts of the goods themselves: nothing is tried out on it. */
export const isSafety = ({ family, grave }: CategoryRule): boolean =>
  grave || family === 'cargo_condition' || family === 'loss_security';

/** What is found when the box is opened, or what ended it itself: it still matters once the shipment has ended. */
export const mattersAfterEnd = (rule: CategoryRule): boolean => isSafety(rule) || rule.mattersAfterEnd;
