import type { EdiParty } from '../../../domain/edi-interchange.ts';

/** How one interchange is cut: its own header says so. */
export interface Delimiters {
  readonly element: string;
  readonly segment: string;
}

export interface Header extends Delimiters {
  /** Offset of the first character after the header's terminator. */
  readonly end: number;
  /** Control number, ISA13. */
  readonly control: string;
  /** ISA05 and ISA06, ISA07 and ISA08. */
  readonly sender: EdiParty;
  readonly receiver: EdiParty;
  /** False when an element does not have its width: something was cut or put in. */
  readonly wellFormed: boolean;
}

/** Widths of ISA01–ISA16, X12.5: the header is the one segment of fixed length, 106 characters. */
const widths = [2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1];
/** A header is refused past this length: a wrapped one has at most a few line breaks more than 106. */
const MAX_HEADER = 160;

const isBreak = (character: string | undefined): boolean => character === '\r' || character === '\n';

/**
 * Reads the header at `from` (which begins with `ISA`) by counting its 16 separators, so that line breaks inside
 * a wrapped header and trimmed elements do no harm:
 * `ISA*00*          *…*P*>~` → element `*`, segment `~`; with a line break after `>`, the segment ends at line ends.
 * Null when it cannot be the header it says it is.
 */
export const readHeader = (text: string, from: number): Header | null => {
  const element = text[from + 3];
  if (element === undefined || /[A-Za-z0-9\s]/.test(element)) return null;
  const limit = Math.min(text.length, from + MAX_HEADER);
  const starts: number[] = [];
  for (let i = from + 3; i < limit && starts.length < 16; i += 1) if (text[i] === element) starts.push(i + 1);
  if (starts.length < 16) return null;

  let at = starts[15] ?? limit;
  while (isBreak(text[at])) at += 1;
  at += 1; // ISA16, the component separator; a 214 has no composites that we read.
  let segment = text[at];
  if (segment === undefined) return null;
  if (isBreak(segment)) {
    // Either the terminator is the line break, or the file is wrapped just here and the terminator follows.
    const rest = at + (segment === '\r' && text[at + 1] === '\n' ? 2 : 1);
    if (isSeparator(text[rest], element)) {
      at = rest;
      segment = text[rest] ?? '\n';
    } else {
      at = rest - 1;
      segment = '\n';
    }
  }
  if (!isSeparator(segment, element) && segment !== '\n') return null;
  if (segment === element || text.indexOf(segment, at + 1) === -1) return null;

  const elements = starts.map((start, i) =>
    text.slice(start, i === 15 ? start + 1 : (starts[i + 1] ?? start) - 1).replaceAll(/[\r\n]/g, ''),
  );
  return {
    element,
    segment,
    end: at + 1,
    control: (elements[12] ?? '').trim(),
    sender: { qualifier: (elements[4] ?? '').trim(), id: (elements[5] ?? '').trim() },
    receiver: { qualifier: (elements[6] ?? '').trim(), id: (elements[7] ?? '').trim() },
    wellFormed: elements.every((value, i) => i === 15 || value.length === widths[i]),
  };
};

const isSeparator = (character: string | undefined, element: string): boolean =>
  character !== undefined && character !== element && !/[A-Za-z0-9 \r\n]/.test(character);

/**
 * Delimiters from the first `ST` at or after `from`, for text whose header is lost or cannot be read:
 * `ST*214*0001~B10*…` → element `*`, segment `~`.
 */
export const guessDelimiters = (text: string, from: number): Delimiters | null => {
  const start = /ST([^A-Za-z0-9\s])\d{3}\1[A-Za-z0-9]+/g;
  start.lastIndex = from;
  const match = start.exec(text);
  const element = match?.[1];
  if (match === null || element === undefined) return null;
  let at = start.lastIndex;
  if (text[at] === element) {
    do at += 1;
    while (/[A-Za-z0-9]/.test(text[at] ?? '')); // ST03
  }
  const segment = text[at] === '\r' && text[at + 1] === '\n' ? '\n' : text[at];
  return segment === undefined ? null : { element, segment };
};
