import { describe, expect, it } from 'vitest';
import { shipmentPlan } from '../../../../domain/shipment-plan.ts';
import { location } from '../../../../domain/location.ts';
import { locationMaster } from '../../../../sources/places/location-master.ts';
import { settingsWith } from '../decoder-settings.ts';
import { eventsOf, failuresOf, iso, plansOf, readSet } from './read-x12.ts';

const head = ['B2**RDWY**SHP-7**PP', 'B2A*00*LT', 'L11*BL-9*BM', 'MS3*RDWY*B**LT', 'N1*BT*WEST GOODS*93*C77'];
const stops = [
  'S5*1*CL',
  'G62*37*20250603*I*0800',
  'G62*38*20250603*K*1600',
  'N1*SH*PLANT*93*P1',
  'N4*TROY*NY*12180*US',
  'S5*3*CU',
  'OID**PO-5',
  'G62*53*20250605*G*0900',
  'G62*54*20250605*L*1100',
  'N1*CN*SHOP*93*S1',
  'N4*DENVER*CO*80202*US',
  'S5*2*PU',
  'G62*70*20250604*X*1200',
  'N1*CN*HALF WAY*93*S2',
  'N4*GARY*IN*46402*US',
];

describe('a 204', () => {
  it('becomes a plan with a leg between stops in their sequence, windows in the zone of each stop', () => {
    const decoded = readSet('204', [...head, ...stops]);
    expect(failuresOf(decoded)).toEqual([]);
    const [plan] = plansOf(decoded);
    expect(shipmentPlan.safeParse(plan).success).toBe(true);
    expect(plan).toMatchObject({
      shipmentId: 'SHP-7',
      customerId: 'C77',
      carrier: 'RDWY',
      mode: 'ltl',
      lane: 'TROY NY US - DENVER CO US',
      cancelled: false,
      contentsClass: 'general',
    });
    expect(iso(plan?.at)).toBe('2025-06-02T11:00:00.000Z');
    expect(
      plan?.legs.map(({ from, to, departAt, arriveAt }) => [from, to, iso(departAt), iso(arriveAt)]),
    ).toEqual([
      ['TROY NY US', 'GARY IN US', '2025-06-03T20:00:00.000Z', '2025-06-04T16:00:00.000Z'],
      ['GARY IN US', 'DENVER CO US', '2025-06-04T16:00:00.000Z', '2025-06-05T17:00:00.000Z'],
    ]);
    expect(iso(plan?.promisedAt)).toBe('2025-06-05T17:00:00.000Z');
    expect([iso(plan?.appointment?.from), iso(plan?.appointment?.to)]).toEqual([
      '2025-06-05T15:00:00.000Z',
      '2025-06-05T17:00:00.000Z',
    ]);
    expect(plan?.milestones.map(({ key }) => key)).toEqual([
      'pickup',
      'depart:0',
      'arrive:0',
      'depart:1',
      'arrive:1',
      'delivery',
    ]);
  });

  it('claims the names under which the carrier’s 214 and 990 speak of it', () => {
    const [plan] = plansOf(readSet('204', [...head, ...stops]));
    expect(plan?.identifiers).toEqual(
      expect.arrayContaining([
        { issuer: 'RDWY', kind: 'shipper_reference', value: 'SHP-7' },
        { issuer: 'RDWY', kind: 'bol', value: 'BL-9' },
        { issuer: 'RDWY', kind: 'po', value: 'PO-5' },
      ]),
    );
    const [answer] = eventsOf(readSet('990', ['B1*RDWY*SHP-7*20250602*A']));
    expect(plan?.identifiers).toContainEqual(answer?.identifiers[0]);
  });

  it('passes the counties between its stops, known by own place, postal code or city', () => {
    const places = locationMaster([location.parse({ id: 'S1', latitude: 39.74, longitude: -104.99 })]);
    const zonesWith = (change: (segment: string) => string) =>
      plansOf(readSet('204', [...head, ...stops.map(change)], settingsWith({ places })))[0]?.legs.map(
        ({ zones, zonesAt }) => [zones, zonesAt?.length],
      ) ?? [];
    const whole = zonesWith((one) => one);
    // Rensselaer, Lake and Denver counties, and those on the way, each with how far along it lies.
    expect(whole[0]?.[0]).toEqual(expect.arrayContaining(['NYC083', 'INC089', 'MIC163']));
    expect(whole[1]?.[0]).toEqual(expect.arrayContaining(['INC089', 'COC031', 'PLACE:S1']));
    for (const [zones, at] of whole) expect((zones as string[]).length).toBe(at);
    // Troy by its postal code though its name is not spelled so, or without a country; or by its name.
    for (const n4 of ['N4*TROY CITY*NY*12180*US', 'N4*TROY*NY*12180', 'N4*TROY*NY**US'])
      expect(zonesWith((one) => (one.startsWith('N4*TROY') ? n4 : one))[0]?.[0]).toContain('NYC083');
    expect(zonesWith((one) => (one.startsWith('N4*TROY') ? 'N4*TROY*NL**NL' : one))[0]?.[0]).toEqual([
      'INC089',
    ]);
    expect(plansOf(readSet('204', [...head, ...stops]))[0]?.legs[0]?.zones).toEqual([]);
  });

  it('promises a whole day where the last stop names no time', () => {
    const dateOnly = stops.map((one) => one.replace('G62*54*20250605*L*1100', 'G62*54*20250605'));
    const [plan] = plansOf(readSet('204', [...head, ...dateOnly]));
    expect([iso(plan?.promisedAt), plan?.promisePrecision]).toEqual(['2025-06-06T05:59:59.999Z', 'day']);
  });

  it('gives a stop without a time that of the next, and takes issue dates for no window', () => {
    const bare = stops.filter((one) => !/^G62\*(37|38|70)/.test(one));
    const [plan] = plansOf(readSet('204', [...head, 'G62*04*20250601', ...bare]));
    expect(plan?.legs.map(({ departAt }) => iso(departAt))).toEqual([
      '2025-06-05T17:00:00.000Z',
      '2025-06-05T17:00:00.000Z',
    ]);
  });

  it('is the same plan, cancelled, for purpose 01, and an event where the stops are left out', () => {
    const cancelled = head.map((one) => one.replace('B2A*00', 'B2A*01'));
    expect(plansOf(readSet('204', [...cancelled, ...stops]))).toMatchObject([
      { shipmentId: 'SHP-7', cancelled: true },
    ]);
    const [event] = eventsOf(readSet('204', cancelled));
    expect(event).toMatchObject({
      status: 'cancelled',
      category: 'cancelled',
      effect: 'cancelled',
      code: { standard: 'x12-204', status: '01' },
    });
    expect(iso(event?.at)).toBe('2025-06-02T11:00:00.000Z');
  });

  it('is a change for purpose 04: a plan that differs in id and replaces the first', () => {
    const changed = head.map((one) => one.replace('B2A*00', 'B2A*04'));
    const [before] = plansOf(readSet('204', [...head, ...stops]));
    const [after] = plansOf(readSet('204', [...changed, ...stops]));
    expect(after?.shipmentId).toBe(before?.shipmentId);
    expect(after?.id).not.toBe(before?.id);
  });

  it('says dangerous goods', () => {
    const [plan] = plansOf(readSet('204', [...head, ...stops, 'LH1*PK*20*UN3077']));
    expect(plan?.contentsClass).toBe('hazardous');
  });

  it.each([
    ['no stops', head, 'FW412 transaction set 204: shipment SHP-7: it has 0 of the two stops'],
    [
      'no time of arrival',
      [...head, 'S5*1*CL', 'S5*2*CU'],
      'FW412 transaction set 204: shipment SHP-7: its last stop',
    ],
    ['no shipment', ['B2**RDWY', 'B2A*00', ...stops], 'FW412 transaction set 204: neither B2-04 nor'],
    [
      'no carrier',
      ['B2****SHP-7', 'B2A*00', ...stops],
      'FW412 transaction set 204: shipment SHP-7: neither B2-02',
    ],
    ['no B2', ['B2A*00', ...stops], 'FW401 transaction set 204: it has no B2'],
  ])('is a failure with %s', (_, segments, reason) => {
    const decoded = readSet('204', segments);
    expect(decoded).toHaveLength(1);
    expect(failuresOf(decoded)[0]).toContain(reason);
  });

  it('takes the carrier of its source where it names none, and tells a broken date beside the plan', () => {
    const partners = { acme: { scac: 'SAIA' } };
    const broken = stops.map((one) => one.replace('20250603*I', '20251399*I'));
    const decoded = readSet('204', ['B2****SHP-7', 'B2A*00', ...broken], settingsWith({ partners }));
    expect(plansOf(decoded)).toMatchObject([{ carrier: 'SAIA' }]);
    expect(failuresOf(decoded)).toEqual([
      'FW402 transaction set 204: shipment SHP-7: "20251399 0800" is no date and time',
    ]);
  });
});
