import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { location } from '../../../domain/location.ts';
import type { ShipmentPlan } from '../../../domain/shipment-plan.ts';
import { decode } from '../../../sources/decoders/decode.ts';
import { locationMaster } from '../../../sources/places/location-master.ts';
import { documentOf, repository, settingsWith } from './decoder-settings.ts';

const places = locationMaster([location.parse({ id: 'DC', latitude: 39.76, longitude: -84.19 })]);
const example: object = JSON.parse(readFileSync(`${repository}docs/examples/plan.json`, 'utf8'));

const legsOf = (legs: readonly object[], settings = settingsWith({ places })): ShipmentPlan['legs'] => {
  const record = JSON.stringify({ ...example, legs: legs.map((leg) => ({ ...base, ...leg })) });
  const [one] = decode(
    documentOf(record, { contentType: 'application/json', heardAt: Date.UTC(2030, 0) }),
    settings,
  );
  if (one?.type !== 'plan') throw new Error(JSON.stringify(one));
  return one.value.legs;
};
const base = {
  carrier: 'EXFR',
  mode: 'truckload',
  from: 'DC',
  to: 'Cincinnati, OH',
  departAt: '2026-01-05T08:00:00Z',
  arriveAt: '2026-01-05T12:00:00Z',
};

describe('a plan, with the location master', () => {
  it('gets the zones of the legs that came with none', () => {
    const [leg] = legsOf([{}]);
    expect(leg?.zones).toEqual(expect.arrayContaining(['OHC061', 'OHC113', 'PLACE:DC']));
    expect(leg?.zones).not.toContain('OHC049');
  });

  it('keeps the zones that its sender gave', () => {
    const legs = legsOf([{ zones: ['OHZ070'] }, {}]);
    expect(legs.map(({ zones }) => zones.length > 1)).toEqual([false, true]);
    expect(legs[0]?.zones).toEqual(['OHZ070']);
  });

  it('is left as it is where its words name no place, and without the location master', () => {
    expect(legsOf([{ from: 'CHI', to: '45202' }])[0]?.zones).toEqual([]);
    expect(legsOf([{}], settingsWith())[0]?.zones).toEqual([]);
  });
});
