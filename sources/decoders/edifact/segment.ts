import type { TextReader } from './charset.ts';
import type { ServiceCharacters } from './service-characters.ts';

/** `O?'HARE ??` → `O'HARE ?`. */
const withoutRelease = (text: string, release: string): string => {
  let plain = '';
  for (let i = 0; i < text.length; i += 1) {
    if (text[i] === release) i += 1;
    plain += text[i] ?? '';
  }
  return plain;
};

/**
 * One segment. Where its elements begin is found once; what stands in them is cut out when it is asked for, because most of
 * it never is: `LOC+175+DEHAM:139:6'` → elements at 0, 4 and 8.
 */
export class Segment {
  /** In upper case, whatever came. */
  readonly tag: string;
  /** As it came, without its terminator. */
  readonly raw: string;
  private readonly starts: readonly number[];
  private readonly component: number;
  /** NaN where nothing is escaped, here or in the whole interchange. */
  private readonly release: number;
  private readonly read: TextReader;

  constructor(raw: string, characters: ServiceCharacters, read: TextReader) {
    const element = characters.element.charCodeAt(0);
    const release = characters.release === null ? NaN : characters.release.charCodeAt(0);
    const starts = [0];
    let releases = false;
    for (let i = 0; i < raw.length; i += 1) {
      const code = raw.charCodeAt(i);
      if (code === element) starts.push(i + 1);
      else if (code === release) {
        releases = true;
        i += 1;
      }
    }
    this.raw = raw;
    this.starts = starts;
    this.component = characters.component.charCodeAt(0);
    this.release = releases ? release : NaN;
    this.read = read;
    const tag = raw.slice(0, this.endOf(0));
    this.tag = isPlainTag(tag) ? tag : tag.trim().toUpperCase();
  }

  /** How many elements it has, with its tag. */
  get length(): number {
    return this.starts.length;
  }

  /** A component of an element, both counted as the directories do: element 1 is the first after the tag, component 0 its first. */
  value(element: number, component = 0): string {
    let start = this.starts[element];
    if (start === undefined) return '';
    const end = this.endOf(element);
    for (let left = component; left > 0; left -= 1) {
      start = this.endOfComponent(start, end) + 1;
      if (start > end) return '';
    }
    const cut = this.cut(start, this.endOfComponent(start, end));
    return cut === '' ? '' : this.read(cut);
  }

  /** All components of an element, as they came; of one that is not there, one that is empty. */
  components(element: number): string[] {
    const parts: string[] = [];
    let start = this.starts[element];
    if (start === undefined) return [''];
    const end = this.endOf(element);
    do {
      const stop = this.endOfComponent(start, end);
      parts.push(this.cut(start, stop));
      start = stop + 1;
    } while (start <= end);
    return parts;
  }

  /** Whether an element has no more components than that, none of them wider; nothing is cut for it. */
  isWithin(element: number, components: number, width: number): boolean {
    let start = this.starts[element];
    if (start === undefined) return true;
    const end = this.endOf(element);
    let count = 0;
    do {
      const stop = this.endOfComponent(start, end);
      count += 1;
      if (stop - start > width && this.cut(start, stop).trim().length > width) return false;
      start = stop + 1;
    } while (start <= end);
    return count <= components;
  }

  private endOf(element: number): number {
    const next = this.starts[element + 1];
    return next === undefined ? this.raw.length : next - 1;
  }

  private endOfComponent(start: number, end: number): number {
    const { raw, component, release } = this;
    for (let i = start; i < end; i += 1) {
      const code = raw.charCodeAt(i);
      if (code === component) return i;
      if (code === release) i += 1;
    }
    return end;
  }

  private cut(start: number, end: number): string {
    if (start === end) return '';
    const { raw, release } = this;
    const text = raw.slice(start, end);
    return Number.isNaN(release) ? text : withoutRelease(text, String.fromCharCode(release));
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
