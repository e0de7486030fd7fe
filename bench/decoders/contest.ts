import type { CodeMappings } from '../../domain/code-mapping.ts';
import type { Decode } from '../../sources/decoders/decoder.ts';

/** One way to take a file apart, ours or a library's. */
export interface Contender {
  readonly name: string;
  /** What comes out: the same work is compared with the same, and ours goes on from there. */
  readonly makes: 'elements' | 'events';
  readonly isOurs: boolean;
  /** How many messages it found in the file; throws where it cannot read it. */
  readonly read: (bytes: Uint8Array) => number | Promise<number>;
}

/** A file that is not as the standard has it, as partners send them. */
export interface OddFile {
  readonly what: string;
  readonly messages: number;
  readonly bytes: Uint8Array;
}

/** A format, and who reads it. Another format is another one of these, named in `decoders.ts`. */
export interface Contest {
  readonly format: string;
  /** A file as the standard has it: every contender must find all its messages. */
  readonly sound: { readonly messages: number; readonly bytes: Uint8Array };
  readonly odd: readonly OddFile[];
  readonly contenders: readonly Contender[];
}

/** Made when the bench runs: its files and mappings are nothing that another bench should wait for. */
export type ContestOf = (mappings: CodeMappings) => Contest;

const heardAt = Date.parse('2025-06-03T00:00:00Z');
const STATUSES_IN_A_MESSAGE = 2;

export const latin1Of = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');

interface Sender {
  readonly source: string;
  readonly contentType: string;
  readonly defaultZone: string;
}

/** All of it: cut, codes given their meaning, times their zones, ids derived, every event checked against its schema. */
export const ourEvents = (
  decode: Decode,
  mappings: CodeMappings,
  { source, contentType, defaultZone }: Sender,
): Contender => ({
  name: 'Forewarn, canonical events',
  makes: 'events',
  isOurs: true,
  read: (bytes) => {
    const settings = { mappings, partners: {}, defaultZone, maxFutureMs: 600_000 };
    let events = 0;
    for (const one of decode({ source, documentId: 'd', contentType, heardAt, bytes }, settings))
      if (one.type === 'tracking') events += 1;
    return events / STATUSES_IN_A_MESSAGE;
  },
});
