/** `KDCA 191552Z`, with what may stand before it. */
const opening = /^(?:(?:METAR|SPECI)\s+)?(?:(?:COR|AMD)\s+)?[A-Z][A-Z0-9]{3}\s+\d{6}Z(?:\s|=|$)/;
/** `SAUS70 KWBC 191600` and a lone sequence number before it: the heading of a bulletin (WMO Manual on the GTS). */
const heading = /^(?:\d{3}|[A-Z]{4}\d{2}\s+[A-Z]{4}\s+\d{6}(?:\s+[A-Z]{3})?)$/;
const keyword = /^(?:METAR|SPECI)(?:\s+\d{6}Z)?$/;

/** Signs that begin and end a bulletin. */
const [SOH, ETX] = ['\u0001', '\u0003'];

export interface Report {
  readonly text: string;
  /** As in the document, without the line breaks around it. */
  readonly bytes: Uint8Array;
}

/** Whether what is not blank and no heading begins as a report does. */
export const looksLikeMetar = (head: string): boolean => {
  const first = head
    .replaceAll(SOH, '\n')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .find((line) => line !== '' && !heading.test(line) && !keyword.test(line));
  return first !== undefined && opening.test(first);
};

/**
 * The reports of a text, each up to its `=` or to the line where the next begins; lines of headings are no reports.
 * `METAR KDCA 191552Z …\n  RMK AO2=` is one report in two lines.
 */
export const reportsOf = (bytes: Uint8Array): readonly Report[] => {
  // A character a byte, so that places in the text are places in the bytes.
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString('latin1')
    .replaceAll(SOH, '\n')
    .replaceAll(ETX, '\n');
  const reports: Report[] = [];
  let from = -1;
  let to = 0;
  const close = (): void => {
    if (from === -1) return;
    const text = whole.slice(from, to).replaceAll(/\s+/g, ' ').trim();
    if (text !== '') reports.push({ text, bytes: bytes.subarray(from, to) });
    from = -1;
  };
  for (const { 0: part, index } of whole.matchAll(/[^\r\n=]*(=|\r?\n|\r|$)/g)) {
    const line = part.replace(/[=\r\n]+$/, '').trim();
    if (heading.test(line) || keyword.test(line)) close();
    else if (line !== '') {
      if (opening.test(line)) close();
      if (from === -1) from = index;
      to = index + part.trimEnd().replace(/=$/, '').length;
    }
    if (part.endsWith('=')) close();
  }
  close();
  return reports;
};
