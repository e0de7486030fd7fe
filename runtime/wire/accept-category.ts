import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import type { CategoryFinding } from '../../domain/review/category-finding.ts';
import type { TextRules } from '../../domain/text-rules.ts';
import { loadMappings, TEXTS_FILE } from '../../sources/decoders/load-mappings.ts';
import { codeOfKept } from '../../sources/decoders/x12/kept-status.ts';
import { replaceFile } from '../durable-file.ts';
import { ForewarnError } from '../forewarn-error.ts';
import { addCategory, type NewCategory, TAXONOMY_FILE } from '../rules/add-category.ts';
import { addMappedCode, type NewCode } from '../rules/add-mapped-code.ts';
import { addTextRule } from '../rules/add-text-rule.ts';
import { checkChanged } from '../rules/check-changed.ts';
import { loadRules } from '../rules/load-rules.ts';
import { acceptedSource } from '../rules/remove-accepted.ts';

/** What a person says of a proposal. */
export interface Acceptance extends Omit<NewCategory, 'about'> {
  /** What the words of the proposal say, where left out. */
  readonly about?: string;
  /** The list of codes to write to, where it is not the first one of its role. */
  readonly list?: string;
  /** Words that say it wherever all of them stand in a text; left out, only the texts that were found. */
  readonly words?: readonly string[];
  readonly by: string;
}

export interface Accepted {
  readonly category: string;
  readonly family: string;
  /** Files below the folder of rules that were changed. */
  readonly files: readonly string[];
  /** Of the taxonomy, from now on. */
  readonly version: number;
  /** Where the code stands now; null for a text. */
  readonly mapped: { readonly standard: string; readonly list: string; readonly code: string } | null;
  /** How many texts mean it from now on, and the words that do; null for a code. */
  readonly texts: { readonly says: number; readonly words: readonly string[] } | null;
}

interface FileText {
  readonly file: string;
  readonly text: string;
}

/**
 * Makes a proposal an entry of the taxonomy and of the mapping of its standard, or, where it is about texts, of
 * `mappings/texts.yaml`. All rules and mappings are loaded with both in a copy first; what does not fit is FW507, and
 * nothing has changed. The taxonomy is replaced before the mapping: between the two, a crash leaves a category that
 * nothing maps to, and rules that load.
 */
export const acceptCategory = async (
  folder: string,
  proposal: CategoryFinding,
  { by, list, words: wanted = [], ...said }: Acceptance,
  { destinations, at }: { readonly destinations: readonly string[]; readonly at: number },
): Promise<Accepted> => {
  const words = proposal.words.join(' ');
  const about = oneLine(
    said.about ?? (words === '' ? `Code ${codeShown(proposal)}; no words came with it.` : words),
  );
  const changed: FileText[] = [
    { file: TAXONOMY_FILE, text: addCategory(read(folder, TAXONOMY_FILE), { ...said, about }) },
  ];
  const source = acceptedSource(oneLine(by), new Date(at).toISOString().slice(0, 10));
  let mapped: Accepted['mapped'] = null;
  let texts: Accepted['texts'] = null;
  if (proposal.kind === 'code') {
    const { standard, file, text } = mappingOf(folder, proposal);
    const code = newCode(proposal, {
      list: list ?? null,
      means: about,
      category: said.name,
      source,
    });
    const added = addMappedCode(text, file, code);
    changed.push({ file, text: added.text });
    mapped = { standard, list: added.list, code: code.code };
  } else {
    const file = join('mappings', TEXTS_FILE);
    const text = existsSync(join(folder, file)) ? read(folder, file) : 'version: 0\ntexts: []\n';
    const rule = { category: said.name, says: proposal.texts, words: wanted, source };
    changed.push({ file, text: addTextRule(text, file, rule) });
    texts = { says: proposal.texts.length, words: wanted };
  }
  let version = 0;
  checkChanged(folder, Object.fromEntries(changed.map(({ file, text }) => [file, text])), (copy) => {
    version = loadRules(copy, { destinations }).taxonomy.version;
    const mappings = loadMappings(join(copy, 'mappings'));
    if (mapped === null) {
      checkTexts(mappings.texts, proposal, said.name);
      return;
    }
    const row = mappings.find({ ...mapped, partner: null, agency: null });
    if (row?.category === said.name) return;
    throw new ForewarnError(
      'FW103',
      `list ${mapped.list} does not answer for "${mapped.code}" when no agency is named; add the code by hand`,
    );
  });
  for (const { file, text } of changed) await replaceFile(join(folder, file), text);
  return {
    category: said.name,
    family: said.family,
    files: changed.map(({ file }) => file),
    version,
    mapped,
    texts,
  };
};

/** FW507 where an earlier rule of `texts.yaml` speaks for one of the texts: the new one would say nothing. */
const checkTexts = (rules: TextRules, { texts }: CategoryFinding, category: string): void => {
  for (const text of texts) {
    const other = rules.find(text);
    if (other !== category)
      throw new ForewarnError(
        'FW507',
        `${TEXTS_FILE}: "${text}" means ${other ?? 'nothing'} already; change that rule by hand`,
      );
  }
};

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim().slice(0, 200);

const codeShown = ({ standard, status, reason }: CategoryFinding): string =>
  `${reason ?? status ?? ''} of ${standard ?? 'no standard'}`;

const read = (folder: string, file: string): string => readFileSync(join(folder, file), 'utf8');

const newCode = (
  { status, reason }: CategoryFinding,
  rest: Pick<NewCode, 'list' | 'means' | 'category' | 'source'>,
): NewCode => {
  if (reason !== null) return { ...rest, role: 'reason', code: reason };
  const { code, list } = codeOfKept(status ?? '');
  return { ...rest, role: 'status', code, list: rest.list ?? list };
};

/** The file that says what the codes of a standard mean for every partner. */
const mappingOf = (
  folder: string,
  { key, standard }: CategoryFinding,
): FileText & { readonly standard: string } => {
  const names = readdirSync(join(folder, 'mappings')).filter(
    (name) => /\.ya?ml$/.test(name) && !/-out\.ya?ml$/.test(name) && name !== TEXTS_FILE,
  );
  for (const name of names) {
    const file = join('mappings', name);
    const text = read(folder, file);
    const document = parseDocument(text);
    if (standard !== null && document.get('standard') === standard && !document.get('partner'))
      return { file, text, standard };
  }
  throw new ForewarnError(
    'FW507',
    `proposal "${key}": no file of mappings/ has the standard ${standard ?? 'of this code'}; add one for it first`,
  );
};
