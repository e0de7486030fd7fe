import edifact from 'edifact';
// The index of ts-edifact asks for a package that it does not name among its dependencies.
import tsConfiguration from 'ts-edifact/lib/configuration.js';
import tsParser from 'ts-edifact/lib/parser.js';
import tsValidator from 'ts-edifact/lib/validator.js';
import { textReader } from '../../sources/decoders/edifact/charset.ts';
import { decodeEdifact } from '../../sources/decoders/edifact/decode-edifact.ts';
import { eachPart } from '../../sources/decoders/edifact/envelope.ts';
import { Segment } from '../../sources/decoders/edifact/segment.ts';
import { type Contender, type ContestOf, latin1Of, ourEvents } from './contest.ts';
import { oddEdifact, soundEdifact } from './edifact-corpus.ts';

const MESSAGES = 2_000;

/** The same work as the libraries do, and what is wrong with the file beside it: every segment cut into its components. */
const ourElements: Contender = {
  name: 'Forewarn, cut into elements',
  makes: 'elements',
  isOurs: true,
  read: (bytes) => {
    const reader = textReader('UNOC');
    let found = 0;
    let components = 0;
    eachPart(latin1Of(bytes), (part) => {
      if (part.kind !== 'message' || part.problem !== null) return;
      found += 1;
      for (const raw of part.segments) {
        const segment = new Segment(raw, part.characters, reader);
        for (let i = 1; i < segment.length; i += 1) components += segment.components(i).length;
      }
    });
    if (components === 0) throw new Error('nothing was cut');
    return found;
  },
};

/** Collects what a library's parser says, as both of their readers do, without their look-up of segment definitions. */
class Collected {
  readonly segments: { readonly tag: string; readonly elements: string[][] }[] = [];
  readonly open = (tag: string): void => void this.segments.push({ tag, elements: [] });
  readonly element = (): void => void this.segments.at(-1)?.elements.push([]);
  readonly component = (value: string): void => void this.segments.at(-1)?.elements.at(-1)?.push(value);

  get messages(): number {
    return this.segments.filter(({ tag }) => tag === 'UNT').length;
  }
}

const withEdifact: Contender = {
  name: 'edifact',
  makes: 'elements',
  isOurs: false,
  read: (bytes) => {
    const collected = new Collected();
    const parser = new edifact.Parser();
    parser.onopensegment = collected.open;
    parser.onelement = collected.element;
    parser.oncomponent = collected.component;
    parser.encoding('UNOC');
    parser.write(latin1Of(bytes));
    parser.end();
    return collected.messages;
  },
};

const withTsEdifact: Contender = {
  name: 'ts-edifact',
  makes: 'elements',
  isOurs: false,
  read: (bytes) => {
    const collected = new Collected();
    const validator = new tsValidator.NullValidator();
    const parser = new tsParser.Parser(new tsConfiguration.Configuration({ validator }));
    parser.onOpenSegment = collected.open;
    parser.onElement = collected.element;
    parser.onComponent = collected.component;
    parser.updateCharset('UNOC');
    parser.write(latin1Of(bytes));
    parser.end();
    return collected.messages;
  },
};

export const edifactContest: ContestOf = (mappings) => ({
  format: 'EDIFACT IFTSTA',
  sound: { messages: MESSAGES, bytes: soundEdifact(MESSAGES) },
  odd: oddEdifact,
  contenders: [
    ourElements,
    ourEvents(decodeEdifact, mappings, {
      source: 'kline',
      contentType: 'application/edifact',
      defaultZone: 'Europe/Berlin',
    }),
    withEdifact,
    withTsEdifact,
  ],
});
