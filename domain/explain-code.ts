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
  /** False where nobody publishes it. */
  readonly verified: boolean;
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
    .flatMap(rowsOf)
    .filter(({ list, code }) => (asked.list === null || same(list, asked.list)) && same(code, asked.code));

/** Every code whose meaning nobody publishes, in the order of the files. */
export const unverifiedCodes = (files: readonly CodeMappingFile[]): readonly CodeExplained[] =>
  files.flatMap(rowsOf).filter(({ verified }) => !verified);

const rowsOf = (file: CodeMappingFile): readonly CodeExplained[] =>
  Object.entries(file.lists).flatMap(([list, { role, agency, codes }]) =>
    Object.entries(codes).map(([code, row]) => ({
      standard: file.standard,
      partner: file.partner,
      version: file.version,
      list,
      role,
      agency,
      code,
      row,
      source: file.sources[row.source] ?? row.source,
      verified: !file.unverified.includes(row.source),
    })),
  );
