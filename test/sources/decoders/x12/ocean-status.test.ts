import { describe, expect, it } from 'vitest';
import { settingsWith } from '../decoder-settings.ts';
import { eventsOf, failuresOf, iso, readSet } from './read-x12.ts';

const way = [
  'N9*BN*BK-1',
  'N9*MB*MBL-1',
  'N9*EQ*MSCU1234566',
  'N9*SCA*MAEU',
  'Q2*9330141********202N***L*MARIM',
  'R4*L*UN*CNSHA*SHANGHAI*CN',
  'R4*D*UN*USLAX*LOS ANGELES*US***CA',
];

describe('a 315', () => {
  it('is a status at its port, with container, booking, bill and vessel', () => {
    const [event] = eventsOf(readSet('315', ['B4***VD*20250601*0807**MSCU*123456*L**CNSHA*UN*6', ...way]));
    expect(event).toMatchObject({
      status: 'departed',
      carrier: 'MAEU',
      category: null,
      code: { standard: 'x12-315', status: 'VD', reason: null },
      text: 'MARIM (9330141), voyage 202N',
      place: { unlocode: 'CNSHA', city: 'SHANGHAI', country: 'CN' },
    });
    expect(event?.identifiers).toEqual([
      { issuer: 'MAEU', kind: 'container', value: 'MSCU1234566' },
      { issuer: 'MAEU', kind: 'booking', value: 'BK-1' },
      { issuer: 'MAEU', kind: 'master_bill', value: 'MBL-1' },
    ]);
  });

  it('reads the time in the zone of the port’s state', () => {
    const [event] = eventsOf(readSet('315', ['B4***UV*20250601*0807**MSCU*123456*L**USLAX*UN*6', ...way]));
    expect([iso(event?.at), event?.zoneSource]).toEqual(['2025-06-01T15:07:00.000Z', 'stop']);
  });

  it('takes the port of its status where it names no place', () => {
    const [left] = eventsOf(readSet('315', ['B4***VD*20250601*0807**MSCU*123456', ...way]));
    expect(left?.place?.unlocode).toBe('CNSHA');
    const [ready] = eventsOf(readSet('315', ['B4***AV*20250601*0807**MSCU*123456', ...way]));
    expect(ready?.place?.unlocode).toBe('USLAX');
    const own = ['R4*5*UN*USOAK*OAKLAND*US***CA'];
    const [other] = eventsOf(readSet('315', ['B4***I*20250601*0807**MSCU*123456', ...way, ...own]));
    expect(other?.place?.unlocode).toBe('USOAK');
  });

  it('tells expected times of ports as estimates, and what was actual not twice', () => {
    const expected = [...way, 'DTM*139*20250620*0600', 'DTM*140*20250601*0600'];
    const decoded = readSet('315', ['B4***AE*20250601*0807**MSCU*123456', ...expected]);
    expect(
      eventsOf(decoded).map(({ status, code, estimatedAt }) => [status, code?.status, iso(estimatedAt)]),
    ).toEqual([
      ['in_transit', 'AE', null],
      ['estimate', 'DTM:139', '2025-06-20T13:00:00.000Z'],
    ]);
  });

  it('says each SG as a status of its own with its reason', () => {
    const decoded = readSet('315', ['B4*******MSCU*123456', ...way, 'SG*PA*005**20250601*0900']);
    expect(eventsOf(decoded)).toMatchObject([
      {
        status: 'held',
        category: 'inspection_hold',
        cause: 'unmapped',
        code: { status: 'PA', reason: '005' },
      },
    ]);
  });

  it('lets free time end in the future without taking it for a wrong clock', () => {
    const [event] = eventsOf(readSet('315', ['B4***NF*20250610*2359**MSCU*123456', ...way]));
    expect(event).toMatchObject({ category: 'demurrage_risk', status: 'information' });
    expect(iso(event?.at)).toBe('2025-06-02T11:00:00.000Z');
    expect(failuresOf(readSet('315', ['B4***VA*20250610*2359**MSCU*123456', ...way]))[0]).toMatch(/^FW403/);
  });

  it.each([
    ['without a status', ['B4*******MSCU*123456'], 'neither its B4 nor an SG'],
    ['without a name', ['B4***VA*20250601*0807'], 'no reference'],
    ['without B4', way, 'it has no B4'],
    ['with a broken date', ['B4***VA*20251301*0807**MSCU*123456'], '"20251301 0807" is no date'],
  ])('is a failure %s', (_, segments, reason) => {
    expect(failuresOf(readSet('315', segments)).join()).toContain(reason);
  });
});

describe('element 157', () => {
  const { mappings } = settingsWith();
  const find = (standard: string, code: string) =>
    mappings.find({ standard, partner: null, list: '157', agency: null, code });
  /** Codes that are published for every release since 2002, 2040, 3010 or 4010, and by carriers' guides for 4010. */
  const published =
    '2 3 A A1 A2 A3 A4 AA AC AD AE AF AG AH AI AJ AL AM AN AO AP AR AV AW B BA BC BD BE BF BR C C1 CA CB CC CO CR CS CT CU CV ' +
    'D DA DC DP DR DS DT E EA EE ER F FP FT G GO H HA HB HC HD HG HR I IB IR J K L M MT N ND NF NH NR O OA OB P PA PB PC PD ' +
    'PE PF PG PH PI PJ PK PL PM PN PO PP PQ PR PS PT PU PV PW PX Q R RD RI RL S SA SB SI TC UR UV VA VD X1 X6 X9';

  it('has a meaning for every published code, the same in 315 and 322', () => {
    for (const code of published.split(' ')) {
      expect([code, find('x12-315', code)]).toEqual([
        code,
        expect.objectContaining({ means: expect.any(String) }),
      ]);
      expect(find('x12-322', code)).toEqual(find('x12-315', code));
    }
  });
});
