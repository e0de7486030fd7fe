import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { trackingEvent } from '../../../../domain/tracking-event.ts';
import type { Decoded } from '../../../../sources/decoders/decoder.ts';
import { textOf } from '../decoder-settings.ts';
import { departed, interchange } from './interchange.ts';
import { readEdifact } from './read-edifact.ts';

/** Longer than any element of the envelope may be, so it cannot hide in one. */
const token = (i: number): string => `SHIPMENT${i}${'ABCDEFGH'.repeat(4)}END${i}`;
const count = 5;
const sound = interchange(
  Array.from({ length: count }, (_, i) => departed(token(i))),
  { separator: '\n' },
);

interface Change {
  readonly kind: 'cut' | 'flip' | 'repeat';
  readonly at: number;
  readonly length: number;
  readonly character: string;
}

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom('cut', 'flip', 'repeat'),
  at: fc.nat({ max: sound.length - 1 }),
  length: fc.integer({ min: 1, max: 300 }),
  character: fc.constantFrom("'", '+', ':', '?', '\n', 'U', 'N', '0', ' ', '\u0000', '\u00FF', 'n'),
});

const apply = (text: string, { kind, at, length, character }: Change): string => {
  const [head, rest] = [text.slice(0, at), text.slice(at)];
  if (kind === 'cut') return head + rest.slice(length);
  if (kind === 'flip') return head + character + rest.slice(1);
  return head + rest.slice(0, length) + rest;
};

const said = (decoded: readonly Decoded[]): string =>
  decoded
    .map((one) => {
      if (one.type === 'failure') return textOf(one.bytes);
      return one.type === 'tracking' ? one.value.identifiers.map(({ value }) => value).join(' ') : '';
    })
    .join('\n')
    .replaceAll(/[\r\n]/g, '');

/** `FOREWARN_FUZZ_RUNS=100000 npx vitest run …` for the long run. */
const numRuns = Number(process.env['FOREWARN_FUZZ_RUNS'] ?? 600);

describe('a damaged interchange', () => {
  it('never throws and accounts for every shipment that is still named in it', () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 2 }), (changes) => {
        const damaged = changes.reduce(apply, sound);
        const decoded = readEdifact(Buffer.from(damaged, 'latin1'));
        expect(decoded.map(({ position }) => position)).toEqual(decoded.map((_, i) => i));
        const all = said(decoded);
        for (let i = 0; i < count; i += 1) {
          if (damaged.includes(token(i))) expect(all).toContain(token(i));
        }
        for (const one of decoded) {
          if (one.type === 'failure') {
            expect(one.reason).not.toBe('');
            expect(one.bytes.length).toBeGreaterThan(0);
          } else if (one.type === 'tracking') {
            expect(trackingEvent.safeParse(one.value).success).toBe(true);
          }
        }
      }),
      // A fixed seed: out of very many damages one may forge a message that is sound in itself.
      { numRuns, seed: 96 },
    );
  });

  it('never throws on any bytes', () => {
    const beginning = fc.constantFrom("UNA:+.? '", 'UNA', 'UNB+UNOC:3+', "UNH+1+IFTSTA:D:96A:UN'", 'UNB', '');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), beginning, (bytes, start) => {
        expect(readEdifact(Buffer.concat([Buffer.from(start), bytes])).length).toBeGreaterThan(0);
      }),
      { numRuns },
    );
  });

  it('takes a segment of a megabyte, many components and a huge number', () => {
    const long = departed('W1').concat(`FTX+AAI+++${'X'.repeat(1_000_000)}`, `MEA+${':9'.repeat(50_000)}`);
    const far = departed('W2').map((one) => one.replace('202506011815', '9'.repeat(40)));
    const decoded = readEdifact(interchange([long, far]));
    expect(decoded.map(({ type }) => type)).toEqual(['tracking', 'failure']);
  });
});
