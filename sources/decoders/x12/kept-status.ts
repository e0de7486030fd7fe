/**
 * Lists that status codes come from. Of a 214: what happened (AT7-01), what is arranged (AT7-03), trouble (Q7); of a 315
 * or 322: what happened (157) and times at a port (374); of a 990 the answer (558); of an 856 its purpose (353) and times.
 */
export type StatusList = '1650' | '1652' | '33' | '157' | '374' | '558' | '353';

/** Lists whose codes may be codes of another list of the same standard too, so that their list stays with them. */
const prefixes: Readonly<Partial<Record<StatusList, string>>> = { '33': 'Q7:', '374': 'DTM:' };

/** `D` of list 33 → `Q7:D`; codes of other lists stay as they are. */
export const keptStatus = (list: StatusList, code: string): string => `${prefixes[list] ?? ''}${code}`;

/** The code as its list has it, and the list where the kept code says so: `Q7:D` → D of list 33, `SD` → SD of any. */
export const codeOfKept = (kept: string): { readonly code: string; readonly list: StatusList | null } => {
  for (const list of ['33', '374'] as const) {
    const prefix = prefixes[list] ?? '';
    if (kept.startsWith(prefix)) return { code: kept.slice(prefix.length), list };
  }
  return { code: kept, list: null };
};
