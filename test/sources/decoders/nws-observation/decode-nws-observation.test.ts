import { describe, expect, it } from 'vitest';
import { decode } from '../../../../sources/decoders/decode.ts';
import { documentOf, settingsWith, textOf } from '../decoder-settings.ts';

const value = (unit: string, number: number | null, qualityControl = 'V'): object => ({
  unitCode: `wmoUnit:${unit}`,
  value: number,
  qualityControl,
});
const observation = (changes: object = {}): object => ({
  type: 'Feature',
  geometry: { type: 'Point', coordinates: [-84.03, 39.82, 250] },
  properties: {
    '@type': 'wx:ObservationStation',
    station: 'https://api.weather.gov/stations/KFFO',
    timestamp: '2025-06-02T11:55:00+00:00',
    textDescription: 'Light Snow',
    temperature: value('degC', -2.5),
    windSpeed: value('km_h-1', 20),
    windGust: value('km_h-1', null, 'Z'),
    visibility: value('m', 1_600, 'C'),
    precipitationLastHour: value('mm', 0.4, 'Z'),
    ...changes,
  },
});
const read = (content: object) =>
  decode(documentOf(JSON.stringify(content), { contentType: 'application/geo+json' }), settingsWith());
const one = (changes: object = {}) => {
  const [first] = read(observation(changes));
  return first?.type === 'observation' ? first.value : first;
};

describe('an NWS observation', () => {
  it('says what its station measured', () => {
    expect(one()).toMatchObject({
      station: 'KFFO',
      at: Date.parse('2025-06-02T11:55:00Z'),
      place: { latitude: 39.82, longitude: -84.03 },
      temperatureC: -2.5,
      windKph: 20,
      gustKph: null,
      visibilityM: 1_600,
      precipitationMm: 0.4,
      conditions: 'Light Snow',
    });
  });

  it('is read in the units that it names', () => {
    const other = one({
      temperature: value('degF', 50),
      windSpeed: value('m_s-1', 10),
      windGust: { unitCode: 'unit:km_h-1', value: 50 },
      precipitationLastHour: value('m', 0.002),
    });
    expect(other).toMatchObject({ windKph: 36, gustKph: 50, precipitationMm: 2 });
    expect(other).toHaveProperty('temperatureC', expect.closeTo(10, 9));
  });

  it('has no value that its sender rejected', () => {
    for (const flag of ['X', 'Q', 'B'])
      expect(one({ temperature: value('degC', 60, flag) })).toMatchObject({
        temperatureC: null,
        windKph: 20,
      });
  });

  it('fails alone, with its own bytes, where a unit is not known or a time is none', () => {
    const bad = observation({ temperature: value('furlong', 3) });
    const decoded = read({
      type: 'FeatureCollection',
      features: [observation(), bad, observation({ timestamp: 'date:now -2804 seconds' })],
    });
    expect(decoded.map(({ type }) => type)).toEqual(['observation', 'failure', 'failure']);
    if (decoded[1]?.type !== 'failure' || decoded[2]?.type !== 'failure') throw new Error('no failures');
    expect(decoded[1].reason).toContain('wmoUnit:furlong is not known');
    expect(JSON.parse(textOf(decoded[1].bytes))).toEqual(bad);
    expect(decoded[2].reason).toContain('properties.timestamp');
  });

  it('has the same id when it is heard again', () => {
    const ids = [one(), one({ textDescription: 'Snow' })].map((heard) => heard && 'id' in heard && heard.id);
    expect(ids[0]).toBe(ids[1]);
    expect(ids[0]).toBeTruthy();
  });
});
