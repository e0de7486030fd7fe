import { Readable } from 'node:stream';
import nodeX12 from 'node-x12';
import { X12parser } from 'x12-parser';
import { packageRoot } from '../../runtime/package-root.ts';
import type { DecoderSettings } from '../../sources/decoders/decoder.ts';
import { loadMappings } from '../../sources/decoders/load-mappings.ts';
import { decodeX12 } from '../../sources/decoders/x12/decode-x12.ts';
import { readEnvelope } from '../../sources/decoders/x12/envelope.ts';
import type { Contender, Contest } from './contest.ts';
import { oddX12, soundX12 } from './x12-corpus.ts';

const MESSAGES = 2_000;
const heardAt = Date.parse('2025-06-03T00:00:00Z');
const { X12Parser } = nodeX12;

const settings: DecoderSettings = {
  mappings: loadMappings(`${packageRoot}/rules/mappings`),
  partners: {},
  defaultZone: 'America/New_York',
  maxFutureMs: 600_000,
};

/** The same work as the libraries do, and what is wrong with the file beside it: every segment cut into its elements. */
const ourElements: Contender = {
  name: 'Forewarn, cut into elements',
  makes: 'elements',
  isOurs: true,
  read: (bytes) => {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
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

/** All of it: cut, codes given their meaning, times their zones, ids derived, every event checked against its schema. */
const ourEvents: Contender = {
  name: 'Forewarn, canonical events',
  makes: 'events',
  isOurs: true,
  read: (bytes) => {
    const document = { source: 'rdwy', documentId: 'd', contentType: 'application/edi-x12', heardAt, bytes };
    let events = 0;
    for (const one of decodeX12(document, settings)) if (one.type === 'tracking') events += 1;
    // Two statuses in each message.
    return events / 2;
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

export const x12Contest: Contest = {
  format: 'X12 214',
  sound: { messages: MESSAGES, bytes: soundX12(MESSAGES) },
  odd: oddX12,
  contenders: [ourElements, ourEvents, withNodeX12, withX12Parser],
};
