import { isMap, isScalar, isSeq, parseDocument } from 'yaml';
import { ForewarnError } from '../forewarn-error.ts';
import { behindColon, editText, keyScalar, lastLineEnd, quotedScalar, withNumber } from './edit-text.ts';

export interface NewTextRule {
  readonly category: string;
  /** Whole texts that mean it. */
  readonly says: readonly string[];
  /** Words that a text must have, all of them; none: whole texts alone. */
  readonly words: readonly string[];
  readonly source: string;
}

/**
 * The text of `mappings/texts.yaml` with one rule more at its end, and the version counted up; all else stays byte for
 * byte. FW507 where it is not written in lines.
 */
export const addTextRule = (text: string, file: string, rule: NewTextRule): string => {
  const document = parseDocument(text);
  const pair = isMap(document.contents)
    ? document.contents.items.find(({ key }) => isScalar(key) && key.value === 'texts')
    : undefined;
  const [version, texts] = [document.get('version', true), pair?.value];
  if (
    !isScalar(version) ||
    pair === undefined ||
    !isSeq(texts) ||
    (texts.flow === true && texts.items.length > 0)
  )
    throw new ForewarnError('FW507', `${file} version and texts: are not in lines; add the text by hand`);
  const lines = linesOf(rule).join('\n');
  const last = texts.items.at(-1) as { readonly range?: readonly number[] | null } | undefined;
  const end = last === undefined ? undefined : lastLineEnd(text, last);
  return editText(text, [
    end === undefined
      ? { from: behindColon(text, pair), to: texts.range![1], text: `\n${lines}` }
      : { from: end, to: end, text: text[end - 1] === '\n' ? `${lines}\n` : `\n${lines}` },
    withNumber(version, Number(version.value) + 1),
  ]);
};

const linesOf = ({ category, says, words, source }: NewTextRule): readonly string[] => [
  `  - category: ${category}`,
  ...(says.length === 0 ? [] : ['    says:', ...says.map((one) => `      - ${quotedScalar(one)}`)]),
  ...(words.length === 0 ? [] : [`    words: [${words.map(keyScalar).join(', ')}]`]),
  `    source: ${quotedScalar(source)}`,
];
