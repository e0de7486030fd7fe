import { expect, it } from 'vitest';
import { readEdifactTime } from '../../../../sources/decoders/edifact/date-time.ts';
import { zoneOfCountry } from '../../../../sources/decoders/zone-of-country.ts';

const read = (value: string, format: string): string | null => {
  const time = readEdifactTime({ qualifier: '334', value, format });
  if (time === null) return null;
  const zone = time.offsetH === null ? '' : ` ${time.offsetH}`;
  return `${new Date(time.wall).toISOString().slice(0, 19)} ${time.precision}${zone}`;
};

it.each([
  ['20221119', '102', '2022-11-19T00:00:00 day'],
  ['221119', '101', '2022-11-19T00:00:00 day'],
  ['191122', '2', '2022-11-19T00:00:00 day'],
  ['2211190710', '201', '2022-11-19T07:10:00 instant'],
  ['221119071059', '202', '2022-11-19T07:10:59 instant'],
  ['202211190710', '203', '2022-11-19T07:10:00 instant'],
  ['20221119071059', '204', '2022-11-19T07:10:59 instant'],
  ['202211190710+0530', '205', '2022-11-19T07:10:00 instant 5.5'],
  ['2211190710UTC', '301', '2022-11-19T07:10:00 instant 0'],
  ['202211190710CET', '303', '2022-11-19T07:10:00 instant 1'],
  ['202211190710CST', '303', '2022-11-19T07:10:00 instant'],
  ['202211190710+00', '303', '2022-11-19T07:10:00 instant 0'],
  ['202211190710-08:00', '303', '2022-11-19T07:10:00 instant -8'],
  ['20221119071059EST', '304', '2022-11-19T07:10:59 instant -5'],
  ['20221119-20221121', '718', '2022-11-21T00:00:00 day'],
  ['202211190700202211190900', '719', '2022-11-19T09:00:00 instant'],
  ['202211192400', '203', '2022-11-20T00:00:00 instant'],
  ['202211190710', '', '2022-11-19T07:10:00 instant'],
  ['20221119', '', '2022-11-19T00:00:00 day'],
  ['20221332', '102', null],
  ['20230229', '102', null],
  ['202211192561', '203', null],
  ['2022111907', '203', null],
  ['7', '804', null],
  ['20221119', '718', null],
  ['', '', null],
])('%s in format %s is %s', (value, format, expected) => {
  expect(read(value, format)).toBe(expected);
});

it('knows the zone of a country whose clocks show the same', () => {
  const wall = Date.parse('2025-06-02T00:00:00Z');
  expect(zoneOfCountry('DE', wall)).toBe('Europe/Berlin');
  expect(zoneOfCountry('SG', wall)).toBe('Asia/Singapore');
  for (const country of ['US', 'ES', 'XX', '', null]) expect(zoneOfCountry(country, wall)).toBeNull();
});
