import { readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { ForewarnError } from '../forewarn-error.ts';
import { explainIssue } from './explain-issue.ts';

/** `/any/where/rules` and `playbooks/damage.yaml` → `rules/playbooks/damage.yaml`, as errors call it. */
export const shownFile = (folder: string, file: string): string =>
  relative(dirname(folder), join(folder, file)) || basename(file);

export interface RulesFile<T> {
  /** Name for errors. */
  readonly name: string;
  readonly content: T;
}

/** Reads and validates one rules file; whatever does not fit is FW103 in one line. */
export const readRulesFile = <T>(
  folder: string,
  file: string,
  schema: z.ZodType<T>,
  jsonSchema: z.core.JSONSchema.BaseSchema,
): RulesFile<T> => {
  const name = shownFile(folder, file);
  let text: string;
  try {
    text = readFileSync(join(folder, file), 'utf8');
  } catch (cause) {
    throw new ForewarnError('FW103', `${name}: cannot be read; put the file there or mend its rights`, {
      cause,
    });
  }
  const document = parseDocument(text);
  const [syntax] = document.errors;
  if (syntax !== undefined) {
    const line = syntax.linePos?.[0].line ?? 1;
    throw new ForewarnError('FW103', `${name} line ${line}: ${syntax.message.split('\n')[0]}`, {
      cause: syntax,
    });
  }
  const value: unknown = document.toJS();
  const result = schema.safeParse(value);
  if (result.success) return { name, content: result.data };
  const [first] = result.error.issues;
  const more = result.error.issues.length - 1;
  const line = first === undefined ? result.error.message : explainIssue(first, value, jsonSchema);
  throw new ForewarnError('FW103', `${name} ${line}${more > 0 ? ` (and ${more} more)` : ''}`);
};
