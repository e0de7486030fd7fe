import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocation } from '../../../../domain/order.ts';
import { shipmentPlan } from '../../../../domain/shipment-plan.ts';
import { trackingEvent } from '../../../../domain/tracking-event.ts';
import { decode } from '../../../../sources/decoders/decode.ts';
import type { Decoded } from '../../../../sources/decoders/decoder.ts';
import { documentOf, settingsWith, textOf } from '../decoder-settings.ts';
import { interchange, setOf } from './interchange.ts';

const RUNS = Number(process.env['FOREWARN_FUZZ_RUNS'] ?? 250);

/** Longer than any element of the envelope may be, so it cannot hide in one; as long as an identifier may be at most. */
const token = (i: number): string => `SHIPMENT${i}${'ABCDEFGH'.repeat(4)}END${i}`;

/** One set of each kind; its token stands in the segment that it begins with. */
const sound = interchange([
  setOf(
    '204',
    `B2**RDWY**${token(0)}**PP`,
    'B2A*00*LT',
    'S5*1*CL',
    'G62*37*20250603*I*0800',
    'N4*TROY*NY*12180*US',
    'S5*2*CU',
    'G62*54*20250605*L*1100',
    'N4*DENVER*CO*80202*US',
  ),
  setOf('990', `B1*RDWY*${token(1)}*20250602*D`, 'K1*NO ROOM'),
  setOf(
    '856',
    `BSN*00*${token(2)}*20250602*0600`,
    'HL*1**S',
    'DTM*011*20250601',
    'HL*2*1*O',
    'PRF*PO-1',
    'HL*3*2*I',
    'LIN*1*VP*A',
    'SN1**24*EA',
  ),
  setOf(
    '315',
    'B4***VD*20250601*0807**MSCU*123456*L**CNSHA*UN*6',
    'R4*L*UN*CNSHA*SHANGHAI*CN',
    'DTM*139*20250620*0600',
  ),
  setOf('322', 'Q5*I*20250601*0930*CT**CHICAGO*IL*US', 'N7*JBHU*24567'),
]);
const tokens = [0, 1, 2].map(token);

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
  character: fc.constantFrom('~', '*', '\n', 'S', 'T', 'A', '0', '9', '>', ' ', '\u0000', '\u00e9'),
});

const apply = (text: string, { kind, at, length, character }: Change): string => {
  const head = text.slice(0, at);
  const rest = text.slice(at);
  if (kind === 'cut') return head + rest.slice(length);
  if (kind === 'flip') return head + character + rest.slice(1);
  return head + rest.slice(0, length) + rest;
};

/** Where each kind of set names its shipment. */
const placeOfName: Readonly<Record<string, number>> = { B2: 4, B1: 2, BSN: 2 };

/**
 * Whether a shipment is still named: an element is its name by its segment and its place alone, and what looks like no segment
 * must be kept whatever is in it. Nothing tells `NB1*RDWY*SHIPMENT1`, which lost what stood between `N` and `B1`, from a segment
 * that a partner has added, nor `B1**DWY*SHIPMENT1`, where an asterisk fell into the carrier, from a date that is none.
 */
const isNamed = (damaged: string, shipment: string): boolean =>
  damaged
    .split('~')
    .map((segment) => segment.trim().split('*'))
    .some(([id = '', ...elements]) => {
      if (!/^[A-Z][A-Z0-9]{1,2}$/.test(id)) return [id, ...elements].join('*').includes(shipment);
      return elements[(placeOfName[id] ?? 0) - 1]?.includes(shipment) === true;
    });

const cut = { kind: 'cut', character: '~' } as const;

const said = (one: Decoded): string => {
  if (one.type === 'failure') return textOf(one.bytes).replaceAll(/[\r\n]/g, '');
  if (one.type === 'plan' || one.type === 'allocation') return one.value.shipmentId;
  return one.type === 'tracking' ? one.value.identifiers.map(({ value }) => value).join(' ') : '';
};

const isValid = (one: Decoded): boolean => {
  if (one.type === 'tracking') return trackingEvent.safeParse(one.value).success;
  if (one.type === 'plan') return shipmentPlan.safeParse(one.value).success;
  if (one.type === 'allocation') return allocation.safeParse(one.value).success;
  return one.type !== 'failure' || (one.reason !== '' && one.bytes.length > 0);
};

describe('damaged sets of every kind', () => {
  it('never throw, leave only valid records without gaps, and lose no shipment that is still named', () => {
    fc.assert(
      fc.property(
        fc.array(change, { minLength: 1, maxLength: 3 }),
        fc.constantFrom<BufferEncoding>('utf8', 'latin1', 'utf16le'),
        (changes, encoding) => {
          const damaged = changes.reduce(apply, sound);
          const decoded = decode(documentOf(Buffer.from(damaged, encoding)), settingsWith());
          expect(decoded.length).toBeGreaterThan(0);
          expect(decoded.map(({ position }) => position)).toEqual(decoded.map((_, i) => i));
          expect(decoded.filter((one) => !isValid(one))).toEqual([]);
          if (encoding === 'utf16le') return;
          const all = decoded.map(said).join('\n');
          for (const one of tokens) if (isNamed(damaged, one)) expect(all).toContain(one);
        },
      ),
      // A fixed seed: out of very many damages one may forge a set that is sound in itself.
      { numRuns: RUNS, seed: 204 },
    );
  });

  it('are a failure where a tender has run into the answer behind it', () => {
    // Found by chance: the last stop of the 204, its SE, and the ST of the 990 are cut out, so that B1 stood in a tender.
    const damaged = apply(apply(sound, { ...cut, at: 317, length: 46 }), { ...cut, at: 0, length: 1 });
    expect(damaged).toContain('G62*54*20250605*990*0001~\nB1*RDWY*');
    const decoded = decode(documentOf(damaged), settingsWith());
    const [header, both, ...others] = decoded;
    expect(header).toMatchObject({ type: 'failure', code: 'FW401', position: 0 });
    expect(both).toMatchObject({
      type: 'failure',
      code: 'FW401',
      position: 1,
      reason:
        'transaction set 204: it has a B1, which begins another set; two transactions may have run together',
    });
    expect([token(0), token(1)].filter((one) => !said(both!).includes(one))).toEqual([]);
    expect(others.map(said).join()).toContain(token(2));
  });

  it.each([
    ['204', (name: string) => `B2**RDWY**${name}**PP`, ['B2A*00*LT', 'S5*1*CL', 'N4*TROY*NY*12180*US']],
    ['214', (name: string) => `B10*${name}*SHP*RDWY`, ['LX*1', 'AT7*D1*NS***20250601*1230*LT']],
    ['990', (name: string) => `B1*RDWY*${name}*20250602*D`, ['K1*NO ROOM']],
    ['856', (name: string) => `BSN*00*${name}*20250602*0600`, ['HL*1**S', 'DTM*011*20250601']],
  ])(
    'of %s leave a trace where two of one control number have run together in their first segments',
    (set, first, rest) => {
      // Short names, as long as the rest of their segments: only their place tells them from other elements.
      const names = ['AAAA-1111', 'BBBB-2222'];
      const both = interchange(names.map((name) => setOf(set, first(name), ...rest)));
      const starts = names.map((name) => both.indexOf(first(name)));
      const lengths = names.map((name) => first(name).length);
      for (let from = 0; from <= lengths[0]!; from += 2) {
        for (let to = 0; to <= lengths[1]!; to += 3) {
          const damaged = both.slice(0, starts[0]! + from) + both.slice(starts[1]! + to);
          const decoded = decode(documentOf(damaged), settingsWith());
          const all = decoded.map(said).join('\n');
          for (const name of names) if (damaged.includes(name)) expect(all).toContain(name);
          // Of a set of which nothing is left, the trailer of its group tells.
          expect(decoded).toContainEqual(
            expect.objectContaining({
              type: 'edi_finding',
              value: expect.objectContaining({ kind: 'wrong_count', segment: 'GE', said: '2', found: '1' }),
            }),
          );
        }
      }
    },
  );

  it('take numbers, levels and repetitions without end', () => {
    const huge = '9'.repeat(5_000);
    const levels = Array.from({ length: 5_000 }, (_, i) => `HL*${i + 1}*${i}*I`);
    const nested = interchange([
      setOf('856', 'BSN*00*SHP*20250602*0600', ...levels, 'SN1**1*EA', `SN1**${huge}*EA`),
      setOf('204', 'B2**RDWY**SHP', ...Array.from({ length: 5_000 }, (_, i) => `S5*${i}*CU`)),
      setOf('315', `B4***VA*${huge}*${huge}**MSCU*${huge}`),
    ]);
    const decoded = decode(documentOf(nested), settingsWith());
    expect(decoded.filter((one) => !isValid(one))).toEqual([]);
    const codes = decoded.flatMap((one) => (one.type === 'failure' ? [one.code] : []));
    expect(codes).toEqual(['FW402', 'FW412', 'FW401']);
  });
});
