import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import type { CategoryProposal } from '../../models/novelty/propose-categories.ts';
import { loadMappings } from '../../sources/decoders/load-mappings.ts';
import { codeOfKept } from '../../sources/decoders/x12/kept-status.ts';
import { replaceFile } from '../durable-file.ts';
import { ForewarnError } from '../forewarn-error.ts';
import { addCategory, type NewCategory, TAXONOMY_FILE } from '../rules/add-category.ts';
import { addMappedCode, type NewCode } from '../rules/add-mapped-code.ts';
import { checkChanged } from '../rules/check-changed.ts';
import { loadRules } from '../rules/load-rules.ts';

/** What a person says of a proposal. */
export interface Acceptance extends Omit<NewCategory, 'about'> {
  /** What the words of the proposal say, where left out. */
  readonly about?: string;
  /** The list of codes to write to, where it is not the first one of its role. */
  readonly list?: string;
  readonly by: string;
}

export interface Accepted {
  readonly category: string;
  readonly family: string;
  /** Files below the folder of rules that were changed. */
  readonly files: readonly string[];
  /** Where the code stands now; null for a text, which no mapping reads. */
  readonly mapped: { readonly standard: string; readonly list: string; readonly code: string } | null;
}

interface FileText {
  readonly file: string;
  readonly text: string;
}

/**
 * Makes a proposal an entry of the taxonomy and, where it is about a code, of the mapping of its standard. All rules and
 * mappings are loaded with both in a copy first; what does not fit is FW507, and nothing has changed. The taxonomy is
 * replaced before the mapping: between the two, a crash leaves a category that nothing maps to, and rules that load.
 */
export const acceptCategory = async (
  folder: string,
  proposal: CategoryProposal,
  { by, list, ...said }: Acceptance,
  { destinations, at }: { readonly destinations: readonly string[]; readonly at: number },
): Promise<Accepted> => {
  const words = proposal.words.join(' ');
  const about = oneLine(
    said.about ?? (words === '' ? `Code ${codeShown(proposal)}; no words came with it.` : words),
  );
  const changed: FileText[] = [
    { file: TAXONOMY_FILE, text: addCategory(read(folder, TAXONOMY_FILE), { ...said, about }) },
  ];
  let mapped: Accepted['mapped'] = null;
  if (proposal.kind === 'code') {
    const { standard, file, text } = mappingOf(folder, proposal);
    const code = newCode(proposal, {
      list: list ?? null,
      means: about,
      category: said.name,
      source: `accepted by ${oneLine(by)} on ${new Date(at).toISOString().slice(0, 10)}`,
    });
    const added = addMappedCode(text, file, code);
    changed.push({ file, text: added.text });
    mapped = { standard, list: added.list, code: code.code };
  }
  checkChanged(folder, Object.fromEntries(changed.map(({ file, text }) => [file, text])), (copy) => {
    loadRules(copy, { destinations });
    const mappings = loadMappings(join(copy, 'mappings'));
    if (mapped === null) return;
    const row = mappings.find({ ...mapped, partner: null, agency: null });
    if (row?.category === said.name) return;
    throw new ForewarnError(
      'FW103',
      `list ${mapped.list} does not answer for "${mapped.code}" when no agency is named; add the code by hand`,
    );
  });
  for (const { file, text } of changed) await replaceFile(join(folder, file), text);
  return { category: said.name, family: said.family, files: changed.map(({ file }) => file), mapped };
};

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim().slice(0, 200);

const codeShown = ({ standard, status, reason }: CategoryProposal): string =>
  `${reason ?? status ?? ''} of ${standard ?? 'no standard'}`;

const read = (folder: string, file: string): string => readFileSync(join(folder, file), 'utf8');

const newCode = (
  { status, reason }: CategoryProposal,
  rest: Pick<NewCode, 'list' | 'means' | 'category' | 'source'>,
): NewCode => {
  if (reason !== null) return { ...rest, role: 'reason', code: reason };
  const { code, list } = codeOfKept(status ?? '');
  return { ...rest, role: 'status', code, list: rest.list ?? list };
};

/** The file that says what the codes of a standard mean for every partner. */
const mappingOf = (
  folder: string,
  { key, standard }: CategoryProposal,
): FileText & { readonly standard: string } => {
  const names = readdirSync(join(folder, 'mappings')).filter(
    (name) => /\.ya?ml$/.test(name) && !/-out\.ya?ml$/.test(name),
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
