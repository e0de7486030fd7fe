import { isMap, isScalar, isSeq, parseDocument } from 'yaml';
import { ForewarnError } from '../forewarn-error.ts';
import { TAXONOMY_FILE } from './add-category.ts';
import { behindColon, editText, type TextEdit, withNumber, withoutItem, withoutPair } from './edit-text.ts';

/** What `source` says of a code or a text that came from a proposal. */
export const acceptedSource = (by: string, day: string): string => `accepted by ${by} on ${day}`;
const isAccepted = (source: unknown): boolean =>
  typeof source === 'string' && source.startsWith('accepted by ');

const byHand = (file: string, where: string, category: string): ForewarnError =>
  new ForewarnError('FW507', `${file} ${where}: means ${category} by hand; take it away there first`);

const counted = (text: string, version: unknown, edits: readonly TextEdit[]): string =>
  edits.length === 0 || !isScalar(version)
    ? text
    : editText(text, [...edits, withNumber(version, Number(version.value) + 1)]);

/** The text of `taxonomy.yaml` without a category, and the version counted up. FW507 where it is not there. */
export const removeCategory = (text: string, category: string): string => {
  const document = parseDocument(text);
  const categories = document.get('categories', true);
  const pair =
    isMap(categories) && categories.flow !== true
      ? categories.items.find(({ key }) => nameOf(key) === category)
      : undefined;
  if (pair === undefined)
    throw new ForewarnError(
      'FW507',
      `${TAXONOMY_FILE} categories.${category}: is not there in lines of its own; nothing to take away`,
    );
  return counted(text, document.get('version', true), [withoutPair(text, pair)]);
};

/**
 * The text of a mapping file without the codes that were accepted as a category; the same text where it has none. Its
 * `sources` keep who accepted them. FW507 where a person mapped a code to the category by hand: that is theirs to undo.
 */
export const removeAcceptedCodes = (text: string, file: string, category: string): string => {
  const document = parseDocument(text);
  const lists = document.get('lists', true);
  const edits: TextEdit[] = [];
  for (const { key, value: list } of isMap(lists) ? lists.items : []) {
    const codes: unknown = isMap(list) ? list.get('codes', true) : undefined;
    if (!isMap(codes)) continue;
    for (const pair of codes.items) {
      const row = pair.value;
      if (!isMap(row) || categoryOf(row) !== category) continue;
      const source = document.getIn(['sources', row.get('source')]);
      if (!isAccepted(source) || codes.flow === true)
        throw byHand(file, `lists.${nameOf(key)}.codes.${nameOf(pair.key)}`, category);
      edits.push(withoutPair(text, pair));
    }
  }
  return counted(text, document.get('version', true), edits);
};

/** The text of `mappings/texts.yaml` without the rules that were accepted as a category; the same text where it has none. */
export const removeAcceptedTexts = (text: string, file: string, category: string): string => {
  const document = parseDocument(text);
  const pair = isMap(document.contents)
    ? document.contents.items.find(({ key }) => isScalar(key) && key.value === 'texts')
    : undefined;
  const texts = pair?.value;
  if (pair === undefined || !isSeq(texts)) return text;
  const own = texts.items.filter((item) => isMap(item)).filter((item) => categoryOf(item) === category);
  for (const [index, item] of own.entries())
    if (!isAccepted(item.get('source')) || texts.flow === true)
      throw byHand(file, `rule ${index + 1} of ${category}`, category);
  const edits = own.map((item) => withoutItem(text, item));
  const at = behindColon(text, pair);
  // A list without items is written as one, or it would be nothing at all.
  if (own.length > 0 && own.length === texts.items.length) edits.push({ from: at, to: at, text: ' []' });
  return counted(text, document.get('version', true), edits);
};

const categoryOf = (row: { readonly get: (key: string) => unknown }): unknown => row.get('category');

const nameOf = (key: unknown): string => String(isScalar(key) ? key.value : key);
