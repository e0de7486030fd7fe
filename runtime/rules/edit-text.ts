import { type Pair, stringify, type YAMLMap } from 'yaml';

/** Puts `text` where `[from; to)` stands. */
export interface TextEdit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Every byte that no edit names stays: comments, order and spaces of a file are its author's. */
export const editText = (text: string, edits: readonly TextEdit[]): string =>
  edits
    .toSorted((a, b) => b.from - a.from)
    .reduce((all, { from, to, text: put }) => `${all.slice(0, from)}${put}${all.slice(to)}`, text);

type Ranged = { readonly range?: readonly number[] | null };

/** Another number in place of a scalar. */
export const withNumber = ({ range }: Ranged, value: number): TextEdit => ({
  from: range![0]!,
  to: range![1]!,
  text: String(value),
});

/** How far in the keys of a block map stand. */
export const indentOf = (text: string, { items: [first] }: YAMLMap): string =>
  ' '.repeat(first === undefined ? 2 : keyStart(first) - lineStart(text, keyStart(first)));

/** Lines before the one on which a pair begins. */
export const linesBefore = (text: string, pair: Pair, lines: string): TextEdit => {
  const from = lineStart(text, keyStart(pair));
  return { from, to: from, text: lines };
};

/** Where the last line of a node ends, with what stands behind it on that line and its line break. */
export const lastLineEnd = (text: string, { range }: Ranged): number => {
  const newLine = text.indexOf('\n', text.slice(0, range?.[1] ?? 0).trimEnd().length);
  return newLine < 0 ? text.length : newLine + 1;
};

/** Lines after the one on which a pair ends, with what stands behind it on that line. */
export const linesAfter = (text: string, pair: Pair, lines: string): TextEdit => {
  const at = lastLineEnd(text, pair.value as Ranged);
  return { from: at, to: at, text: text[at - 1] === '\n' ? lines : `\n${lines}` };
};

/** Behind the colon of a pair, where its value begins. */
export const behindColon = (text: string, { key }: Pair): number =>
  text.indexOf(':', (key as Ranged).range?.[1] ?? 0) + 1;

/** Nothing where a pair stands, with all of its lines. */
export const withoutPair = (text: string, pair: Pair): TextEdit => ({
  from: lineStart(text, keyStart(pair)),
  to: lastLineEnd(text, pair.value as Ranged),
  text: '',
});

/** Nothing where an item of a list in lines stands, with all of its lines. */
export const withoutItem = (text: string, item: Ranged): TextEdit => ({
  from: lineStart(text, item.range?.[0] ?? 0),
  to: lastLineEnd(text, item),
  text: '',
});

/** A scalar on one line, in quotes: what a partner or a person wrote cannot become anything else. */
export const quotedScalar = (value: string): string => {
  const text = stringify(value, {
    defaultStringType: 'QUOTE_SINGLE',
    singleQuote: true,
    lineWidth: 0,
  }).trimEnd();
  return text.includes('\n') ? JSON.stringify(value) : text;
};

/** A word or a key on one line, in quotes only where it must be: `ZQ`, `accepted-2`, `'0'`. */
export const keyScalar = (value: string): string =>
  /^[A-Za-z][\w-]*$/.test(value) && stringify(value).trimEnd() === value ? value : quotedScalar(value);

const keyStart = ({ key }: Pair): number => (key as Ranged).range?.[0] ?? 0;
const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1;
