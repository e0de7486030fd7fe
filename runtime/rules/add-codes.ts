import type { CategoryRule, Taxonomy, TaxonomyCodes } from '../../domain/taxonomy.ts';
import { ForewarnError } from '../forewarn-error.ts';
import { nearestWord } from './nearest-word.ts';
import type { RulesFile } from './read-rules-file.ts';

const refuse = (file: string, at: string, word: string, rule: string, words: readonly string[]): never => {
  const nearest = nearestWord(word, words);
  const mend = nearest === null ? '; add it there or name one that is there' : `; did you mean ${nearest}?`;
  throw new ForewarnError('FW103', `${file} ${at}: "${word}" ${rule}${mend}`);
};

/**
 * The taxonomy with the codes of `taxonomy-codes.yaml` in its categories. FW103 for a category or a list that is not
 * there, and for a code of one list that stands in two categories: nobody could say what it means.
 */
export const addCodes = (taxonomy: Taxonomy, { name, content }: RulesFile<TaxonomyCodes>): Taxonomy => {
  const categories: Record<string, CategoryRule> = { ...taxonomy.categories };
  const lists = Object.keys(content.lists);
  const homes = new Map<string, string>();
  for (const [category, byList] of Object.entries(content.codes)) {
    const rule = Object.hasOwn(categories, category) ? categories[category] : undefined;
    if (rule === undefined)
      return refuse(
        name,
        'codes',
        category,
        'is not a category of taxonomy.yaml',
        Object.keys(taxonomy.categories),
      );
    for (const [list, codes] of Object.entries(byList)) {
      if (!lists.includes(list)) refuse(name, `codes.${category}`, list, 'is not one of lists', lists);
      for (const code of codes) {
        const home = homes.get(`${list} ${code}`);
        if (home !== undefined)
          throw new ForewarnError(
            'FW103',
            `${name} codes.${category}.${list}: "${code}" stands under ${home} already; keep it in one category`,
          );
        homes.set(`${list} ${code}`, category);
      }
    }
    categories[category] = { ...rule, codes: { ...byList, ...rule.codes } };
  }
  return { ...taxonomy, categories };
};
