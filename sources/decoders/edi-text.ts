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

/** Line breaks inside a segment, beside the carriage return that a line feed for a terminator leaves at its end. */
export const isWrapped = (raw: string): boolean => /[\r\n]/.test(raw.trimEnd());

/** An element that is not there is an empty text. */
export const orNull = (text: string): string | null => (text === '' ? null : text);
