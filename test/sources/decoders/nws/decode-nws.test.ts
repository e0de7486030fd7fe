import { describe, expect, it } from 'vitest';
import type { WeatherAlert } from '../../../../domain/weather-alert.ts';
import type { Decoded } from '../../../../sources/decoders/decoder.ts';
import { decode } from '../../../../sources/decoders/decode.ts';
import { readVtec } from '../../../../sources/decoders/nws/vtec.ts';
import { documentOf, settingsWith, textOf } from '../decoder-settings.ts';

const vtec = '/O.CON.KILN.WS.W.0007.250602T0600Z-250603T0600Z/';
const alert = (changes: object = {}, parameters: object = { VTEC: [vtec] }): object => ({
  type: 'Feature',
  geometry: null,
  properties: {
    id: 'urn:alert-3',
    status: 'Actual',
    messageType: 'Update',
    event: 'Winter Storm Warning',
    severity: 'Severe',
    certainty: 'Very Likely',
    headline: 'Snow',
    sent: '2025-06-02T05:00:00-04:00',
    effective: '2025-06-02T05:00:00-04:00',
    onset: '2025-06-02T06:00:00-04:00',
    ends: '2025-06-03T02:00:00-04:00',
    expires: '2025-06-02T14:00:00-04:00',
    geocode: { UGC: ['OHZ070'], SAME: ['039049'] },
    affectedZones: [
      'https://api.weather.gov/zones/forecast/OHZ070',
      'https://api.weather.gov/zones/county/OHC049',
    ],
    references: [
      { identifier: 'urn:alert-2', sent: '2025-06-02T01:00:00-04:00' },
      { identifier: 'urn:alert-1', sent: '2025-06-01T23:00:00-04:00' },
    ],
    parameters,
    ...changes,
  },
});
const read = (content: unknown, contentType = 'application/geo+json'): readonly Decoded[] =>
  decode(documentOf(JSON.stringify(content), { contentType }), settingsWith());
const alertsOf = (decoded: readonly Decoded[]): WeatherAlert[] =>
  decoded.flatMap((one) => (one.type === 'weather' ? [one.value] : []));

describe('an NWS alert', () => {
  it('becomes a weather alert with its zones and its hazard', () => {
    expect(alertsOf(read(alert()))).toMatchObject([
      {
        id: 'urn:alert-3',
        alertId: 'urn:alert-3',
        hazardId: 'KILN.WS.W.0007.2025',
        messageType: 'update',
        vtecAction: 'CON',
        severity: 'severe',
        certainty: 'unknown',
        zones: ['OHZ070', 'OHC049', 'SAME:039049'],
        at: Date.parse('2025-06-02T09:00:00Z'),
        onsetAt: Date.parse('2025-06-02T10:00:00Z'),
        endsAt: Date.parse('2025-06-03T06:00:00Z'),
        references: ['urn:alert-2', 'urn:alert-1'],
      },
    ]);
  });

  it('is known by the earliest of its references, or itself, where it has no VTEC', () => {
    expect(alertsOf(read(alert({}, {})))[0]?.hazardId).toBe('urn:alert-1');
    expect(alertsOf(read(alert({ references: [] }, {})))[0]?.hazardId).toBe('urn:alert-3');
  });

  it('falls back for onset and end, one step after the other', () => {
    const times = (changes: object, parameters: object): (string | undefined)[] => {
      const [one] = alertsOf(read(alert(changes, parameters)));
      return [one?.onsetAt, one?.endsAt].map((t) =>
        t === undefined ? t : new Date(t).toISOString().slice(5, 16),
      );
    };
    const open = { VTEC: ['/O.CON.KILN.WS.W.0007.000000T0000Z-000000T0000Z/'] };
    expect(times({ onset: null, ends: null }, { VTEC: [vtec] })).toEqual(['06-02T09:00', '06-03T06:00']);
    expect(times({ onset: null, effective: null, ends: null }, { VTEC: [vtec] })).toEqual([
      '06-02T06:00',
      '06-03T06:00',
    ]);
    expect(times({ ends: null }, { ...open, eventEndingTime: ['2025-06-02T20:00:00Z'] })).toEqual([
      '06-02T10:00',
      '06-02T20:00',
    ]);
    expect(times({ ends: null }, open)).toEqual(['06-02T10:00', '06-02T18:00']);
    expect(times({ ends: null, expires: null }, open)).toEqual(['06-02T10:00', '06-02T10:00']);
  });

  it('is one for each hazard of several VTEC', () => {
    const upgrade = '/O.UPG.KILN.WS.A.0003.250602T0600Z-250603T0600Z/';
    const both = alertsOf(
      read(alert({}, { VTEC: [upgrade, vtec, '/00000.0.ER.000000T0000Z.000000T0000Z.000000T0000Z.OO/'] })),
    );
    expect(both.map(({ hazardId, vtecAction }) => [hazardId, vtecAction])).toEqual([
      ['KILN.WS.A.0003.2025', 'UPG'],
      ['KILN.WS.W.0007.2025', 'CON'],
    ]);
    expect(new Set(both.map(({ id }) => id)).size).toBe(2);
  });

  it('keeps the year in which its hazard was issued, as far as the message says', () => {
    const hazardOf = (action: string, sent: string, references: readonly string[]): string | undefined =>
      alertsOf(
        read(
          alert(
            { sent, references: references.map((at) => ({ identifier: `urn:${at}`, sent: at })) },
            { VTEC: [`/O.${action}.KILN.WS.W.0007.000000T0000Z-250103T0600Z/`] },
          ),
        ),
      )[0]?.hazardId;
    // 19:00 of New Year's Eve in New York is January of UTC.
    expect(hazardOf('NEW', '2024-12-31T18:59:00-05:00', [])).toBe('KILN.WS.W.0007.2024');
    expect(hazardOf('NEW', '2024-12-31T19:00:00-05:00', ['2024-12-30T09:00:00Z'])).toBe(
      'KILN.WS.W.0007.2025',
    );
    expect(hazardOf('CON', '2025-01-01T09:00:00Z', ['2024-12-31T09:00:00Z'])).toBe('KILN.WS.W.0007.2024');
    expect(hazardOf('CON', '2025-01-01T09:00:00Z', ['2024-12-31T09:00:00Z', '2025-01-01T03:00:00Z'])).toBe(
      'KILN.WS.W.0007.2025',
    );
    expect(hazardOf('CON', '2025-01-01T09:00:00Z', [])).toBe('KILN.WS.W.0007.2025');
  });

  it('is nothing when it is a test, an exercise or an acknowledgement', () => {
    const decoded = read({
      type: 'FeatureCollection',
      features: [
        alert({ status: 'Test', sent: 'whenever' }),
        alert({ messageType: 'Ack' }),
        alert({}, { VTEC: [vtec.replace('/O', '/T')] }),
      ],
    });
    expect(decoded.map((one) => one.type === 'nothing' && one.why)).toEqual([
      'test',
      'acknowledgement',
      'test',
    ]);
  });

  it('fails alone, with its own bytes, when a time cannot be read', () => {
    const bad = alert({ onset: 'date:now +2 days' });
    const decoded = read(
      { title: '"features":[1]', features: [alert(), bad, alert()], type: 'FeatureCollection' },
      'application/json',
    );
    expect(decoded.map(({ type }) => type)).toEqual(['weather', 'failure', 'weather']);
    const failure = decoded[1];
    if (failure?.type !== 'failure') throw new Error('no failure');
    expect(failure).toMatchObject({ stage: 'validate', code: 'FW402' });
    expect(failure.reason).toContain('properties.onset');
    expect(textOf(failure.bytes)).toBe(JSON.stringify(bad));
  });

  it('fails when it was sent in the future; an empty answer is a heartbeat', () => {
    expect(read(alert({ sent: '2025-06-02T13:00:00Z' }))).toMatchObject([{ type: 'failure', code: 'FW403' }]);
    expect(read({ type: 'FeatureCollection', features: [] })).toEqual([
      { type: 'nothing', position: 0, why: 'heartbeat' },
    ]);
  });
});

describe('readVtec', () => {
  it('reads a primary VTEC and nothing else', () => {
    expect(readVtec(vtec)).toEqual({
      operational: true,
      action: 'CON',
      event: 'KILN.WS.W.0007',
      beginsAt: Date.parse('2025-06-02T06:00:00Z'),
      endsAt: Date.parse('2025-06-03T06:00:00Z'),
    });
    expect(readVtec('/O.CON.KILN.WS.W.0007.000000T0000Z-250603T0600Z/')?.beginsAt).toBeNull();
    expect(readVtec('/O.BAD.KILN.WS.W.0007.250602T0600Z-250603T0600Z/')).toBeNull();
  });
});
