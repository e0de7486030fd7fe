/** Lists that the status codes of a 214 come from: what happened (AT7-01), what is arranged (AT7-03), trouble (Q7). */
export type StatusList = '1650' | '1652' | '33';

const TROUBLE = 'Q7:';

/** A Q7 code may be a letter that is a status code too, so its list stays with it: `Q7:D`. */
export const keptStatus = (list: StatusList, code: string): string =>
  list === '33' ? `${TROUBLE}${code}` : code;

/** The code as its list has it, and the list where the kept code says so: `Q7:D` → D of list 33, `SD` → SD of any. */
export const codeOfKept = (kept: string): { readonly code: string; readonly list: StatusList | null } =>
  kept.startsWith(TROUBLE) ? { code: kept.slice(TROUBLE.length), list: '33' } : { code: kept, list: null };
