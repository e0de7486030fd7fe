import { describe, expect, it } from 'vitest';
import { type Place, place } from '../../../domain/event.ts';
import { location } from '../../../domain/location.ts';
import { locationMaster } from '../../../sources/places/location-master.ts';
import { straightWay } from '../../../sources/places/shapes.ts';

const own = [
  {
    id: 'DC-NORTH',
    name: 'Dayton',
    latitude: 39.76,
    longitude: -84.19,
    zones: ['OHZ061'],
    postalCode: 'AB-1',
    country: 'OH',
  },
  {
    id: 'PORT-LB',
    latitude: 33.75,
    longitude: -118.2,
    unlocode: 'USLGB',
    area: [
      [33.6, -118.4],
      [33.6, -118.0],
      [33.8, -118.0],
      [33.8, -118.4],
    ],
  },
  { id: 'TURIN', latitude: 45.07, longitude: 7.69, timeZone: 'Europe/Rome', zones: ['EMMA_ID:IT001'] },
].map((one) => location.parse(one));
const places = locationMaster(own);
const stop = (known: Partial<Place>): Place => ({ ...place.parse({}), ...known });

describe('the zones of a leg', () => {
  it('are the counties that the straight way between its ends meets', () => {
    // Chicago to Indianapolis: Cook and Marion County, and between them White; the interstate passes Tippecanoe beside it.
    const zones = places.wayBetween('US-60601', 'Indianapolis, IN', 'truckload').zones;
    expect(zones).toEqual(expect.arrayContaining(['ILC031', 'INC097', 'INC181']));
    expect(zones).not.toContain('INC003');
    expect(zones.length).toBeLessThan(20);
    expect(zones).toEqual([...zones].toSorted());
  });

  it('lie along it as far as their middles do, from its start to its end', () => {
    const { zones, zonesAt } = places.wayBetween('US-60601', 'Indianapolis, IN', 'truckload');
    const at = new Map(zones.map((zone, place) => [zone, zonesAt?.[place]]));
    expect(at.get('ILC031')).toBe(0);
    expect(at.get('INC097')).toBe(1);
    // White County, some 165 of 265 km down the way.
    expect(at.get('INC181')).toBeGreaterThan(0.5);
    expect(at.get('INC181')).toBeLessThan(0.7);
    expect(
      places.wayBetween('Indianapolis, IN', 'US-60601', 'truckload').zonesAt?.[zones.indexOf('INC181')],
    ).toBeCloseTo(1 - (at.get('INC181') ?? 0));
  });

  it('lie nowhere in particular on a leg within one of them', () => {
    expect(places.wayBetween('US-60601', '41.88,-87.63', 'ltl')).toEqual({
      zones: ['ILC031'],
      zonesAt: null,
    });
    expect(places.wayBetween('US-60601', 'nowhere', 'ltl')).toEqual({ zones: ['ILC031'], zonesAt: [0] });
  });

  it('are those of the ends alone over water and through the air', () => {
    expect(places.wayBetween('US-60601', 'Indianapolis, IN', 'air').zones).toEqual(['ILC031', 'INC097']);
  });

  it('are those that the customer’s own file gives, with the county and the place itself', () => {
    expect(places.wayBetween('dc-north', 'nowhere', 'ltl').zones).toEqual([
      'OHC113',
      'OHZ061',
      'PLACE:DC-NORTH',
    ]);
    expect(places.wayBetween('TURIN', 'TURIN', 'ltl').zones).toEqual(['EMMA_ID:IT001', 'PLACE:TURIN']);
    expect(places.wayBetween('USLGB', '?', 'ocean').zones).toEqual(['CAC037', 'PLACE:PORT-LB']);
  });

  it('are none where a word may be anything', () => {
    for (const word of ['60601', 'CHI', 'HUB 7', '', 'Springfield', 'XX-60601', '99,999'])
      expect(places.wayBetween(word, word, 'ltl').zones).toEqual([]);
  });

  it.each([
    ['41.88,-87.63', 'ILC031'],
    ['60601-1234, US', 'ILC031'],
    ['St. Louis, MO', 'MOC510'],
    ['Anchorage, AK, USA', 'AKC020'],
    ['US 96813', 'HIC003'],
    ['US-00901', 'PRC127'],
  ])('are found for %s', (word, zone) => {
    expect(places.wayBetween(word, word, 'ltl').zones).toEqual([zone]);
  });
});

describe('the zones of an area', () => {
  const square = (south: number, west: number, size: number) => [
    { latitude: south, longitude: west },
    { latitude: south, longitude: west + size },
    { latitude: south + size, longitude: west + size },
    { latitude: south + size, longitude: west },
    { latitude: south, longitude: west },
  ];

  it('are the counties that it touches, and the customer’s own places in it', () => {
    expect(places.zonesIn({ polygons: [square(39.7, -84.3, 0.2)], circles: [] })).toEqual([
      'OHC057',
      'OHC109',
      'OHC113',
      'PLACE:DC-NORTH',
    ]);
    expect(places.zonesIn({ polygons: [square(33.7, -118.1, 0.05)], circles: [] })).toContain(
      'PLACE:PORT-LB',
    );
  });

  it('are those of a circle too, also of one without a radius', () => {
    expect(
      places.zonesIn({ polygons: [], circles: [{ latitude: 45.1, longitude: 7.7, radiusKm: 20 }] }),
    ).toEqual(['PLACE:TURIN']);
    expect(
      places.zonesIn({ polygons: [], circles: [{ latitude: 41.88, longitude: -87.7, radiusKm: 0 }] }),
    ).toEqual(['ILC031']);
  });
});

describe('the clocks of a stop', () => {
  it.each([
    ['its point', { latitude: 43.65, longitude: -79.38 }, 'America/Toronto'],
    ['its postal code', { postalCode: '79901', country: 'US' }, 'America/Denver'],
    [
      'its city, also where the state is split',
      { city: 'EL PASO', region: 'TX', country: 'US' },
      'America/Denver',
    ],
    ['its city, where no country is named', { city: 'Pensacola', region: 'FL' }, 'America/Chicago'],
    ['a Canadian code', { postalCode: 'V5K 0A1', country: 'CA' }, 'America/Vancouver'],
    ['the customer’s own file', { locationId: 'turin', region: 'TX' }, 'Europe/Rome'],
    ['the own place’s point', { postalCode: 'ab-1', country: 'OH' }, 'America/New_York'],
  ])('are known by %s', (_, known, zone) => {
    expect(places.timeZoneOf(stop(known))).toBe(zone);
  });

  it('are not guessed', () => {
    expect(places.timeZoneOf(stop({ city: 'Paris', region: 'TX', country: 'FR' }))).toBeNull();
    expect(places.timeZoneOf(stop({ city: 'Nowhere at all', region: 'TX', country: 'US' }))).toBeNull();
    expect(places.timeZoneOf(stop({ postalCode: '10115', country: 'DE' }))).toBeNull();
  });
});

it('knows the customer’s own port by its outline', () => {
  expect(places.portAt({ latitude: 33.7, longitude: -118.2 })).toBe('USLGB');
  expect(places.portAt({ latitude: 33.9, longitude: -118.2 })).toBeNull();
});

it('bends a long way with the earth', () => {
  const { coordinates } = straightWay(
    { latitude: 47.6, longitude: -122.3 },
    { latitude: 40.7, longitude: -74 },
  );
  expect(Math.max(...coordinates.map(([, latitude]) => latitude ?? 0))).toBeGreaterThan(47.9);
  expect(coordinates.at(-1)).toEqual([-74, 40.7]);
});
