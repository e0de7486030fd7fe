import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadMappings, TEXTS_FILE } from '../../sources/decoders/load-mappings.ts';
import { replaceFile } from '../durable-file.ts';
import { ForewarnError } from '../forewarn-error.ts';
import { TAXONOMY_FILE } from '../rules/add-category.ts';
import { checkChanged } from '../rules/check-changed.ts';
import { loadRules } from '../rules/load-rules.ts';
import { removeAcceptedCodes, removeAcceptedTexts, removeCategory } from '../rules/remove-accepted.ts';

export interface Withdrawn {
  readonly category: string;
  /** Files below the folder of rules that were changed. */
  readonly files: readonly string[];
  /** Of the taxonomy, from now on. */
  readonly version: number;
}

/**
 * Takes away what accepting a proposal wrote: the code or the texts that mean the category, then the category itself.
 * All rules and mappings are loaded without them in a copy first. FW507, and nothing has changed, where the category did
 * not come from a proposal, where a person mapped something to it by hand, or where a playbook still names it.
 */
export const withdrawCategory = async (
  folder: string,
  category: string,
  { destinations }: { readonly destinations: readonly string[] },
): Promise<Withdrawn> => {
  const changed: { readonly file: string; readonly text: string }[] = [];
  for (const name of readdirSync(join(folder, 'mappings')).toSorted()) {
    if (!/\.ya?ml$/.test(name) || /-out\.ya?ml$/.test(name)) continue;
    const file = join('mappings', name);
    const before = readFileSync(join(folder, file), 'utf8');
    const remove = name === TEXTS_FILE ? removeAcceptedTexts : removeAcceptedCodes;
    const text = remove(before, file, category);
    if (text !== before) changed.push({ file, text });
  }
  const taxonomy = removeCategory(readFileSync(join(folder, TAXONOMY_FILE), 'utf8'), category);
  if (changed.length === 0)
    throw new ForewarnError(
      'FW507',
      `${TAXONOMY_FILE} categories.${category}: no code and no text was accepted as it; take it away by hand`,
    );
  // The taxonomy last: a crash on the way leaves a category that nothing maps to, and rules that load.
  changed.push({ file: TAXONOMY_FILE, text: taxonomy });
  let version = 0;
  checkChanged(folder, Object.fromEntries(changed.map(({ file, text }) => [file, text])), (copy) => {
    version = loadRules(copy, { destinations }).taxonomy.version;
    loadMappings(join(copy, 'mappings'));
  });
  for (const { file, text } of changed) await replaceFile(join(folder, file), text);
  return { category, files: changed.map(({ file }) => file), version };
};
