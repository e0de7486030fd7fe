import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isScalar, parseDocument, type YAMLMap, YAMLSeq } from 'yaml';
import type { GuardPlace } from '../../domain/review/proposals.ts';
import { replaceFile } from '../durable-file.ts';
import { ForewarnError } from '../forewarn-error.ts';
import { checkChanged } from './check-changed.ts';
import { editText, withNumber } from './edit-text.ts';
import { loadRules, type LoadRulesOptions } from './load-rules.ts';

export interface GuardChange extends GuardPlace {
  /** What must stand there now: a change is made to the rules that it was thought of for. */
  readonly before: number;
  readonly after: number;
}

export interface ChangedFile {
  /** Below the folder of rules. */
  readonly file: string;
  readonly version: number;
}

/**
 * Writes another `minProbability` into the guard of one step, and counts the playbook's version up. Only those two
 * numbers change: comments, order and spaces stay byte for byte. All rules are loaded with it, and their examples run,
 * before the file is replaced at once; what does not fit is FW507, and nothing has changed.
 */
export const changeGuard = async (
  folder: string,
  change: GuardChange,
  options: LoadRulesOptions = {},
): Promise<ChangedFile> => {
  const { file, text, edits, version } = editsOf(folder, change);
  const changed = editText(text, edits);
  checkChanged(folder, { [file]: changed }, (copy) => loadRules(copy, options));
  await replaceFile(join(folder, file), changed);
  return { file, version };
};

const editsOf = (folder: string, { playbook, step, before, after }: GuardChange) => {
  const { file, text } = fileOf(folder, playbook);
  const document = parseDocument(text);
  const steps = document.get('steps');
  const index =
    steps instanceof YAMLSeq ? steps.items.findIndex((item) => (item as YAMLMap).get?.('id') === step) : -1;
  const where = `steps.${step}.guard.minProbability`;
  const guard = document.getIn(['steps', index, 'guard', 'minProbability'], true);
  const count = document.get('version', true);
  if (index < 0 || !isScalar(guard) || !isScalar(count)) {
    throw new ForewarnError('FW507', `${file}: there is no ${where} any more; wait for the next review`);
  }
  if (guard.value !== before) {
    throw new ForewarnError(
      'FW507',
      `${file}: ${where} is ${String(guard.value)}, and the change was made for ${before}; wait for the next review`,
    );
  }
  const version = Number(count.value) + 1;
  return { file, text, version, edits: [withNumber(guard, after), withNumber(count, version)] };
};

/** The latest version of a playbook: later ones stand beside it, `damage.yaml`, `damage.v2.yaml`. */
const fileOf = (folder: string, playbook: string): { readonly file: string; readonly text: string } => {
  const versions = readdirSync(join(folder, 'playbooks'))
    .filter((name) => name.replace(/(\.v\d+)?\.yaml$/, '') === playbook && name.endsWith('.yaml'))
    .map((name) => {
      const text = readFileSync(join(folder, 'playbooks', name), 'utf8');
      return { file: join('playbooks', name), text, version: Number(parseDocument(text).get('version')) };
    })
    .toSorted((a, b) => b.version - a.version);
  const [last] = versions;
  if (last !== undefined) return last;
  throw new ForewarnError('FW507', `playbook "${playbook}" is not there any more; wait for the next review`);
};
