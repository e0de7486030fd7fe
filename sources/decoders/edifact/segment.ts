import type { TextReader } from './charset.ts';
import type { ServiceCharacters } from './service-characters.ts';

/** Parts of a text at a separator: several times faster for short texts than `split`, and one or two need no room to grow. */
const partsOf = (text: string, separator: string): string[] => {
  const first = text.indexOf(separator);
  if (first === -1) return [text];
  let start = first + 1;
  let at = text.indexOf(separator, start);
  if (at === -1) return [text.slice(0, first), text.slice(start)];
  const parts = [text.slice(0, first)];
  do {
    parts.push(text.slice(start, at));
    start = at + 1;
    at = text.indexOf(separator, start);
  } while (at !== -1);
  parts.push(text.slice(start));
  return parts;
};

/** Parts of a text at a separator that is not released: `A?+B+C` at `+` → `A?+B`, `C`. */
export const splitUnreleased = (text: string, separator: string, release: string | null): string[] => {
  if (release === null || !text.includes(release)) return partsOf(text, separator);
  const parts: string[] = [];
  let start = 0;
  for (let i = 0; i < text.length; i += 1) {
    if (text[i] === release) i += 1;
    else if (text[i] === separator) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
};

/** `O?'HARE ??` → `O'HARE ?`. */
const withoutRelease = (text: string, release: string | null): string => {
  if (release === null || !text.includes(release)) return text;
  let plain = '';
  for (let i = 0; i < text.length; i += 1) {
    if (text[i] === release) i += 1;
    plain += text[i] ?? '';
  }
  return plain;
};

/** One segment, cut into elements; components are cut when they are asked for. */
export class Segment {
  /** In upper case, whatever came. */
  readonly tag: string;
  readonly elements: readonly string[];
  private readonly characters: ServiceCharacters;
  private readonly read: TextReader;
  /** Hardly any segment escapes anything, and the others are cut much faster. */
  private readonly releases: boolean;

  constructor(raw: string, characters: ServiceCharacters, read: TextReader) {
    const { element, release } = characters;
    this.releases = release !== null && raw.includes(release);
    this.elements = this.releases ? splitUnreleased(raw, element, release) : partsOf(raw, element);
    const [tag = ''] = this.elements;
    this.tag = isPlainTag(tag) ? tag : tag.trim().toUpperCase();
    this.characters = characters;
    this.read = read;
  }

  /** A component of an element, both counted as the directories do: element 1 is the first after the tag, component 0 its first. */
  value(element: number, component = 0): string {
    const raw = this.elements[element];
    if (raw === undefined || raw === '') return '';
    const part = this.releases
      ? this.components(element)[component]
      : partOf(raw, this.characters.component, component);
    return part === undefined || part === '' ? '' : this.read(part);
  }

  components(element: number): string[] {
    const { component, release } = this.characters;
    const raw = this.elements[element] ?? '';
    // Most elements have one component, which may be empty.
    if (!this.releases) return raw === '' ? [raw] : partsOf(raw, component);
    return splitUnreleased(raw, component, release).map((part) => withoutRelease(part, release));
  }
}

/** Three capital letters: nothing has to be made of it. */
const isPlainTag = (tag: string): boolean => {
  if (tag.length !== 3) return false;
  for (let i = 0; i < 3; i += 1) {
    const code = tag.charCodeAt(i);
    if (code < 65 || code > 90) return false;
  }
  return true;
};

const partOf = (raw: string, separator: string, index: number): string => {
  let start = 0;
  for (let left = index; left > 0; left -= 1) {
    const found = raw.indexOf(separator, start);
    if (found === -1) return '';
    start = found + 1;
  }
  const end = raw.indexOf(separator, start);
  return end === -1 ? raw.slice(start) : raw.slice(start, end);
};
