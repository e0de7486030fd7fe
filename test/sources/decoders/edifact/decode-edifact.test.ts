import { describe, expect, it } from 'vitest';
import { codeMappingFile, codeMappings } from '../../../../domain/code-mapping.ts';
import { mappings } from '../decoder-settings.ts';
import { departed, interchange } from './interchange.ts';
import { eventsOf, failuresOf, readEdifact } from './read-edifact.ts';

const D00B = 'IFTSTA:D:00B:UN';
const withSts = (sts: string): string[] => departed('W1', sts);
const codesOf = (content: string): unknown[] =>
  eventsOf(readEdifact(content)).map(({ code, status, category }) => [
    code?.status,
    code?.reason,
    status,
    category,
  ]);

describe('IFTSTA', () => {
  it('says who, what, why, when and where', () => {
    const [event, ...more] = eventsOf(readEdifact(interchange([departed('W1')])));
    expect(more).toEqual([]);
    expect(event).toMatchObject({
      identifiers: [{ issuer: 'KLNE', kind: 'pro', value: 'W1' }],
      carrier: 'KLNE',
      status: 'departed',
      cause: 'weather',
      effect: 'delay',
      party: 'force_majeure',
      category: 'weather',
      code: { standard: 'edifact-iftsta', status: '24', reason: '63' },
      place: { unlocode: 'DEHAM', city: 'HAMBURG', country: 'DE' },
      at: Date.parse('2025-06-01T16:15:00Z'),
      zoneSource: 'stop',
      precision: 'instant',
      retracts: null,
    });
    expect(event?.source).toMatchObject({ decoder: 'edifact/1', mapping: 'edifact-iftsta@1' });
  });

  it('names a shipment by its references; those farther in replace those of the same kind', () => {
    const segments = [
      'BGM+23+1+9',
      'NAD+CA+KLNE',
      'RFF+BM:B-OUTER',
      'RFF+BN:BK1',
      'RFF+EQ:TRHU4307252',
      'CNI+1',
      'RFF+MB:M1',
      'RFF+SRN:S1',
      'STS+1+24',
      'RFF+BM:B-INNER',
      'RFF+VON:VOYAGE9',
      'DTM+334:202506011815:203',
      'EQD+CN+TRHU 456122-2+45G1:102:5',
    ];
    const [event] = eventsOf(readEdifact(interchange([segments])));
    expect(event?.identifiers.map(({ kind, value }) => `${kind} ${value}`).toSorted()).toEqual([
      'bol B-INNER',
      'booking BK1',
      'container TRHU4561222',
      'master_bill M1',
      'shipper_reference S1',
    ]);
  });

  it('makes an event of each STS, of each container, and of each further reason', () => {
    const segments = [
      ...departed('W1', 'STS+1+1'),
      'STS+1+23+7+63+14+31+37',
      'DTM+334:202506011915:203',
      'CNI+2+W2',
      'STS+1+24',
      'DTM+334:202506012015:203',
      'EQD+CN+TRHU4307252',
      'EQD+CN+TRHU4561222',
    ];
    const events = eventsOf(readEdifact(interchange([segments])));
    expect(
      events.map(({ code, category, status }) => [code?.status, code?.reason, status, category]),
    ).toEqual([
      ['1', null, 'arrived', null],
      ['23', '7', 'delivery_attempted', 'facility_closed'],
      [null, '63', 'information', 'weather'],
      [null, '14', 'information', 'damage'],
      [null, '31', 'information', 'labour_dispute'],
      [null, '37', 'information', 'documentation'],
      ['24', null, 'departed', null],
      ['24', null, 'departed', null],
    ]);
    expect(events.slice(-2).map(({ identifiers }) => identifiers.map(({ value }) => value))).toEqual([
      ['W2', 'TRHU4307252'],
      ['W2', 'TRHU4561222'],
    ]);
    expect(new Set(events.map(({ id }) => id)).size).toBe(8);
  });

  it('reads a transport status as 9011 in every release, and another type as 4405', () => {
    expect(codesOf(interchange([withSts('STS+1+21')], { id: D00B }))).toEqual([
      ['21', null, 'delivered', null],
    ]);
    expect(codesOf(interchange([withSts('STS+1+157')], { id: D00B }))).toEqual([
      ['4405:157', null, 'information', 'damage'],
    ]);
    expect(codesOf(interchange([withSts('STS+14+64')], { id: D00B }))).toEqual([
      ['4405:64', null, 'cancelled', 'cancelled'],
    ]);
    expect(codesOf(interchange([withSts('STS+1++63')]))).toEqual([[null, '63', 'information', 'weather']]);
  });

  it('never reads the number of a list of somebody else as one of the UN', () => {
    expect(codesOf(interchange([withSts('STS+1+21::ZZZ+63::ZZZ')]))).toEqual([
      ['21::ZZZ', '63::ZZZ', 'unmapped', null],
    ]);
    expect(codesOf(interchange([withSts('STS+1+17::ZZZ')]))).toEqual([['17::ZZZ', null, 'unmapped', null]]);
    expect(codesOf(interchange([withSts('STS+1+21:9011:6+63::6')]))).toEqual([
      ['21', '63', 'delivered', 'weather'],
    ]);
  });

  it('asks for a code of a list by its agency, and in a partner’s file as it is written out', () => {
    const own = codeMappingFile.parse({
      standard: 'edifact-iftsta',
      partner: 'kline',
      version: 2,
      sources: { guide: 'their guide' },
      lists: {
        gates: {
          role: 'status',
          agency: 'ZZZ',
          codes: { '21': { means: 'gate out', status: 'departed', source: 'guide' } },
        },
        whys: {
          role: 'reason',
          agency: 'ZZZ',
          codes: {
            '63': { means: 'papers', cause: 'documentation', category: 'documentation', source: 'guide' },
          },
        },
        written: {
          role: 'status',
          codes: { 'X:PORT:306': { means: 'in the port', status: 'arrived', source: 'guide' } },
        },
      },
    });
    const settings = {
      mappings: codeMappings([...mappings.files, own]),
      partners: { acme: { partner: 'kline' } },
    };
    const said = (sts: string): unknown[] =>
      eventsOf(readEdifact(interchange([withSts(sts)]), settings)).map(({ code, status, category }) => [
        code?.status,
        code?.reason,
        status,
        category,
      ]);
    expect(said('STS+1+21::ZZZ+63::ZZZ')).toEqual([['21::ZZZ', '63::ZZZ', 'departed', 'documentation']]);
    expect(said('STS+1+X:PORT:306+63')).toEqual([['X:PORT:306', '63', 'arrived', 'weather']]);
  });

  it('reads X12 codes, which ocean carriers send, as a 315 would', () => {
    const ocean = codeMappingFile.parse({
      standard: 'x12-315',
      version: 9,
      sources: { guide: 'a guide' },
      lists: {
        '157': {
          role: 'status',
          codes: { VD: { means: 'vessel left', status: 'departed', source: 'guide' } },
        },
      },
    });
    const others = mappings.files.filter(({ standard }) => standard !== 'x12-315');
    const settings = { mappings: codeMappings([...others, ocean]) };
    for (const sts of ['STS+1+VD', 'STS+1+VD::116', 'STS+1+VD+63']) {
      const events = eventsOf(readEdifact(interchange([withSts(sts)]), settings));
      expect(events[0]).toMatchObject({ status: 'departed', code: { standard: 'x12-315', status: 'VD' } });
      expect(events.slice(1).map(({ category }) => category)).toEqual(sts.endsWith('63') ? ['weather'] : []);
    }
    expect(eventsOf(readEdifact(interchange([withSts('STS+1+VD::22')]), settings))[0]?.status).toBe(
      'unmapped',
    );
  });

  it('tells when the shipment is expected at the end of its way, once', () => {
    const way = [
      'TDT+20+202N+1++KLNE:172:20+++9330141:146:11:MARIM',
      'LOC+9+DEHAM:139:6',
      'DTM+186:202506011800:203',
      'LOC+11+USNYC:139:6',
      'DTM+132:202506140600:203',
      'LOC+7+CHBSL:139:6',
      'DTM+132:202506181200:203',
    ];
    const segments = [...departed('W1'), ...way, 'STS+1+48', 'DTM+334:202506011200:203', ...way];
    const events = eventsOf(readEdifact(interchange([segments])));
    expect(events.map(({ code, status }) => [code?.status, status])).toEqual([
      ['24', 'departed'],
      ['DTM:132', 'estimate'],
      ['48', 'in_transit'],
    ]);
    expect(events[0]?.text).toBe('MARIM, voyage 202N');
    expect(events[1]).toMatchObject({
      at: Date.parse('2025-06-02T07:30:00Z'),
      estimatedAt: Date.parse('2025-06-18T10:00:00Z'),
      category: 'eta_update',
      place: { unlocode: 'CHBSL', country: 'CH' },
      zoneSource: 'stop',
    });
  });

  it('is where its party is, when nothing else says where', () => {
    const delivered = [
      'BGM+23+1+9',
      'NAD+CN+4012345000009::9++FIBRE SHOP+HAUPTSTR 1+KÖLN++50667+DE',
      'CNI+1+W1',
      'STS+1+21',
      'DTM+78:202506010930:203',
      'FTX+AAI+++LEFT WITH:THE NEIGHBOUR',
    ];
    expect(eventsOf(readEdifact(interchange([delivered])))[0]).toMatchObject({
      place: { city: 'KÖLN', postalCode: '50667', country: 'DE' },
      text: 'LEFT WITH; THE NEIGHBOUR',
      at: Date.parse('2025-06-01T07:30:00Z'),
      carrier: null,
    });
  });

  it('that cancels takes back what its original said', () => {
    const original = eventsOf(readEdifact(interchange([departed('W1')])));
    const taken = eventsOf(readEdifact(interchange([departed('W1').map((one) => one.replace('+9', '+1'))])));
    expect(taken).toMatchObject([{ retracts: original[0]?.id, status: 'information', category: null }]);
    expect(taken[0]?.id).not.toBe(original[0]?.id);
  });

  it('sent twice has the same ids', () => {
    const ids = (function_: string): string[] =>
      eventsOf(
        readEdifact(interchange([departed('W1').map((one) => one.replace('REP77+9', `REP77+${function_}`))])),
      ).map(({ id }) => id);
    expect(ids('7')).toEqual(ids('9'));
  });

  it.each([
    ['no reference', ['BGM+23+1+9', 'CNI+1', 'STS+1+24'], /^FW402 .*no reference says/],
    ['no STS', ['BGM+23+1+9', 'CNI+1+W1'], /^FW402 .*it has no STS/],
    ['an empty STS', withSts('STS+1'), /^FW402 .*neither status nor reason/],
    [
      'no date',
      departed('W1').map((one) => one.replace('011815:', '991815:')),
      /^FW402 .*is no date and time/,
    ],
    ['a time to come', departed('W1').map((one) => one.replace('202506011815', '202507011815')), /^FW403 /],
    ['a segment of nothing', [...departed('W1'), 'ZZY+1'], /^FW401 .*"ZZY\+1" is no segment/],
  ])('with %s is told with its bytes', (_, segments, reason) => {
    const failures = failuresOf(readEdifact(interchange([segments])));
    expect(failures).toEqual([expect.stringMatching(reason)]);
  });
});

describe('what is no transport status', () => {
  it.each([
    ['association code 2.0a', { id: 'IFTSTA:D:18A:UN:2.0a' }, []],
    ['association code 2.1', { id: 'IFTSTA:D:18A:UN:2.1' }, []],
    ['sender of code list 500', { sender: '9900000000001:500' }, []],
    ['parties of code list 293 or 332', {}, ['NAD+MS+9900000000001::293']],
  ])('is the energy market by its %s', (sign, changes, more) => {
    const decoded = readEdifact(interchange([['BGM+Z03+1', ...more, 'STS+Z21+Z05']], changes));
    expect(failuresOf(decoded)).toEqual([
      expect.stringMatching(/^FW405 message type IFTSTA of the energy market/),
    ]);
    expect(failuresOf(decoded)[0]).toContain(sign);
  });

  it('an association code of transport is none of the energy market', () => {
    for (const association of ['EAN004', 'ITG12', 'SMDG20', 'IFTST2'])
      expect(
        eventsOf(readEdifact(interchange([departed('W1')], { id: `IFTSTA:D:01B:UN:${association}` }))),
      ).toHaveLength(1);
  });

  it('is accounted for: acknowledgements, tests, echoes, other messages', () => {
    const kinds = (content: string, own?: { qualifier: string; id: string }): unknown[] =>
      readEdifact(content, own === undefined ? {} : { own: [own] }).map((one) =>
        one.type === 'nothing' ? one.why : one.type === 'failure' ? one.reason : one.type,
      );
    expect(kinds(interchange([['UCI+1+A+B+7']], { id: 'CONTRL:D:3:UN' }))).toEqual(['acknowledgement']);
    expect(kinds(interchange([['BGM+312+1+9']], { id: 'APERAK:D:96A:UN' }))).toEqual(['acknowledgement']);
    expect(kinds(interchange([departed('W1')], { test: true }))).toEqual(['test']);
    expect(kinds(interchange([departed('W1')]), { qualifier: 'ZZ', id: 'KLINE' })).toEqual(['echo']);
    expect(kinds(interchange([['BGM+34+1+9']], { id: 'CODECO:D:95B:UN' }))).toEqual([
      'message type CODECO (container gate-in or gate-out report) is not taken',
    ]);
    expect(kinds(interchange([['BGM+34+1+9']], { id: 'ZZZZZZ:D:95B:UN' }))).toEqual([
      'message type ZZZZZZ is not taken',
    ]);
  });
});
