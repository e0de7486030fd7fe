import type { CodeMappingFile, MappedCode } from './code-mapping.ts';

/** One row of a mapping file that knows a code, and where it stands. */
export interface CodeExplained {
  readonly standard: string;
  readonly partner: string | null;
  readonly version: number;
  readonly list: string;
  readonly role: 'status' | 'reason';
  readonly agency: string | null;
  readonly code: string;
  readonly row: MappedCode;
  /** Where code and meaning are published, in words. */
  readonly source: string;
}

export interface CodeAsked {
  readonly standard: string;
  /** Null asks every list of the standard. */
  readonly list: string | null;
  readonly code: string;
  /** Null asks the standard and every partner. */
  readonly partner: string | null;
}

const same = (a: string, b: string): boolean => a.toUpperCase() === b.toUpperCase();

/**
 * Everything that the mapping files say of a code, the standard first, then partners by name. Standard, list and partner
 * are compared without case; so is the code, since `am` is most often meant as `AM`, and all that fit are shown.
 */
export const explainCode = (files: readonly CodeMappingFile[], asked: CodeAsked): readonly CodeExplained[] =>
  files
    .filter(({ standard, partner }) => {
      const partnerFits = asked.partner === null || partner === null || same(partner, asked.partner);
      return same(standard, asked.standard) && partnerFits;
    })
    .toSorted((a, b) => (a.partner ?? '').localeCompare(b.partner ?? '', 'en'))
    .flatMap(({ standard, partner, version, lists, sources }) =>
      Object.entries(lists).flatMap(([list, { role, agency, codes }]) =>
        asked.list !== null && !same(list, asked.list)
          ? []
          : Object.entries(codes)
              .filter(([code]) => same(code, asked.code))
              .map(([code, row]) => {
                const source = sources[row.source] ?? row.source;
                return { standard, partner, version, list, role, agency, code, row, source };
              }),
      ),
    );
