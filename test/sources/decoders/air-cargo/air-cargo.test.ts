import { describe, expect, it } from 'vitest';
import type { TrackingEvent } from '../../../../domain/tracking-event.ts';
import type { Decoded } from '../../../../sources/decoders/decoder.ts';
import { decode } from '../../../../sources/decoders/decode.ts';
import { documentOf, settingsWith, textOf } from '../decoder-settings.ts';

const partners = { acme: { zone: 'Europe/Paris' } };
const read = (text: string, contentType = 'text/plain'): readonly Decoded[] =>
  decode(documentOf(text, { contentType }), settingsWith({ partners }));

const trackingOf = (decoded: readonly Decoded[]): readonly TrackingEvent[] =>
  decoded.map((one) => {
    if (one.type !== 'tracking') throw new Error(`no event: ${JSON.stringify(one)}`);
    return one.value;
  });
const statusOf = (line: string): TrackingEvent =>
  trackingOf(read(`FSU/12\n057-12345675CDGJFK/T10K500\n${line}\n`))[0]!;

describe('a Cargo-IMP status', () => {
  it.each([
    ['RCS/31MAY0915/CDG/T10K500/ACME FORWARDING', 'picked_up', null, 'CDG', '2025-05-31T07:15:00.000Z'],
    ['DEP/AF0010/31MAY/CDGJFK/T10K500/A1425', 'departed', null, 'CDG', '2025-05-31T12:25:00.000Z'],
    ['DEP/AF0010/31MAY/CDGJFK/T10K500/S2350/A0025N', 'departed', null, 'CDG', '2025-05-31T22:25:00.000Z'],
    ['ARR/AF0010/31MAY1730/CDGJFK/T10K500', 'arrived', null, 'JFK', '2025-05-31T21:30:00.000Z'],
    ['RCF/AF0010/31MAY1730/JFK/T10K500', 'in_transit', null, 'JFK', '2025-05-31T21:30:00.000Z'],
    ['NFD/31MAY1800/JFK/T10K500/CONSIGNEE', 'available_for_pickup', null, 'JFK', '2025-05-31T22:00:00.000Z'],
    ['DLV/01JUN1000/JFK/T10K500/CONSIGNEE', 'delivered', null, 'JFK', '2025-06-01T14:00:00.000Z'],
    ['TGC/31MAY1800/JFK/T10K500', 'held', 'customs_hold', 'JFK', '2025-05-31T22:00:00.000Z'],
    ['DIS/AF0010/31MAY1800/JFK/MSCA/P2K100T10', 'information', 'shortage', 'JFK', '2025-05-31T22:00:00.000Z'],
    [
      'DIS/AF0010/31MAY1800/CDG/OFLD/P2K100T10',
      'information',
      'missed_connection',
      'CDG',
      '2025-05-31T16:00:00.000Z',
    ],
    ['DIS/AF0010/31MAY1800/CDG', 'information', 'unclassified', 'CDG', '2025-05-31T16:00:00.000Z'],
    ['DLV/31MAY/JFK/T10K500', 'delivered', null, 'JFK', '2025-06-01T03:59:59.999Z'],
    ['ZZZ/31MAY1800/JFK', 'unmapped', null, 'JFK', '2025-05-31T22:00:00.000Z'],
  ])('%s is %s', (line, status, category, airport, at) => {
    const one = statusOf(line);
    expect(one).toMatchObject({ status, category, place: { locationId: airport } });
    expect(new Date(one.at).toISOString()).toBe(at);
    expect(one.identifiers).toEqual([{ issuer: 'IATA', kind: 'master_bill', value: '057-12345675' }]);
  });

  it('of a booking has the date of a flight to come, and was said when it was heard', () => {
    expect(statusOf('BKD/AF0010/20JUN/CDGJFK/T10K500')).toMatchObject({
      status: 'planned',
      at: Date.parse('2025-06-02T12:00:00Z'),
      carrier: 'AF',
    });
  });

  it('has the year that brings it nearest', () => {
    const heardAt = Date.parse('2026-01-02T12:00:00Z');
    const text = 'FSU/12\n057-12345675CDGJFK/T1K5\nDLV/31DEC1000/JFK/T1K5\n';
    const [one] = trackingOf(
      decode(documentOf(text, { contentType: 'text/plain', heardAt }), settingsWith()),
    );
    expect(new Date(one!.at).getUTCFullYear()).toBe(2025);
  });

  it('says what is only part of the consignment, and what the airline remarks', () => {
    const text = `QD JFKFFXX\n.CDGFMAF 311600\nFSU/12\n057-12345675CDGJFK/T10K500\nRCF/AF0010/31MAY1730/JFK/P4K200T10\nOSI/WET BOXES\n/TWO OF THEM\n`;
    expect(trackingOf(read(text))[0]?.text).toBe(
      'flight AF0010; part of the consignment P4K200T10; WET BOXES; TWO OF THEM',
    );
  });

  it('of each line, message and consignment is an event; a bad line is a failure that can be played again', () => {
    const text =
      'FSU/12\n057-12345675CDGJFK/T10K500\nRCS/31MAY0915/CDG/T10K500\nDLV/99XXX/JFK/T10K500\n\nFSA/12\n176-00000011DXBLHR/T1K5\nDLV/01JUN1000/LHR/T1K5\n';
    const decoded = read(text);
    expect(decoded.map(({ type }) => type)).toEqual(['tracking', 'failure', 'tracking']);
    const [, failure] = decoded;
    if (failure?.type !== 'failure') throw new Error('no failure');
    expect(textOf(failure.bytes)).toBe('FSU/12\n057-12345675CDGJFK/T10K500\nDLV/99XXX/JFK/T10K500');
    expect(read(textOf(failure.bytes))).toMatchObject([{ type: 'failure', code: 'FW402' }]);
  });

  it.each([
    ['FMA/1\nACK/MESSAGE PROCESSED\n', { type: 'nothing', why: 'acknowledgement' }],
    ['FSU/12\nnothing here\n', { type: 'failure', code: 'FW402' }],
    ['FSU/12\n057-12345675CDGJFK/T1K5\n', { type: 'failure', code: 'FW402' }],
  ])('%j is accounted for', (text, expected) => {
    expect(read(text)).toMatchObject([expected]);
  });

  it('after a line that cannot be read falls to nobody, and never to the consignment before', () => {
    const text = 'FSU/12\n057-12345675CDGJFK/T1K5\n176-0000x011DXBLHR/T1K5\nDLV/01JUN1000/LHR/T1K5\nNNNN\n';
    const decoded = read(text);
    expect(decoded.map(({ type }) => type)).toEqual(['failure', 'failure']);
    expect(decoded[0]?.type === 'failure' && textOf(decoded[0].bytes)).toBe(
      'FSU/12\n176-0000x011DXBLHR/T1K5\nDLV/01JUN1000/LHR/T1K5',
    );
  });

  it('that fails keeps what is remarked of it and of its consignment', () => {
    const text =
      'FSU/12\n057-12345675CDGJFK/T10K500\nOSI/LAST CALL\nRCS/31MAY0915/CDG\nDLV/99XXX/JFK\nOSI/WET BOXES\n/TWO OF THEM\n';
    const [event, failure] = read(text);
    expect(event).toMatchObject({ type: 'tracking', value: { text: 'LAST CALL' } });
    expect(failure?.type === 'failure' && textOf(failure.bytes)).toBe(
      'FSU/12\n057-12345675CDGJFK/T10K500\nOSI/LAST CALL\nDLV/99XXX/JFK\nOSI/WET BOXES\n/TWO OF THEM',
    );
  });

  it('of a message that has lost its header is a failure, and not the envelope of the next', () => {
    const lost = '057-12345675CDGJFK/T1K5\nDLV/01JUN1000/JFK/T1K5';
    const decoded = read(
      `QD JFKFFXX\nFSX12\n${lost}\nFSU/12\n176-00000011DXBLHR/T1K5\nDLV/01JUN1000/LHR/T1K5\n`,
    );
    expect(decoded).toMatchObject([
      { type: 'failure', code: 'FW401', position: 0 },
      { type: 'tracking', position: 1, value: { identifiers: [{ value: '176-00000011' }] } },
    ]);
    expect(decoded[0]?.type === 'failure' && textOf(decoded[0].bytes)).toBe(lost);
  });

  it('of another message is refused', () => {
    expect(read('FFM/8\n1/AF0010/31MAY0900/CDG\n', 'application/vnd.iata.cargo-imp')).toMatchObject([
      { type: 'failure', code: 'FW405', reason: 'message FFM of Cargo-IMP is not taken' },
    ]);
  });
});

describe('a ONE Record event', () => {
  const logisticsEvent = (changes: object = {}): object => ({
    '@context': { cargo: 'https://onerecord.iata.org/ns/cargo#' },
    '@type': 'cargo:LogisticsEvent',
    '@id': 'https://1r.example.com/logistics-objects/s1/logistics-events/e1',
    'cargo:creationDate': { '@value': '2025-06-01T08:00:00Z' },
    'cargo:eventDate': { '@value': '2025-06-01T07:30:00Z' },
    'cargo:eventCode': { '@id': 'https://onerecord.iata.org/ns/code-lists/StatusCode#DIS_OFLD' },
    'cargo:eventTimeType': { '@id': 'cargo:ACTUAL' },
    'cargo:eventFor': {
      '@type': 'cargo:Waybill',
      'cargo:waybillPrefix': '057',
      'cargo:waybillNumber': '12345675',
    },
    ...changes,
  });
  const one = (value: object): TrackingEvent =>
    trackingOf(read(JSON.stringify(value), 'application/ld+json'))[0]!;

  it('names the air waybill as Cargo-IMP does, and a discrepancy with its code', () => {
    expect(one(logisticsEvent())).toMatchObject({
      status: 'information',
      category: 'missed_connection',
      identifiers: [{ issuer: 'IATA', kind: 'master_bill', value: '057-12345675' }],
      code: { standard: 'iata-fsu', status: 'DIS_OFLD' },
    });
  });

  it('has one meaning with any prefix, with full addresses and with bare words', () => {
    const full = JSON.stringify(logisticsEvent()).replaceAll(
      /"cargo:(?=[a-z])/gi,
      '"https://onerecord.iata.org/ns/cargo#',
    );
    const bare = JSON.stringify(logisticsEvent()).replaceAll('"cargo:', '"');
    for (const text of [full, bare]) {
      const [found] = read(text, 'application/ld+json');
      expect(found).toMatchObject({
        type: 'tracking',
        value: { id: one(logisticsEvent()).id, status: 'information' },
      });
    }
  });

  it.each(['EXPECTED', 'PLANNED', 'ESTIMATED'])('that is %s is an estimate', (kind) => {
    const eventDate = '2025-06-20T07:30:00Z';
    expect(
      one(
        logisticsEvent({
          'cargo:eventTimeType': `cargo:${kind}`,
          'cargo:eventDate': eventDate,
          'cargo:eventCode': 'DLV',
        }),
      ),
    ).toMatchObject({ status: 'estimate', estimatedAt: Date.parse(eventDate), expects: 'delivered' });
  });

  it.each([
    [{ 'cargo:eventFor': null }, 'eventFor'],
    [{ 'cargo:eventDate': 'soon' }, 'eventDate'],
    [{ 'cargo:eventCode': null }, 'eventCode'],
  ])('with %j is a failure', (changes, part) => {
    const [failure] = read(JSON.stringify(logisticsEvent(changes)), 'application/ld+json');
    expect(failure).toMatchObject({ type: 'failure', code: 'FW402' });
    expect(failure?.type === 'failure' && failure.reason).toContain(part);
  });
});
