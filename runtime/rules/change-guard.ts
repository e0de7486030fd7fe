import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { isScalar, parseDocument, type YAMLMap, YAMLSeq } from 'yaml';
import type { GuardPlace } from '../../domain/review/proposals.ts';
import { replaceFile } from '../durable-file.ts';
import { ForewarnError } from '../forewarn-error.ts';
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
  const changed = edited(text, edits);
  checkLoads(folder, file, changed, options);
  await replaceFile(join(folder, file), changed);
  return { file, version };
};

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

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
  return { file, text, version, edits: [replaced(guard, after), replaced(count, version)] };
};

const replaced = ({ range }: { range?: readonly number[] | null }, value: number): Edit => ({
  from: range![0]!,
  to: range![1]!,
  text: String(value),
});

const edited = (text: string, edits: readonly Edit[]): string =>
  edits
    .toSorted((a, b) => b.from - a.from)
    .reduce((all, { from, to, text: put }) => `${all.slice(0, from)}${put}${all.slice(to)}`, text);

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

/** Loads a copy of the rules with the changed file in it. */
const checkLoads = (folder: string, file: string, changed: string, options: LoadRulesOptions): void => {
  const parent = mkdtempSync(join(tmpdir(), 'forewarn-rules-'));
  const copy = join(parent, basename(folder));
  try {
    cpSync(folder, copy, { recursive: true });
    writeFileSync(join(copy, file), changed);
    loadRules(copy, options);
  } catch (error) {
    if (!(error instanceof ForewarnError)) throw error;
    throw new ForewarnError('FW507', `${file} would not load: ${error.message}`, { cause: error });
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
};
