import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { location } from '../../../../domain/location.ts';
import type { WeatherAlert } from '../../../../domain/weather-alert.ts';
import { decode } from '../../../../sources/decoders/decode.ts';
import type { Decoded } from '../../../../sources/decoders/decoder.ts';
import { locationMaster } from '../../../../sources/places/location-master.ts';
import { documentOf, settingsWith } from '../decoder-settings.ts';

const fuzzRuns = Number(process.env['FOREWARN_FUZZ_RUNS'] ?? 300);
const places = locationMaster([location.parse({ id: 'DC', latitude: 39.76, longitude: -84.19 })]);

const geocode = (list: string, value: string): string =>
  `<geocode><valueName>${list}</valueName><value>${value}</value></geocode>`;
const parameter = (name: string, value: string): string =>
  `<parameter><valueName>${name}</valueName><value>${value}</value></parameter>`;
const info = (inside = '', change: Record<string, string> = {}): string => {
  const fields = {
    language: 'en-US',
    category: 'Met',
    event: 'Winter Storm',
    urgency: 'Expected',
    severity: 'Severe',
    certainty: 'Likely',
    effective: '2025-06-02T05:00:00-04:00',
    onset: '2025-06-02T06:00:00-04:00',
    expires: '2025-06-02T20:00:00-04:00',
    headline: 'Snow &amp; ice',
    ...change,
  };
  const elements = Object.entries(fields)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `<${name}>${value}</${name}>`);
  return `<info>${elements.join('')}${inside}</info>`;
};
const area = (inside: string): string => `<area><areaDesc>Somewhere</areaDesc>${inside}</area>`;
const alert = (inside: string, head: Record<string, string> = {}): string => {
  const fields = {
    identifier: 'A3',
    sender: 'weather@example.com',
    sent: '2025-06-02T05:00:00-04:00',
    status: 'Actual',
    msgType: 'Alert',
    scope: 'Public',
    ...head,
  };
  const elements = Object.entries(fields).map(([name, value]) => `<c:${name}>${value}</c:${name}>`);
  return (
    '<?xml version="1.0" encoding="UTF-8"?><c:alert xmlns:c="urn:oasis:names:tc:emergency:cap:1.2">' +
    `${elements.join('')}${inside.replaceAll(/<(\/?)/g, '<$1c:')}</c:alert>`
  );
};

const read = (text: string): readonly Decoded[] =>
  decode(documentOf(text, { contentType: 'application/xml' }), settingsWith({ places }));
const alertsOf = (text: string): WeatherAlert[] =>
  read(text).map((one) => {
    if (one.type !== 'weather') throw new Error(JSON.stringify(one));
    return one.value;
  });

describe('a CAP alert', () => {
  it('becomes a weather alert with its times, words and zones', () => {
    const text = alert(info(area(geocode('UGC', 'OHZ061 OHC113') + geocode('SAME', '039057'))));
    expect(alertsOf(text)).toMatchObject([
      {
        id: 'A3',
        alertId: 'A3',
        hazardId: 'A3',
        messageType: 'alert',
        vtecAction: null,
        event: 'Winter Storm',
        severity: 'severe',
        certainty: 'likely',
        zones: ['OHZ061', 'OHC113', 'SAME:039057', 'OHC057'],
        at: Date.parse('2025-06-02T09:00:00Z'),
        onsetAt: Date.parse('2025-06-02T10:00:00Z'),
        endsAt: Date.parse('2025-06-03T00:00:00Z'),
        headline: 'Snow & ice',
        references: [],
      },
    ]);
  });

  it('is one of a chain by what it refers to, the earliest first', () => {
    const references =
      'weather@example.com,A2,2025-06-02T04:00:00-04:00 weather@example.com,A1,2025-06-02T03:00:00-04:00';
    const [one] = alertsOf(alert(info(area(geocode('UGC', 'OHC113'))), { msgType: 'Update', references }));
    expect(one).toMatchObject({ hazardId: 'A1', references: ['A1', 'A2'], messageType: 'update' });
  });

  it('ends by a cancellation, which needs no info, and by an all clear', () => {
    const references = 'weather@example.com,A1,2025-06-02T03:00:00-04:00';
    expect(alertsOf(alert('', { msgType: 'Cancel', references }))).toMatchObject([
      { messageType: 'cancel', hazardId: 'A1', zones: [] },
    ]);
    const clear = info('<responseType>AllClear</responseType>' + area(geocode('UGC', 'OHC113')));
    expect(alertsOf(alert(clear, { msgType: 'Update', references }))).toMatchObject([
      { messageType: 'cancel', hazardId: 'A1', zones: ['OHC113'] },
    ]);
  });

  it('is read in one language, and its parts of that language are alerts of their own', () => {
    const french = info('', { language: 'fr-CA', event: 'Neige' });
    const parts = french + info('', { event: 'Snow' }) + info('', { event: 'Wind', severity: 'Minor' });
    expect(alertsOf(alert(parts)).map(({ id, event }) => `${id} ${event}`)).toEqual([
      'A3#1 Snow',
      'A3#2 Wind',
    ]);
    expect(alertsOf(alert(french)).map(({ event }) => event)).toEqual(['Neige']);
  });

  it('speaks of the hazards of its VTEC', () => {
    const vtec = (product: string, action: string) =>
      parameter('VTEC', `/${product}.${action}.KILN.WS.W.0007.250602T1000Z-250603T0000Z/`);
    expect(alertsOf(alert(info(vtec('O', 'EXA') + area(geocode('UGC', 'OHC113')))))).toMatchObject([
      { hazardId: 'KILN.WS.W.0007.2025', vtecAction: 'EXA' },
    ]);
    const older = { references: 'weather@example.com,A1,2024-12-31T09:00:00-00:00' };
    expect(alertsOf(alert(info(vtec('O', 'CON')), older))).toMatchObject([
      { hazardId: 'KILN.WS.W.0007.2024' },
    ]);
    expect(read(alert(info(vtec('T', 'NEW'))))).toMatchObject([{ type: 'nothing', why: 'test' }]);
  });

  it('has the zones of other lists under the name of their list', () => {
    const text = alert(
      info(area(geocode('EMMA_ID', 'DE123') + geocode('profile:CAP-CP:Location:0.3', '3537001'))),
    );
    expect(alertsOf(text)[0]?.zones).toEqual(['EMMA_ID:DE123', 'profile:CAP-CP:Location:0.3:3537001']);
  });

  it('has the counties that its shapes meet where it has no code, and the customer’s own places in any case', () => {
    const polygon = '<polygon>39.70,-84.25 39.70,-84.15 39.80,-84.15 39.80,-84.25 39.70,-84.25</polygon>';
    expect(alertsOf(alert(info(area(polygon))))[0]?.zones).toEqual(['OHC113', 'PLACE:DC']);
    expect(alertsOf(alert(info(area(polygon + geocode('UGC', 'OHZ061')))))[0]?.zones).toEqual([
      'OHZ061',
      'PLACE:DC',
    ]);
    expect(alertsOf(alert(info(area('<circle>39.76,-84.19 5.0</circle>'))))[0]?.zones).toContain('OHC113');
    expect(
      alertsOf(alert(info(area('<polygon>39.7,-84.2 nonsense</polygon><circle>north 3</circle>'))))[0]?.zones,
    ).toEqual([]);
  });

  it('holds for a day where it does not say how long', () => {
    const [one] = alertsOf(alert(info('', { expires: '', onset: '' })));
    expect([one?.onsetAt, one?.endsAt]).toEqual(
      ['2025-06-02T09:00:00Z', '2025-06-03T09:00:00Z'].map((text) => Date.parse(text)),
    );
  });

  it.each([
    ['Test', 'Alert', 'test'],
    ['Exercise', 'Alert', 'test'],
    ['Draft', 'Alert', 'test'],
    ['System', 'Alert', 'heartbeat'],
    ['Actual', 'Ack', 'acknowledgement'],
    ['Actual', 'Error', 'acknowledgement'],
  ])('of status %s and type %s is nothing: %s', (status, msgType, why) => {
    expect(read(alert('', { status, msgType, sent: 'whenever' }))).toEqual([
      { type: 'nothing', position: 0, why },
    ]);
  });

  it('fails with a reason where it cannot be used', () => {
    const reasonOf = (text: string): string => {
      const [one, ...more] = read(text);
      if (one?.type !== 'failure' || more.length > 0) throw new Error('not one failure');
      return `${one.code} ${one.reason}`;
    };
    expect(reasonOf(alert(info(), { sent: 'yesterday' }))).toMatch(/^FW402 CAP: sent: .*found "yesterday"/);
    expect(reasonOf(alert(info('', { onset: 'soon' })))).toMatch(/^FW402 CAP: info\.0\.onset/);
    expect(reasonOf(alert(info(), { sent: '2025-06-02T18:00:00Z' }))).toMatch(/^FW403 /);
    expect(reasonOf(alert(''))).toMatch(/^FW402 CAP: info: an alert needs at least one/);
    expect(reasonOf(alert(info(), { msgType: 'Shout' }))).toMatch(/^FW402 CAP: msgType "Shout"/);
    expect(reasonOf(alert(info()).slice(0, -9))).toMatch(/^FW401 not XML/);
  });

  it('may declare nothing: no document type, no entity of its own', () => {
    const evil = alert(info()).replace(
      '?><c:alert',
      '?><!DOCTYPE alert [<!ENTITY x SYSTEM "file:///etc/passwd">]><c:alert',
    );
    expect(read(evil)).toMatchObject([{ type: 'failure', code: 'FW401' }]);
    expect(read(alert(info('', { headline: '&x;' })))).toMatchObject([{ type: 'failure', code: 'FW401' }]);
  });

  it('survives whatever is done to it, and loses nothing', () => {
    const text = alert(info(area(geocode('UGC', 'OHC113') + '<circle>39.76,-84.19 5.0</circle>')));
    const damage = fc.array(fc.tuple(fc.nat(text.length), fc.nat(255), fc.nat(40)), { maxLength: 6 });
    fc.assert(
      fc.property(damage, (changes) => {
        let bytes = Buffer.from(text);
        for (const [at, byte, cut] of changes)
          bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from([byte]), bytes.subarray(at + cut)]);
        const decoded = decode(
          documentOf(Uint8Array.from(bytes), { contentType: 'application/cap+xml' }),
          settingsWith({ places }),
        );
        expect(decoded.length).toBeGreaterThan(0);
        decoded.forEach((one, index) => expect(one.position).toBe(index));
      }),
      { numRuns: fuzzRuns },
    );
  });
});
