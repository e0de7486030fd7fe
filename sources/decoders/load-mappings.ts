import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { z } from 'zod';
import {
  codeMappingFile,
  codeMappings,
  type CodeMappingFile,
  type CodeMappings,
} from '../../domain/code-mapping.ts';
import { noTextRules, textRules, type TextRulesFile, textRulesFile } from '../../domain/text-rules.ts';
import { ForewarnError } from '../../runtime/forewarn-error.ts';

export const TEXTS_FILE = 'texts.yaml';

/** What the files of `rules/mappings/` say, as they say it. */
export interface MappingFiles {
  readonly codes: readonly CodeMappingFile[];
  /** `texts.yaml`; null where it is not there. */
  readonly texts: TextRulesFile | null;
}

/**
 * Reads and checks every YAML file of `rules/mappings/` that says what codes mean; two files of one standard and partner
 * are an error. `texts.yaml`, where it is there, says what texts mean. `*-out.yaml` say which codes we write, and are not
 * read here.
 */
export const loadMappingFiles = (folder: string): MappingFiles => {
  const byOwner = new Map<string, string>();
  const codes: CodeMappingFile[] = [];
  for (const name of namesIn(folder)) {
    const path = join(folder, name);
    const file = readChecked(path, codeMappingFile);
    const owner = `${file.standard}/${file.partner ?? ''}`;
    const other = byOwner.get(owner);
    if (other !== undefined) {
      throw new ForewarnError(
        'FW103',
        `${path}: standard "${file.standard}"${file.partner === null ? '' : `, partner "${file.partner}"`} is mapped by ${other} too; keep one file for each.`,
      );
    }
    byOwner.set(owner, path);
    codes.push(file);
  }
  const texts = join(folder, TEXTS_FILE);
  return { codes, texts: existsSync(texts) ? readChecked(texts, textRulesFile) : null };
};

/** The look-ups of what mapping files say. */
export const mappingsOf = ({ codes, texts }: MappingFiles): CodeMappings =>
  codeMappings(codes, texts === null ? noTextRules : textRules(texts));

export const loadMappings = (folder: string): CodeMappings => mappingsOf(loadMappingFiles(folder));

const namesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder)
      .filter((name) => /\.ya?ml$/.test(name) && !/-out\.ya?ml$/.test(name) && name !== TEXTS_FILE)
      .toSorted();
  } catch (cause) {
    throw new ForewarnError(
      'FW103',
      `${folder}: the folder of code mappings cannot be read; check the path of rules.`,
      {
        cause,
      },
    );
  }
};

const readChecked = <T>(path: string, schema: z.ZodType<T>): T => {
  let content: unknown;
  try {
    content = parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split('\n', 1)[0] : String(cause);
    throw new ForewarnError('FW103', `${path}: not YAML (${why}); mend the file.`, { cause });
  }
  const result = schema.safeParse(content);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const at = issue === undefined ? [] : issue.path;
  throw new ForewarnError(
    'FW103',
    `${path}: ${at.map(String).join('.') || 'the file'} is ${JSON.stringify(valueAt(content, at)) ?? 'missing'}: ` +
      `${issue?.message ?? 'it does not fit'}; use a value that the rule allows (docs: code mappings).`,
  );
};

const valueAt = (content: unknown, path: readonly PropertyKey[]): unknown => {
  let value = content;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Reflect.get(value, key);
  }
  return typeof value === 'object' ? undefined : value;
};
