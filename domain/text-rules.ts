import { z } from 'zod';
import type { Status } from './codes.ts';
import { word } from './schema.ts';
import { sayingOf, wordsOf } from './text-words.ts';

const textRule = z
  .strictObject({
    category: word.meta({ description: 'The category that an event has whose text says this.' }),
    says: z
      .array(z.string().min(1))
      .default([])
      .meta({ description: 'Whole texts; numbers, case and signs do not count.' }),
    words: z
      .array(z.string().min(1))
      .default([])
      .meta({ description: 'Words that a text must have, all of them, in any order.' }),
    source: z.string().min(1).meta({ description: 'Who said so, and when.' }),
  })
  .superRefine((rule, context) => {
    if (rule.says.length + rule.words.length === 0)
      context.addIssue({ code: 'custom', path: ['says'], message: 'a rule needs says or words' });
    for (const list of ['says', 'words'] as const)
      for (const [index, text] of rule[list].entries()) {
        const count = wordsOf(text).length;
        if (count === 0 || (list === 'words' && count > 1))
          context.addIssue({
            code: 'custom',
            path: [list, index],
            message: list === 'words' ? 'give one word of two letters or more' : 'has no word in it',
          });
      }
  });

/** `rules/mappings/texts.yaml`: what people write beside codes that say little, and the category that it means. */
export const textRulesFile = z.strictObject({ version: z.int().min(1), texts: z.array(textRule) });
export type TextRulesFile = z.infer<typeof textRulesFile>;

export interface TextRules {
  /** `texts@3`, for an event's provenance. */
  readonly label: string;
  readonly categories: readonly string[];
  /** The category that a text means; null where no rule knows it. */
  find(text: string): string | null;
}

/** Codes that say so little that a text beside them may say more. */
const saysLittle: ReadonlySet<Status> = new Set(['information', 'held', 'unmapped']);

/** Whether a text may speak for an event: its codes say little and name no category. The finding of texts asks the same. */
export const mayTextSpeak = ({
  status,
  category,
}: {
  readonly status: Status;
  readonly category: string | null;
}): boolean => saysLittle.has(status) && (category === null || category === 'unclassified');

/**
 * A whole text before words, and of rules alike the first one. `says: [Strike at depot 12]` knows `strike at depot 7`
 * and not `no strike at depot`; `words: [strike, depot]` knows all three.
 */
export const textRules = ({ version, texts }: TextRulesFile): TextRules => {
  const bySaying = new Map<string, string>();
  for (const { category, says } of texts)
    for (const text of says) {
      const saying = sayingOf(text);
      if (!bySaying.has(saying)) bySaying.set(saying, category);
    }
  const byWords = texts
    .filter(({ words }) => words.length > 0)
    .map(({ category, words }) => ({ category, words: words.flatMap(wordsOf) }));
  return {
    label: `texts@${version}`,
    categories: texts.map(({ category }) => category),
    find: (text) => {
      const said = wordsOf(text);
      const exact = bySaying.get(said.join(' '));
      if (exact !== undefined) return exact;
      if (byWords.length === 0) return null;
      const has = new Set(said);
      return byWords.find(({ words }) => words.every((one) => has.has(one)))?.category ?? null;
    },
  };
};

export const noTextRules: TextRules = { label: 'texts@0', categories: [], find: () => null };
