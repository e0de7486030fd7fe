import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { causes } from '../../../../../domain/codes.ts';
import { reasonCodeOf } from '../../../../../domain/edi-reasons.ts';
import { write214 } from '../../../../../sinks/outbox/tms/x12/write-214.ts';
import { decodeX12 } from '../../../../../sources/decoders/x12/decode-x12.ts';
import { documentOf, mappings, settingsWith } from '../../../../sources/decoders/decoder-settings.ts';
import { sampleAction } from '../../sample-action.ts';
import { reasons, samplePartner } from './sample-partner.ts';

const SAID_AT = Date.parse('2026-01-05T12:00:00Z');
const HEARD_AT = Date.parse('2026-01-05T12:03:00Z');
const facts = { kind: 'detected', category: 'weather', cause: 'weather', carrier: 'SAIA', expectedAt: null };
const decoded = (text: string, own?: readonly { qualifier: string; id: string }[]) =>
  decodeX12(
    documentOf(text, { heardAt: HEARD_AT }),
    settingsWith({ defaultZone: 'UTC', ...(own === undefined ? {} : { own }) }),
  );

describe('a 214 of ours', () => {
  it('of what was observed is SD with its reason, in an envelope of fixed widths', () => {
    const action = sampleAction({
      id: 'a'.repeat(32),
      shipmentId: 'S-4711',
      at: Date.parse('2026-01-05T11:42:10Z'),
      facts,
    });
    expect(write214(samplePartner(), action, reasons, 42, SAID_AT).split('~')).toEqual([
      'ISA*00*          *00*          *ZZ*FOREWARN       *02*ACMETMS        *260105*1200*U*00401*000000042*0*P*>',
      'GS*QM*FOREWARN*ACMETMS*20260105*1200*42*X*004010',
      'ST*214*0001',
      'B10*S-4711*S-4711*SAIA',
      'L11*S-4711*LO',
      `L11*${'a'.repeat(30)}*ZZ`,
      'LX*1',
      'AT7*SD*AO***20260105*1142*UT',
      'SE*7*0001',
      'GE*1*42',
      'IEA*1*000000042',
      '',
    ]);
  });

  it.each(['AG', 'X2'] as const)(
    'of a prediction is the estimate %s, and no reason claims that it happened',
    (estimate) => {
      const action = sampleAction({
        facts: { ...facts, kind: 'predicted', expectedAt: Date.parse('2026-01-06T17:00:59Z') },
      });
      const text = write214(samplePartner({ estimate }), action, reasons, 1, SAID_AT);
      expect(text).toContain(`~AT7*${estimate}*NS***20260106*1700*UT~`);
      expect(text).not.toContain('*SD*');
      expect(decoded(text)).toMatchObject([
        {
          type: 'tracking',
          value: { status: 'estimate', cause: 'none', estimatedAt: Date.parse('2026-01-06T17:00:00Z') },
        },
      ]);
    },
  );

  it('of a prediction without a time is not written', () => {
    const action = sampleAction({ facts: { ...facts, kind: 'predicted' } });
    expect(() => write214(samplePartner(), action, reasons, 1, SAID_AT)).toThrow(
      /^FW716 214 to ACMETMS: a prediction without "expectedAt"/,
    );
  });

  it('in release 5010 has its version and a repetition separator', () => {
    const text = write214(
      samplePartner({ version: '005010', usage: 'T' }),
      sampleAction({ facts }),
      reasons,
      1,
      SAID_AT,
    );
    expect(text.slice(0, 106)).toMatch(/\*\^\*00501\*000000001\*0\*T\*>~$/);
    expect(text).toContain('*X*005010~');
  });

  it('says where, if that is known', () => {
    const action = sampleAction({ facts: { ...facts, city: 'Québec*City', region: 'QC', country: 'CA' } });
    const text = write214(samplePartner(), action, reasons, 1, SAID_AT);
    expect(text).toContain('~MS1*Quebec City*QC*CA~');
    expect(decoded(text)).toMatchObject([
      { value: { place: { city: 'Quebec City', region: 'QC', country: 'CA' } } },
    ]);
  });

  it('that comes back from a partner is an echo, and under another sender it is an event', () => {
    const text = write214(samplePartner(), sampleAction({ facts }), reasons, 7, SAID_AT);
    expect(decoded(text, [{ qualifier: 'ZZ', id: 'FOREWARN' }])).toEqual([
      { type: 'nothing', position: 0, why: 'echo' },
    ]);
    expect(decoded(text, [{ qualifier: '01', id: 'FOREWARN' }])).toMatchObject([{ type: 'tracking' }]);
  });

  it.each([
    ['', 'is empty'],
    ['S 1 ', 'has characters that X12 does not carry'],
    ['Sä', 'has characters that X12 does not carry'],
    ['S*1', 'holds "*", which cuts this partner\'s messages; give it other delimiters'],
    ['S'.repeat(31), 'is longer than 30 characters, which X12 004010 allows'],
  ])('of a shipment "%s" is not written, for its id would be another', (shipmentId, why) => {
    const action = { ...sampleAction({ facts }), shipmentId };
    expect(() => write214(samplePartner(), action, reasons, 1, SAID_AT)).toThrow(
      `FW716 214 to ACMETMS: shipment id "${shipmentId}" ${why}`,
    );
  });

  it('is read by our own decoder as what it says, whatever the facts and the delimiters are', () => {
    const delimiter = fc.constantFrom('*', '|', '+', '^', ':');
    const segment = fc.constantFrom('~', "'", '!', '\u001d');
    const odd = fc.string({ unit: 'binary', maxLength: 40 });
    fc.assert(
      fc.property(
        delimiter,
        segment,
        fc.constantFrom('004010' as const, '005010' as const),
        fc.stringMatching(/^[ -~]{1,30}$/),
        fc.record({
          kind: fc.constantFrom('predicted', 'detected'),
          category: fc.constantFrom('weather', 'delay', 'refused', 'misroute', 'unheard_of'),
          cause: fc.constantFrom(...causes),
          carrier: fc.oneof(fc.constantFrom('SAIA', 'EXFR', null), odd),
          city: fc.oneof(fc.constantFrom('Chicago', 'A*B~C'), odd),
          region: fc.oneof(fc.constant('IL'), odd),
          country: fc.oneof(fc.constantFrom('US', ''), odd),
        }),
        fc.integer({ min: Date.parse('2025-12-01T00:00:00Z'), max: SAID_AT }),
        fc.integer({ min: 1, max: 90 * 1440 }),
        fc.integer({ min: 1, max: 999_999_999 }),
        (element, terminator, version, shipmentId, said, at, aheadMin, control) => {
          const partner = samplePartner({
            version,
            delimiters: { element, segment: terminator, component: '>', repetition: '%' },
          });
          const expectedAt = at + aheadMin * 60_000;
          const action = { ...sampleAction({ at, facts: { ...said, expectedAt } }), shipmentId };
          const cuts = [element, terminator, '>', ...(version === '005010' ? ['%'] : [])];
          const canBeCarried =
            shipmentId.trim() === shipmentId && !cuts.some((cut) => shipmentId.includes(cut));
          if (!canBeCarried) {
            expect(() => write214(partner, action, reasons, control, SAID_AT)).toThrow('FW716');
            return;
          }
          const events = decoded(write214(partner, action, reasons, control, SAID_AT));
          expect(events).toHaveLength(1);
          const minute = (ms: number): number => Math.floor(ms / 60_000) * 60_000;
          const isObserved = said.kind === 'detected';
          expect(events[0]).toMatchObject({
            type: 'tracking',
            value: {
              code: {
                status: isObserved ? 'SD' : 'AG',
                reason: isObserved ? reasonCodeOf(reasons, said.category, said.cause) : 'NS',
              },
              at: isObserved ? minute(at) : SAID_AT,
              estimatedAt: isObserved ? null : minute(expectedAt),
              zoneSource: 'event',
              identifiers: [
                { kind: 'pro', value: shipmentId },
                { kind: 'shipper_reference', value: shipmentId },
                { kind: 'tms', value: shipmentId },
              ],
            },
          });
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('the reasons that we give', () => {
  it('are 1651 codes that we read ourselves, and those by category mean that category', () => {
    for (const [category, { code, source }] of Object.entries(reasons.byCategory)) {
      const read = mappings.find({ standard: 'x12-214', partner: null, list: '1651', agency: null, code });
      expect([category, read?.category]).toEqual([category, category]);
      expect(reasons.sources).toHaveProperty([source]);
    }
    for (const { code, source } of Object.values(reasons.byCause)) {
      const read = mappings.find({ standard: 'x12-214', partner: null, list: '1651', agency: null, code });
      expect(read).not.toBeNull();
      expect(reasons.sources).toHaveProperty([source]);
    }
  });
});
