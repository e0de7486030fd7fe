import type { FieldPath, PathStep } from './field-path.ts';

/** Where a value stands in a JSON text, or where it could be put. */
export type Spot =
  | { readonly kind: 'value'; readonly start: number; readonly end: number }
  /** The object is there and the key is not; `at` is before its closing brace. */
  | { readonly kind: 'gap'; readonly at: number; readonly isFirst: boolean; readonly key: string };

interface Member {
  readonly key: string;
  readonly start: number;
  readonly end: number;
}

const skipBlank = (text: string, from: number): number => {
  let at = from;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at += 1;
  return at;
};

const skipString = (text: string, from: number): number => {
  let at = from + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
};

const skipValue = (text: string, from: number): number => {
  if (text[from] === '"') return skipString(text, from);
  let at = from;
  if (text[from] !== '{' && text[from] !== '[') {
    while (at < text.length && !/[,\]}\s]/.test(text[at] ?? '')) at += 1;
    return at;
  }
  let depth = 0;
  do {
    const character = text[at];
    if (character === '"') {
      at = skipString(text, at);
      continue;
    }
    if (character === '{' || character === '[') depth += 1;
    if (character === '}' || character === ']') depth -= 1;
    at += 1;
  } while (depth > 0);
  return at;
};

/** Members of the object, or elements of the list (keyed by their number), that begins at `from`. */
const membersOf = (text: string, from: number): Member[] => {
  const isObject = text[from] === '{';
  const members: Member[] = [];
  let at = skipBlank(text, from + 1);
  while (text[at] !== '}' && text[at] !== ']') {
    let key = String(members.length);
    if (isObject) {
      const end = skipString(text, at);
      key = JSON.parse(text.slice(at, end)) as string;
      at = skipBlank(text, skipBlank(text, end) + 1);
    }
    const end = skipValue(text, at);
    members.push({ key, start: at, end });
    at = skipBlank(text, end);
    if (text[at] === ',') at = skipBlank(text, at + 1);
  }
  return members;
};

const holds = (text: string, { start }: Member, key: string, value: string): boolean => {
  if (text[start] !== '{') return false;
  // Where a key stands twice, readers of JSON take the last.
  const found = membersOf(text, start).findLast((member) => member.key === key);
  if (found === undefined) return false;
  const held = JSON.parse(text.slice(found.start, found.end)) as unknown;
  return typeof held === 'string' ? held === value : JSON.stringify(held) === value;
};

const follow = (text: string, at: number, step: PathStep): Member | undefined => {
  if (step.kind === 'key')
    return text[at] === '{' ? membersOf(text, at).findLast(({ key }) => key === step.key) : undefined;
  if (text[at] !== '[') return undefined;
  const elements = membersOf(text, at);
  return step.kind === 'index'
    ? elements[step.index]
    : elements.find((element) => holds(text, element, step.key, step.value));
};

/** The place of a path in a text that is sound JSON; undefined where the way to it is missing. */
export const spotOf = (text: string, { steps }: FieldPath): Spot | undefined => {
  let at = skipBlank(text, 0);
  let end = skipValue(text, at);
  for (const [index, step] of steps.entries()) {
    const member = follow(text, at, step);
    if (member === undefined) {
      if (index !== steps.length - 1 || step.kind !== 'key' || text[at] !== '{') return undefined;
      return { kind: 'gap', at: end - 1, isFirst: membersOf(text, at).length === 0, key: step.key };
    }
    at = member.start;
    end = member.end;
  }
  return { kind: 'value', start: at, end };
};

/** The text with one value replaced, or put in as the last key of its object; everything else stays as it is, byte for byte. */
export const withValue = (text: string, spot: Spot, value: string): string =>
  spot.kind === 'value'
    ? text.slice(0, spot.start) + value + text.slice(spot.end)
    : `${text.slice(0, spot.at)}${spot.isFirst ? '' : ','}${JSON.stringify(spot.key)}:${value}${text.slice(spot.at)}`;
