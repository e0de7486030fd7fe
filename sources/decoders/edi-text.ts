/** What lies between segments: white space, NUL and Ctrl-Z padding, and a UTF-8 byte order mark, also between files that were joined. */
export const skipBlank = (text: string, from: number): number => {
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code === 32 || (code >= 9 && code <= 13) || code === 0 || code === 26) at += 1;
    else if (code === 0xef && text.startsWith('\u00EF\u00BB\u00BF', at)) at += 3;
    else return at;
  }
};

/** A segment that was wrapped for a printer or a terminal. */
export const withoutBreaks = (raw: string): string =>
  raw.includes('\n') || raw.includes('\r') ? raw.replaceAll(/[\r\n]/g, '') : raw;

/** Where the line breaks of a text are, for whoever goes through it from its beginning: each is looked for once. */
export class LineBreaks {
  private readonly text: string;
  private feed = -1;
  private carriage = -1;

  constructor(text: string) {
    this.text = text;
  }

  /** Whether there is one in `[from; to)`; `from` never goes back. */
  isIn(from: number, to: number): boolean {
    if (this.feed < from) this.feed = this.next('\n', from);
    if (this.carriage < from) this.carriage = this.next('\r', from);
    return this.feed < to || this.carriage < to;
  }

  private next(what: string, from: number): number {
    const found = this.text.indexOf(what, from);
    return found === -1 ? Infinity : found;
  }
}

/** Line breaks inside a segment, beside the carriage return that a line feed for a terminator leaves at its end. */
export const isWrapped = (raw: string): boolean => /[\r\n]/.test(raw.trimEnd());

/** An element that is not there is an empty text. */
export const orNull = (text: string): string | null => (text === '' ? null : text);

/** ASCII that neither begins nor ends with a blank: most values are, and nothing has to be made of them. */
export const isPlain = (text: string): boolean => {
  const last = text.length - 1;
  if (text.charCodeAt(0) <= 32 || text.charCodeAt(last) <= 32) return false;
  for (let i = 0; i <= last; i += 1) if (text.charCodeAt(i) > 126) return false;
  return true;
};
