import { describe, expect, it } from 'vitest';
import { settingsWith } from '../decoder-settings.ts';
import { eventsOf, failuresOf, iso, readSet } from './read-x12.ts';

describe('a 990', () => {
  it('that accepts is information at the group’s time', () => {
    const [event] = eventsOf(readSet('990', ['B1*RDWY*SHP-7*20250602*A', 'N9*CN*PRO-1']));
    expect(event).toMatchObject({ status: 'information', category: null, carrier: 'RDWY' });
    expect(iso(event?.at)).toBe('2025-06-02T11:00:00.000Z');
    expect(event?.identifiers).toEqual([
      { issuer: 'RDWY', kind: 'shipper_reference', value: 'SHP-7' },
      { issuer: 'RDWY', kind: 'pro', value: 'PRO-1' },
    ]);
  });

  it.each(['D', 'E'])(
    'that declines by %s leaves the shipment without room, and keeps why in words',
    (code) => {
      const [event] = eventsOf(readSet('990', [`B1*RDWY*SHP-7*20250602*${code}`, 'K1*NO DRIVER*THIS WEEK']));
      expect(event).toMatchObject({
        status: 'information',
        cause: 'capacity',
        effect: 'delay',
        party: 'carrier',
        category: 'carrier_capacity',
        text: 'NO DRIVER THIS WEEK',
      });
    },
  );

  it('that names no shipment or gives no answer is a failure, and an unknown answer is unmapped', () => {
    expect(failuresOf(readSet('990', ['B1*RDWY**20250602*A']))[0]).toContain('no reference');
    expect(failuresOf(readSet('990', ['B1*RDWY*SHP-7*20250602']))[0]).toContain('no answer');
    expect(eventsOf(readSet('990', ['B1*RDWY*SHP-7**Z']))[0]).toMatchObject({ status: 'unmapped' });
  });

  it('every answer of element 558 has a meaning', () => {
    const { mappings } = settingsWith();
    for (const code of 'ABCDENRSUV')
      expect(
        mappings.find({ standard: 'x12-990', partner: null, list: '558', agency: null, code }),
      ).not.toBeNull();
  });
});
