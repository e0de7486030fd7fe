import { isMap, isScalar, parseDocument, type YAMLMap } from 'yaml';
import { ForewarnError } from '../forewarn-error.ts';
import { editText, indentOf, keyScalar, linesAfter, quotedScalar, withNumber } from './edit-text.ts';

export interface NewCode {
  readonly role: 'status' | 'reason';
  /** Null: the first list of its role. */
  readonly list: string | null;
  readonly code: string;
  readonly means: string;
  readonly category: string;
  /** Who said so, and when: what `sources` says of it. */
  readonly source: string;
}

export interface MappedText {
  readonly text: string;
  readonly list: string;
}

/**
 * The text of a mapping file with one code more at the end of its list, its source, and the version counted up; all else
 * stays byte for byte. Nobody knows yet whose fault it is or what comes of it, so it says `other` and `unknown`; a
 * status that is itself trouble says `information`. FW507 where the list is not there, or has the code.
 */
export const addMappedCode = (text: string, file: string, wanted: NewCode): MappedText => {
  const refuse = (why: string): never => {
    throw new ForewarnError('FW507', `${file} ${why}`);
  };
  const document = parseDocument(text);
  const version = document.get('version', true);
  const [lists, sources] = [document.get('lists', true), document.get('sources', true)];
  if (!isScalar(version) || !isLines(lists) || !isLines(sources))
    return refuse('version, sources and lists: are not in lines; add the code by hand');
  const named = lists.items.map(({ key, value }) => ({
    name: String(isScalar(key) ? key.value : key),
    list: value,
  }));
  const ofRole = named.filter(({ list }) => isMap(list) && list.get('role') === wanted.role);
  const names = ofRole.map(({ name }) => name).join(', ');
  const found = wanted.list === null ? ofRole[0] : ofRole.find(({ name }) => name === wanted.list);
  if (found === undefined)
    return refuse(
      `lists: has no ${wanted.role} list ${wanted.list ?? 'at all'}${names === '' ? '' : `; choose one of ${names}`}`,
    );
  const codes = isMap(found.list) ? found.list.get('codes', true) : undefined;
  if (!isLines(codes)) return refuse(`lists.${found.name}.codes: is not in lines; add the code by hand`);
  const has = codes.items.some(({ key }) => isScalar(key) && String(key.value) === wanted.code);
  if (has)
    return refuse(
      `lists.${found.name}.codes.${wanted.code}: is there already; say another list of its role (${names}), or change it by hand`,
    );

  const known = sources.items.find(({ value }) => isScalar(value) && value.value === wanted.source);
  const source = known === undefined ? freeKey(sources) : String((known.key as { value: unknown }).value);
  const row = [
    `means: ${quotedScalar(wanted.means)}`,
    ...(wanted.role === 'status' ? ['status: information'] : []),
    'cause: other',
    'effect: unknown',
    'party: unknown',
    `category: ${wanted.category}`,
    `source: ${keyScalar(source)}`,
  ].join(', ');
  const edits = [
    linesAfter(text, codes.items.at(-1)!, `${indentOf(text, codes)}${keyScalar(wanted.code)}: { ${row} }\n`),
    withNumber(version, Number(version.value) + 1),
    ...(known === undefined
      ? [
          linesAfter(
            text,
            sources.items.at(-1)!,
            `${indentOf(text, sources)}${source}: ${quotedScalar(wanted.source)}\n`,
          ),
        ]
      : []),
  ];
  return { text: editText(text, edits), list: found.name };
};

/** A map that stands in lines of its own, with something in it to write below. */
const isLines = (node: unknown): node is YAMLMap =>
  isMap(node) && node.flow !== true && node.items.length > 0;

/** `accepted`, then `accepted-2`. */
const freeKey = (sources: YAMLMap): string => {
  for (let n = 1; ; n += 1) {
    const key = n === 1 ? 'accepted' : `accepted-${n}`;
    if (!sources.has(key)) return key;
  }
};
