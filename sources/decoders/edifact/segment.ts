import type { TextReader } from './charset.ts';
import type { ServiceCharacters } from './service-characters.ts';

/** Parts of a text at a separator that is not released: `A?+B+C` at `+` → `A?+B`, `C`. */
export const splitUnreleased = (text: string, separator: string, release: string | null): string[] => {
  if (release === null || !text.includes(release)) return text.split(separator);
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

  constructor(raw: string, characters: ServiceCharacters, read: TextReader) {
    this.elements = splitUnreleased(raw, characters.element, characters.release);
    this.tag = (this.elements[0] ?? '').trim().toUpperCase();
    this.characters = characters;
    this.read = read;
  }

  /** A component of an element, both counted as the directories do: element 1 is the first after the tag, component 0 its first. */
  value(element: number, component = 0): string {
    const raw = this.elements[element];
    if (raw === undefined || raw === '') return '';
    const part = this.components(element)[component];
    return part === undefined || part === '' ? '' : this.read(part);
  }

  components(element: number): string[] {
    const { component, release } = this.characters;
    return splitUnreleased(this.elements[element] ?? '', component, release).map((part) =>
      withoutRelease(part, release),
    );
  }
}
