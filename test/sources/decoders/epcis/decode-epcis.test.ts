import { describe, expect, it } from 'vitest';
import type { TrackingEvent } from '../../../../domain/tracking-event.ts';
import type { Decoded } from '../../../../sources/decoders/decoder.ts';
import { decode } from '../../../../sources/decoders/decode.ts';
import { identifierOfKey, placeKey } from '../../../../sources/decoders/epcis/gs1-key.ts';
import { documentOf, settingsWith, textOf } from '../decoder-settings.ts';

const read = (value: unknown): readonly Decoded[] =>
  decode(documentOf(JSON.stringify(value), { contentType: 'application/ld+json' }), settingsWith());

const events = (value: unknown): readonly TrackingEvent[] =>
  read(value).map((one) => {
    if (one.type !== 'tracking') throw new Error(`no event: ${JSON.stringify(one)}`);
    return one.value;
  });

const sscc = (serial: number): string => `urn:epc:id:sscc:0614141.${1_234_567_890 + serial}`;
const shipped = (changes: object = {}): object => ({
  type: 'ObjectEvent',
  eventTime: '2025-06-01T09:30:00.000Z',
  eventTimeZoneOffset: '+02:00',
  action: 'OBSERVE',
  bizStep: 'shipping',
  disposition: 'in_transit',
  epcList: [sscc(0)],
  readPoint: { id: 'urn:epc:id:sgln:0614141.00777.0' },
  ...changes,
});
const documentWith = (...eventList: readonly object[]): object => ({
  '@context': ['https://ref.gs1.org/standards/epcis/epcis-context.jsonld'],
  type: 'EPCISDocument',
  schemaVersion: '2.0',
  creationDate: '2025-06-01T10:00:00Z',
  epcisBody: { eventList },
});

describe('an EPCIS event', () => {
  it('is taken alone, in an array, in a document and in the answer to a query, always as the same event', () => {
    const [alone] = events(shipped());
    expect(alone).toMatchObject({
      status: 'departed',
      at: Date.parse('2025-06-01T09:30:00Z'),
      identifiers: [{ issuer: 'GS1', kind: 'tracking', value: '106141412345678908' }],
      code: { standard: 'epcis', status: 'bizStep:shipping', reason: 'in_transit' },
      place: { locationId: '0614141007776' },
    });
    const query = {
      type: 'EPCISQueryDocument',
      epcisBody: { queryResults: { queryName: 'q', resultsBody: { eventList: [shipped()] } } },
    };
    for (const form of [[shipped()], documentWith(shipped()), query]) expect(events(form)).toEqual([alone]);
  });

  it.each([
    'shipping',
    'cbv:BizStep-shipping',
    'https://ref.gs1.org/cbv/BizStep-shipping',
    'https://ns.gs1.org/cbv/BizStep-shipping',
    'urn:epcglobal:cbv:bizstep:shipping',
  ])('says its step as %s', (bizStep) => {
    expect(events(shipped({ bizStep }))[0]).toMatchObject({
      status: 'departed',
      code: { status: 'bizStep:shipping' },
    });
  });

  it('with a step of somebody’s own is unmapped, however the step ends', () => {
    const [one] = events(shipped({ bizStep: 'https://example.com/bizStep/shipping' }));
    expect(one?.status).toBe('unmapped');
  });

  it.each([
    ['damaged', 'damage', 'damaged'],
    ['urn:epcglobal:cbv:disp:stolen', 'theft', 'lost'],
    ['https://ref.gs1.org/cbv/Disp-mismatch_quantity', 'shortage', 'short'],
    ['in_transit', null, 'none'],
  ])('with disposition %s is of category %s', (disposition, category, effect) => {
    expect(events(shipped({ disposition }))[0]).toMatchObject({ status: 'departed', category, effect });
  });

  it('reads a local time by the offset beside it', () => {
    expect(events(shipped({ eventTime: '2025-06-01T09:30:00' }))[0]).toMatchObject({
      at: Date.parse('2025-06-01T07:30:00Z'),
      zoneSource: 'event',
    });
  });

  it('about several logistic units is one event for each, unless something names them all', () => {
    const epcList = [sscc(0), sscc(1), sscc(2)];
    expect(events(shipped({ epcList })).map(({ identifiers }) => identifiers.length)).toEqual([1, 1, 1]);
    const bizTransactionList = [{ type: 'po', bizTransaction: 'urn:epcglobal:cbv:bt:0614141073467:1152' }];
    const [one, ...more] = events(shipped({ epcList, bizTransactionList }));
    expect(more).toEqual([]);
    expect(one?.identifiers[0]).toEqual({ issuer: '0614141073467', kind: 'po', value: '1152' });
  });

  it('about items on a shelf belongs to no shipment', () => {
    expect(read(shipped({ epcList: ['urn:epc:id:sgtin:0614141.107346.2017'] }))).toEqual([
      { type: 'nothing', position: 0, why: 'unrelated' },
    ]);
  });
});

describe('a sensor', () => {
  const sensed = (report: object): TrackingEvent | undefined =>
    events(shipped({ bizStep: 'sensor_reporting', sensorElementList: [{ sensorReport: [report] }] }))[0];

  it.each([
    ['CEL', -18.5, -18.5],
    ['FAH', 14, -10],
    ['KEL', 253.15, -20],
    ['P1', 50, null],
  ])('in %s says %f, which is %s °C', (uom, value, celsius) => {
    expect(sensed({ type: 'gs1:Temperature', value, uom })?.temperatureC).toBe(celsius);
  });

  it('that tells a span tells its highest, and the span in words', () => {
    const span = { type: 'Temperature', minValue: 12.4, maxValue: 13.8, meanValue: 13.2, uom: 'CEL' };
    expect(sensed(span)).toMatchObject({ temperatureC: 13.8, text: '12.4 to 13.8 °C' });
  });

  it.each([
    ['ALARM_CONDITION', 'temperature_excursion'],
    ['gs1:ERROR_CONDITION', 'sensor_fault'],
  ])('that says %s itself raises %s', (exception, category) => {
    expect(sensed({ type: 'Temperature', exception, value: 9, uom: 'CEL' })?.category).toBe(category);
  });
});

describe('an error declaration', () => {
  const declared = {
    declarationTime: '2025-06-01T12:00:00Z',
    reason: 'incorrect_data',
    correctiveEventIDs: ['e:2'],
  };

  it.each([
    ['id', { eventID: 'urn:uuid:374d95fc-9457-4a51-bd6a-0bba133845a8' }],
    ['content', {}],
  ])('takes back the event with its %s', (_, changes) => {
    const [original] = events(shipped(changes));
    const [retraction] = events(
      shipped({ ...changes, recordTime: '2025-06-01T12:00:05Z', errorDeclaration: declared }),
    );
    expect(retraction).toMatchObject({
      retracts: original?.id,
      at: Date.parse(declared.declarationTime),
      category: null,
      text: 'corrected by e:2',
      identifiers: original?.identifiers,
    });
    expect(retraction?.id).not.toBe(original?.id);
  });

  it('takes back nothing of other content', () => {
    const [other] = events(shipped({ eventTime: '2025-06-01T09:31:00Z' }));
    const [retraction] = events(shipped({ errorDeclaration: declared }));
    expect(retraction?.retracts).not.toBe(other?.id);
  });
});

describe('keys of GS1', () => {
  it.each([
    ['urn:epc:id:sscc:4012345.0000000333', 'tracking', '040123450000003338'],
    ['https://id.gs1.org/00/040123450000003338', 'tracking', '040123450000003338'],
    ['https://brand.example/track/00/040123450000003338?x=1', 'tracking', '040123450000003338'],
    ['urn:epc:id:grai:4012345.66666.87', 'equipment', '0401234566666387'],
    ['urn:epc:id:giai:4012345.AAbb', 'equipment', '4012345AAbb'],
    ['urn:epc:id:ginc:4012345.333', 'house_bill', '4012345333'],
    ['urn:epc:id:bic:CSQU3054383', 'container', 'CSQU3054383'],
  ])('%s is %s %s', (uri, kind, value) => {
    expect(identifierOfKey(uri)).toEqual({ issuer: 'GS1', kind, value });
  });

  it.each(['urn:epc:id:sgtin:4012345.012345.12', 'https://id.gs1.org/01/09521141012345', 'nonsense', ''])(
    '%s names no shipment',
    (uri) => {
      expect(identifierOfKey(uri)).toBeNull();
    },
  );

  it('name a place the same way as URN and as link', () => {
    expect(placeKey('urn:epc:id:sgln:4012345.00005.0')).toBe('4012345000054');
    expect(placeKey('https://id.example.com/414/4012345000054')).toBe('4012345000054');
    expect(placeKey('https://example.com/here')).toBeNull();
  });
});

it('fails one bad event alone, with its bytes', () => {
  const bad = { ...shipped(), eventTime: 'yesterday' };
  const [good, failure] = read(documentWith(shipped(), bad));
  expect(good?.type).toBe('tracking');
  if (failure?.type !== 'failure') throw new Error('no failure');
  expect(failure.reason).toContain('eventTime: "yesterday"');
  expect(JSON.parse(textOf(failure.bytes))).toEqual(bad);
});
