import { describe, expect, it } from 'vitest';
import { eventsOf, failuresOf, iso, readSet } from './read-x12.ts';

const q5 = (code: string, date = '20250601'): string => `Q5*${code}*${date}*0930*CT**CHICAGO*IL*US`;

describe('a 322', () => {
  it('is a status of each piece of equipment: its own Q5, else the one before all', () => {
    const decoded = readSet('322', [
      q5('I'),
      'N7*JBHU*24567*********BNSF',
      'N9*WY*WB-1',
      'N7*MSCU*123456**********************6',
      q5('OA'),
      'N9*BN*BK-1',
    ]);
    expect(
      eventsOf(decoded).map(({ status, code, identifiers }) => [
        status,
        code?.status,
        identifiers.map(({ kind, value }) => `${kind} ${value}`),
      ]),
    ).toEqual([
      ['arrived', 'I', ['equipment JBHU24567', 'pro WB-1']],
      ['departed', 'OA', ['container MSCU123456', 'booking BK-1']],
    ]);
    const [first] = eventsOf(decoded);
    expect([iso(first?.at), first?.zoneSource, first?.place?.city]).toEqual([
      '2025-06-01T14:30:00.000Z',
      'event',
      'CHICAGO',
    ]);
  });

  it('names the equipment of the Q5 where there is no N7, and the port where it names no city', () => {
    const [event] = eventsOf(
      readSet('322', ['Q5*UR*20250601*0930******MSCU*123456', 'R4*5*UN*USCHI*CHICAGO*US***IL']),
    );
    expect(event).toMatchObject({ status: 'arrived', place: { unlocode: 'USCHI' } });
    expect(event?.identifiers).toEqual([{ issuer: 'acme', kind: 'container', value: 'MSCU123456' }]);
  });

  it('keeps a reason that nobody mapped', () => {
    const [event] = eventsOf(readSet('322', ['Q5*B*20250601*0930*CT*A7', 'N7*JBHU*24567']));
    expect(event).toMatchObject({ category: 'equipment_unfit', cause: 'unmapped', code: { reason: 'A7' } });
  });

  it('is a failure where nothing says what happened', () => {
    expect(failuresOf(readSet('322', ['N7*JBHU*24567']))).toEqual([
      'FW402 transaction set 322: no Q5 says what happened',
    ]);
  });
});
