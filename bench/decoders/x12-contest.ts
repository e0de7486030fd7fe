import { Readable } from 'node:stream';
import nodeX12 from 'node-x12';
import { X12parser } from 'x12-parser';
import { decodeX12 } from '../../sources/decoders/x12/decode-x12.ts';
import { readEnvelope } from '../../sources/decoders/x12/envelope.ts';
import { type Contender, type ContestOf, latin1Of, ourEvents } from './contest.ts';
import { oddX12, soundX12 } from './x12-corpus.ts';

const MESSAGES = 2_000;
const { X12Parser } = nodeX12;

/** The same work as the libraries do, and what is wrong with the file beside it: every segment cut into its elements. */
const ourElements: Contender = {
  name: 'Forewarn, cut into elements',
  makes: 'elements',
  isOurs: true,
  read: (bytes) => {
    const text = latin1Of(bytes);
    let found = 0;
    let elements = 0;
    for (const part of readEnvelope(text).parts) {
      if (part.kind !== 'transaction') continue;
      found += 1;
      for (const segment of part.segments) elements += segment.split(part.element).length;
    }
    if (elements === 0) throw new Error('nothing was cut');
    return found;
  },
};

const withNodeX12: Contender = {
  name: 'node-x12',
  makes: 'elements',
  isOurs: false,
  read: (bytes) => {
    const parsed = new X12Parser(false).parse(Buffer.from(bytes).toString('utf8'));
    const interchanges = 'interchanges' in parsed ? parsed.interchanges : [parsed];
    let found = 0;
    for (const { functionalGroups } of interchanges)
      for (const { transactions } of functionalGroups) found += transactions.length;
    return found;
  },
};

const withX12Parser: Contender = {
  name: 'x12-parser',
  makes: 'elements',
  isOurs: false,
  read: (bytes) =>
    new Promise((resolve, reject) => {
      let found = 0;
      Readable.from([Buffer.from(bytes)])
        .pipe(new X12parser())
        .on('data', ({ name }: { readonly name?: string }) => {
          if (name === 'ST') found += 1;
        })
        .on('end', () => resolve(found))
        .on('error', reject);
    }),
};

export const x12Contest: ContestOf = (mappings) => ({
  format: 'X12 214',
  sound: { messages: MESSAGES, bytes: soundX12(MESSAGES) },
  odd: oddX12,
  contenders: [
    ourElements,
    ourEvents(decodeX12, mappings, {
      source: 'rdwy',
      contentType: 'application/edi-x12',
      defaultZone: 'America/New_York',
    }),
    withNodeX12,
    withX12Parser,
  ],
});
