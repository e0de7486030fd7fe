import type { EdiFindingKind } from '../../../domain/edi-finding.ts';
import { isWrapped, LineBreaks, skipBlank, withoutBreaks } from '../edi-text.ts';
import { type EnvelopeFinding, EnvelopeFindings } from '../envelope-findings.ts';
import { textReader } from './charset.ts';
import type { Envelope, EnvelopePart, Interchange } from './envelope-parts.ts';
import { fits } from './envelope-widths.ts';
import { Segment } from './segment.ts';
import { guessCharacters, readUna, type ServiceCharacters } from './service-characters.ts';

/**
 * Cuts a file into messages. Any separators, with or without UNA, several interchanges, groups (UNG), a byte order mark,
 * line breaks after or inside segments, tags in lower case, bare messages without a UNB, rubbish between: every stretch of
 * text that is not white space becomes part of a message, of a well-formed envelope segment, or a stray. Offsets are those
 * of the bytes, because the text is Latin-1.
 */
export const readEnvelope = (text: string): Envelope => {
  const parts: EnvelopePart[] = [];
  return { findings: eachPart(text, (part) => parts.push(part)), parts };
};

/**
 * The same, each part as soon as its end is found, so that only one message is held at a time. What is odd about the whole
 * is known at the end.
 */
export const eachPart = (text: string, take: (part: EnvelopePart) => void): readonly EnvelopeFinding[] =>
  new EnvelopeReader(text, take).read();

const plain = textReader('');

interface Open {
  readonly start: number;
  readonly header: Segment;
  readonly segments: string[];
  problem: string | null;
}

class EnvelopeReader {
  private readonly text: string;
  private readonly breaks: LineBreaks;
  private readonly take: (part: EnvelopePart) => void;
  private readonly findings = new EnvelopeFindings();
  private characters: ServiceCharacters | null = null;
  private interchange: (Interchange & { readonly at: number; messages: number; groups: number }) | null =
    null;
  private group: { readonly at: number; readonly reference: string; messages: number } | null = null;
  private open: Open | null = null;
  private stray: { readonly start: number; end: number } | null = null;

  constructor(text: string, take: (part: EnvelopePart) => void) {
    this.text = text;
    this.take = take;
    this.breaks = new LineBreaks(text);
  }

  read(): readonly EnvelopeFinding[] {
    const { text } = this;
    let at = 0;
    while ((at = skipBlank(text, at)) < text.length) {
      const una = this.isTag('UNA', at) ? readUna(text, at) : null;
      if (una === null) at = this.segment(at);
      else {
        this.close(at, 'a new interchange begins before its UNT');
        this.flushStray();
        this.endInterchange();
        this.characters = una.characters;
        at = una.end;
      }
    }
    this.close(text.length, 'the file ends before its UNT; it may have been cut');
    this.flushStray();
    this.endInterchange();
    return this.findings.list;
  }

  /** In either case; asked of every segment, so nothing is cut for it. */
  private isTag(tag: 'UNA' | 'UNB', at: number): boolean {
    const { text } = this;
    if ((text.charCodeAt(at) | 32) !== 117 || (text.charCodeAt(at + 1) | 32) !== 110) return false;
    return text.slice(at, at + 3).toUpperCase() === tag;
  }

  private segment(at: number): number {
    // A UNB after another interchange may be cut otherwise, with no UNA to say so.
    const isHead = this.isTag('UNB', at) && this.text[at + 3] !== this.characters?.element;
    if (this.characters === null || isHead) this.characters = guessCharacters(this.text, at);
    const { characters } = this;
    const end = endOfSegment(this.text, at, characters);
    const next = Math.min(end + 1, this.text.length);
    const cut = this.text.slice(at, end);
    const raw = this.breaks.isIn(at, end) ? withoutBreaks(cut) : cut;
    if (raw === '') return next;
    if (raw.length < cut.length && isWrapped(cut)) this.tell('wrapped', null, at);
    const first = raw.charCodeAt(0);
    if (first >= 97 && first <= 122) this.tell('lower_case', null, at);
    const isEnvelope =
      (first | 32) === 117 && (raw.charCodeAt(1) | 32) === 110 && raw[3] === characters.element;
    if (isEnvelope) this.envelopeSegment(raw.slice(0, 3).toUpperCase(), at, next, raw);
    else if (this.open === null) this.addStray(at, next);
    else this.open.segments.push(raw);
    return next;
  }

  private envelopeSegment(tag: string, at: number, next: number, raw: string): void {
    const { characters } = this;
    if (characters === null) return;
    const segment = new Segment(raw, characters, plain);
    switch (tag) {
      case 'UNH':
        this.close(at, 'the next UNH comes before its UNT');
        this.flushStray();
        this.open = {
          start: at,
          header: segment,
          segments: [],
          problem: fits(segment) ? null : `its UNH is damaged: ${raw.slice(0, 60)}`,
        };
        if (this.group !== null) this.group.messages += 1;
        if (this.interchange === null) this.tell('no_interchange', 'UNB', at, segment.value(1));
        else this.interchange.messages += 1;
        return;
      case 'UNT':
        this.finish(at, next, segment, raw);
        return;
      case 'UNB':
      case 'UNG':
      case 'UNE':
      case 'UNZ':
        this.close(at, `${tag} comes before its UNT`);
        if (!fits(segment)) this.addStray(at, next);
        this.around(tag, at, segment);
        return;
      default:
        // UNS parts a message, UNO and UNP carry an object; what else begins with UN is no message of ours.
        if (this.open === null) this.addStray(at, next);
        else this.open.segments.push(raw);
    }
  }

  private around(tag: string, at: number, segment: Segment): void {
    const [count, reference] = [segment.value(1), segment.value(2)];
    if (tag === 'UNB') {
      this.endInterchange();
      this.interchange = { ...interchangeOf(segment), at, messages: 0, groups: 0 };
    } else if (tag === 'UNG') {
      this.endGroup();
      this.group = { at, reference: segment.value(5), messages: 0 };
      if (this.interchange !== null) this.interchange.groups += 1;
    } else if (tag === 'UNE') {
      const { group } = this;
      if (group !== null) this.compare(tag, count, group.messages, reference, group.reference, at);
      this.group = null;
    } else {
      const { interchange } = this;
      if (interchange !== null) {
        const { groups, messages, reference: named } = interchange;
        this.endGroup();
        this.compare(tag, count, groups > 0 ? groups : messages, reference, named, at);
      }
      this.interchange = null;
      this.group = null;
    }
  }

  private finish(at: number, next: number, segment: Segment, raw: string): void {
    const { open } = this;
    if (open === null) {
      this.addStray(at, next);
      return;
    }
    const [count, reference, begun] = [segment.value(1), segment.value(2), open.header.value(1)];
    const segments = open.segments.length + 2;
    if (!fits(segment)) open.problem ??= `its UNT is damaged: ${raw.slice(0, 60)}`;
    else if (Number(count) !== segments && reference !== begun) {
      // One of the two is a slip; both together, and a block of the file was lost between two messages.
      open.problem ??= `it begins as ${begun} and ends as ${reference}, with ${segments} segments for ${count}; two messages ran together`;
    }
    this.compare('UNT', count, segments, reference, begun, at);
    this.close(next, null);
  }

  private compare(
    segment: string,
    said: string,
    count: number,
    named: string,
    control: string,
    byteOffset: number,
  ): void {
    const { interchange, findings } = this;
    const about = { segment, control, byteOffset };
    if (Number(said) !== count)
      findings.add(interchange, { kind: 'wrong_count', ...about, said, found: String(count) });
    if (named !== control)
      findings.add(interchange, { kind: 'wrong_control', ...about, said: named, found: control });
  }

  private endGroup(): void {
    if (this.group !== null) this.tell('no_trailer', 'UNE', this.group.at, this.group.reference);
    this.group = null;
  }

  private endInterchange(): void {
    this.endGroup();
    const { interchange } = this;
    if (interchange !== null) this.tell('no_trailer', 'UNZ', interchange.at, interchange.reference);
    this.interchange = null;
  }

  private tell(
    kind: EdiFindingKind,
    segment: string | null,
    byteOffset: number,
    control = this.interchange?.reference ?? '',
  ): void {
    this.findings.add(this.interchange, { kind, segment, control, byteOffset });
  }

  private close(end: number, problem: string | null): void {
    const { open, characters } = this;
    if (open === null || characters === null) return;
    this.open = null;
    const { header } = open;
    const [type = '', version = '', release = '', agency = '', association = ''] = header
      .components(2)
      .map(plain);
    this.take({
      kind: 'message',
      start: open.start,
      end,
      type: type.toUpperCase(),
      version: version.toUpperCase(),
      release: release.toUpperCase(),
      agency,
      association,
      reference: header.value(1),
      interchange: this.interchange,
      characters,
      segments: open.segments,
      problem: open.problem ?? problem,
    });
  }

  private addStray(start: number, end: number): void {
    this.stray ??= { start, end };
    this.stray.end = end;
  }

  private flushStray(): void {
    if (this.stray === null) return;
    const { start, end } = this.stray;
    this.stray = null;
    const shown = this.text.slice(start, Math.min(end, start + 40)).replaceAll(/\s+/g, ' ');
    this.take({ kind: 'stray', start, end, reason: `text that belongs to no message: ${shown}` });
  }
}

const interchangeOf = (unb: Segment): Interchange => ({
  syntax: unb.value(1, 0).toUpperCase(),
  syntaxVersion: unb.value(1, 1),
  sender: { id: unb.value(2, 0), qualifier: unb.value(2, 1) },
  receiver: { id: unb.value(3, 0), qualifier: unb.value(3, 1) },
  date: unb.value(4, 0),
  time: unb.value(4, 1),
  reference: unb.value(5),
  isTest: unb.value(11) === '1',
});

/** Offset of the terminator that is not released, or the end of the text. */
const endOfSegment = (text: string, at: number, { segment, release }: ServiceCharacters): number => {
  for (let from = at; ;) {
    const found = text.indexOf(segment, from);
    if (found === -1) return text.length;
    let released = 0;
    while (release !== null && found - released > at && text[found - released - 1] === release) released += 1;
    if (released % 2 === 0) return found;
    from = found + 1;
  }
};
