/** What everybody is told in whose language there is nothing. */
export const lastLanguage = 'en';

/**
 * Languages in which somebody is told, the best first: `pt-br` → pt-BR, pt, en; `zh-Hant-TW` → zh-Hant-TW, zh-Hant, zh,
 * en. What is no language tag (BCP 47) leaves English.
 */
export const languageChain = (language: string): readonly string[] => {
  const parts = canonical(language).split('-');
  const chain = parts.map((_, index) => parts.slice(0, parts.length - index).join('-'));
  return chain.includes(lastLanguage) ? chain : [...chain, lastLanguage];
};

/** The tag as it is written, `DE` → de; null when it is none. */
export const languageTag = (text: string): string | null => {
  try {
    return Intl.getCanonicalLocales(text)[0] ?? null;
  } catch {
    return null;
  }
};

const canonical = (language: string): string => languageTag(language) ?? lastLanguage;
