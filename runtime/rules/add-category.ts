import { isMap, isScalar, type Pair, parseDocument } from 'yaml';
import type { CategoryRule, Family } from '../../domain/taxonomy.ts';
import { ForewarnError } from '../forewarn-error.ts';
import { editText, indentOf, linesAfter, linesBefore, quotedScalar, withNumber } from './edit-text.ts';

export interface NewCategory {
  readonly name: string;
  readonly family: Family;
  readonly severity: number;
  readonly predictable: boolean;
  readonly about: string;
}

export const TAXONOMY_FILE = 'taxonomy.yaml';

/**
 * The text of `taxonomy.yaml` with one category more, among those of its family and by its name, and the version counted
 * up; all else stays byte for byte. FW507 where the name is taken, or the file is not written in lines.
 */
export const addCategory = (text: string, category: NewCategory): string => {
  const document = parseDocument(text);
  const version = document.get('version', true);
  const categories = document.get('categories', true);
  if (!isScalar(version) || !isMap(categories) || categories.flow === true) {
    throw new ForewarnError(
      'FW507',
      `${TAXONOMY_FILE}: version and categories are not in lines; add it by hand`,
    );
  }
  if (categories.has(category.name)) {
    throw new ForewarnError(
      'FW507',
      `${TAXONOMY_FILE} categories.${category.name}: is there already; choose another name, or map the code to it by hand`,
    );
  }
  const indent = indentOf(text, categories);
  const step = indent === '' ? '  ' : indent;
  const lines =
    [
      `${indent}${category.name}:`,
      ...[
        `family: ${category.family}`,
        `defaultSeverity: ${category.severity}`,
        `predictable: ${category.predictable}`,
        `about: ${quotedScalar(category.about)}`,
      ].map((line) => `${indent}${step}${line}`),
    ].join('\n') + '\n';

  const rules = document.toJS() as { readonly categories: Readonly<Record<string, CategoryRule>> };
  const nameOf = ({ key }: Pair): string => String(isScalar(key) ? key.value : key);
  const kin = categories.items.filter((pair) => rules.categories[nameOf(pair)]?.family === category.family);
  const before = kin.findLast((pair) => nameOf(pair) < category.name);
  const [first] = kin;
  const last = categories.items.at(-1);
  const place =
    before !== undefined
      ? linesAfter(text, before, lines)
      : first !== undefined
        ? linesBefore(text, first, lines)
        : linesAfter(text, last!, lines);
  return editText(text, [place, withNumber(version, Number(version.value) + 1)]);
};
