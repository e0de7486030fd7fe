import { isWrapped, LineBreaks, skipBlank, withoutBreaks } from '../edi-text.ts';
import { EnvelopeFindings } from '../envelope-findings.ts';
import { guessDelimiters, readHeader, type Delimiters, type Header } from './delimiters.ts';
import type { Envelope, InterchangeAcknowledgement, Stray, Transaction } from './envelope-parts.ts';
import { fits } from './envelope-widths.ts';

/**
 * Cuts a file into transaction sets. Any delimiters, several interchanges, a byte order mark, line breaks after or
 * inside segments, bare transactions without an ISA, rubbish between: every stretch of text that is not white
 * space becomes part of a transaction, of a well-formed envelope segment, or a stray. Offsets are those of the
 * bytes, because the text is Latin-1.
 */
export const readEnvelope = (text: string): Envelope => new EnvelopeReader(text).read();

class EnvelopeReader {
  private readonly text: string;
  private readonly breaks: LineBreaks;
  private readonly parts: (Transaction | Stray | InterchangeAcknowledgement)[] = [];
  private readonly findings = new EnvelopeFindings();
  private delimiters: Delimiters | null = null;
  private interchange:
    | (Pick<Header, 'control' | 'sender' | 'receiver'> & { at: number; groups: number })
    | null = null;
  private group: {
    at: number;
    id: string;
    date: string;
    time: string;
    control: string;
    version: string;
    sets: number;
  } | null = null;
  private open: {
    start: number;
    set: string;
    control: string;
    segments: string[];
    problem: string | null;
    fault: Transaction['fault'];
    countsAgree: boolean;
  } | null = null;
  private strayStart = -1;
  private strayEnd = -1;

  constructor(text: string) {
    this.text = text;
    this.breaks = new LineBreaks(text);
  }

  read(): Envelope {
    let at = 0;
    while ((at = skipBlank(this.text, at)) < this.text.length) {
      at = this.text.startsWith('ISA', at) ? this.header(at) : this.segment(at);
    }
    this.closeTransaction(this.text.length, 'the file ends before its SE; it may have been cut');
    this.flushStray();
    this.endInterchange();
    return { parts: this.parts, findings: this.findings.list };
  }

  private header(at: number): number {
    const header = readHeader(this.text, at);
    if (header === null) {
      this.delimiters ??= guessDelimiters(this.text, at);
      return this.segment(at);
    }
    this.closeTransaction(at, 'a new interchange begins before its SE');
    this.endInterchange();
    this.flushStray();
    this.delimiters = header;
    const { control, sender, receiver } = header;
    this.interchange = { at, control, sender, receiver, groups: 0 };
    if (isWrapped(this.text.slice(at, header.end))) this.wrapped(at);
    if (!header.wellFormed) this.stray(at, header.end);
    return header.end;
  }

  private segment(at: number): number {
    this.delimiters ??= guessDelimiters(this.text, at);
    if (this.delimiters === null) {
      this.stray(at, this.text.length);
      return this.text.length;
    }
    const { element, segment } = this.delimiters;
    const found = this.text.indexOf(segment, at);
    const end = found === -1 ? this.text.length : found;
    const cut = this.text.slice(at, end);
    const raw = this.breaks.isIn(at, end) ? withoutBreaks(cut) : cut;
    if (raw.length < cut.length && isWrapped(cut)) this.wrapped(at);
    const separator = raw.indexOf(element);
    const id = separator === -1 ? raw : raw.slice(0, separator);
    const next = found === -1 ? end : end + 1;
    if (raw === '') return next;
    switch (id) {
      case 'ST':
        this.closeTransaction(at, 'the next ST comes before its SE');
        this.begin(at, raw.split(element));
        break;
      case 'SE':
        this.finish(at, next, raw);
        break;
      case 'GS':
      case 'GE':
      case 'IEA':
      case 'TA1':
        this.closeTransaction(at, `${id} comes before its SE`);
        this.envelopeSegment(id, at, next, raw.split(element));
        break;
      default:
        if (this.open === null) this.stray(at, next);
        else this.open.segments.push(raw);
    }
    return next;
  }

  private begin(at: number, elements: readonly string[]): void {
    this.flushStray();
    const sound = fits('ST', elements);
    this.open = {
      start: at,
      set: elements[1] ?? '',
      control: (elements[2] ?? '').trim(),
      segments: [],
      problem: sound ? null : `its ST is damaged: ${elements.join('*').slice(0, 60)}`,
      fault: sound ? null : '5',
      countsAgree: true,
    };
    if (this.group !== null) this.group.sets += 1;
    if (this.interchange === null)
      this.findings.add(null, {
        kind: 'no_interchange',
        segment: 'ISA',
        control: this.open.control,
        byteOffset: at,
      });
  }

  private finish(at: number, next: number, raw: string): void {
    const { open, delimiters } = this;
    if (open === null || delimiters === null) {
      this.stray(at, next);
      return;
    }
    const [, count = '', control = ''] = raw.split(delimiters.element);
    const segments = open.segments.length + 2;
    if (Number(count) !== segments) {
      open.countsAgree = false;
      this.wrongCount('SE', open.control, count, segments, at);
    }
    if (!fits('SE', raw.split(delimiters.element))) {
      open.problem ??= `its SE is damaged: ${raw.slice(0, 60)}`;
      open.fault ??= '5';
    } else if (withoutZeros(control) !== withoutZeros(open.control)) {
      // Not a mere count: where a block of the file is lost, one shipment's statuses follow another's B10.
      open.problem ??= `it begins as ${open.control} and ends as ${control.trim()}; two transactions ran together`;
      open.fault ??= '3';
    }
    this.closeTransaction(next, null);
  }

  private envelopeSegment(id: string, at: number, next: number, elements: readonly string[]): void {
    const value = (i: number): string => (elements[i] ?? '').trim();
    if (id === 'TA1') {
      this.flushStray();
      this.parts.push({ kind: 'acknowledgement' });
      return;
    }
    if (!fits(id, elements)) this.stray(at, next);
    if (id === 'GS') {
      this.endGroup();
      this.group = {
        at,
        id: value(1),
        date: value(4),
        time: value(5),
        control: value(6),
        version: value(8),
        sets: 0,
      };
      if (this.interchange !== null) this.interchange.groups += 1;
    } else if (id === 'GE') {
      if (this.group !== null) this.compare('GE', elements, this.group.sets, this.group.control, at);
      this.group = null;
    } else {
      if (this.interchange !== null) {
        const { control, groups } = this.interchange;
        this.endGroup();
        this.compare('IEA', elements, groups, control, at);
      }
      this.interchange = null;
      this.group = null;
    }
  }

  private endGroup(): void {
    if (this.group === null) return;
    const { at: byteOffset, control } = this.group;
    this.findings.add(this.interchange, { kind: 'no_trailer', segment: 'GE', control, byteOffset });
    this.group = null;
  }

  private endInterchange(): void {
    this.endGroup();
    if (this.interchange === null) return;
    const { at: byteOffset, control } = this.interchange;
    this.findings.add(this.interchange, { kind: 'no_trailer', segment: 'IEA', control, byteOffset });
    this.interchange = null;
  }

  private wrapped(byteOffset: number): void {
    const control = this.interchange?.control ?? '';
    this.findings.add(this.interchange, { kind: 'wrapped', segment: null, control, byteOffset });
  }

  private wrongCount(
    segment: string,
    control: string,
    said: string,
    count: number,
    byteOffset: number,
  ): void {
    const found = String(count);
    this.findings.add(this.interchange, { kind: 'wrong_count', segment, control, said, found, byteOffset });
  }

  private compare(
    segment: string,
    elements: readonly string[],
    count: number,
    control: string,
    byteOffset: number,
  ): void {
    const [, said = '', named = ''] = elements;
    if (Number(said) !== count) this.wrongCount(segment, control, said, count, byteOffset);
    if (named.trim() !== control)
      this.findings.add(this.interchange, {
        kind: 'wrong_control',
        segment,
        control,
        said: named.trim(),
        found: control,
        byteOffset,
      });
  }

  private closeTransaction(end: number, problem: string | null): void {
    const { open, delimiters } = this;
    if (open === null || delimiters === null) return;
    this.open = null;
    this.parts.push({
      kind: 'transaction',
      start: open.start,
      end,
      set: open.set,
      control: open.control,
      sender: this.interchange?.sender ?? null,
      receiver: this.interchange?.receiver ?? null,
      element: delimiters.element,
      segments: open.segments,
      groupDate: this.group?.date ?? '',
      groupTime: this.group?.time ?? '',
      group: this.group,
      problem: open.problem ?? problem,
      fault: open.fault ?? (problem === null ? null : '2'),
      countsAgree: open.countsAgree,
    });
  }

  private stray(start: number, end: number): void {
    if (this.strayStart === -1) this.strayStart = start;
    this.strayEnd = end;
  }

  private flushStray(): void {
    if (this.strayStart === -1) return;
    const { strayStart: start, strayEnd: end } = this;
    this.strayStart = -1;
    const shown = this.text.slice(start, Math.min(end, start + 40)).replaceAll(/\s+/g, ' ');
    this.parts.push({ kind: 'stray', start, end, reason: `text that belongs to no transaction: ${shown}` });
  }
}

const withoutZeros = (control: string): string => control.trim().replace(/^0+/, '');
