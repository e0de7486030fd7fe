import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  atLocalHour,
  fromLocal,
  localDigits,
  localIso,
  nextLocalHour,
  toLocal,
} from '../../../sources/simulated/local-time.ts';

const zones = ['America/Chicago', 'America/Phoenix', 'America/New_York', 'America/Tijuana'] as const;

describe('local time', () => {
  it('goes there and back, except in the hour that comes twice', () => {
    const instant = fc.integer({ min: Date.UTC(2025, 0), max: Date.UTC(2028, 0) });
    fc.assert(
      fc.property(instant, fc.constantFrom(...zones), (t, zone) => {
        const back = fromLocal(toLocal(t, zone), zone);
        expect([0, 3_600_000]).toContain(Math.abs(back - t));
        expect(toLocal(back, zone)).toBe(toLocal(t, zone));
      }),
    );
  });

  it('knows summer, winter and Arizona', () => {
    expect(localIso(Date.UTC(2026, 0, 5, 20, 32), 'America/Chicago')).toBe('2026-01-05T14:32:00-06:00');
    expect(localIso(Date.UTC(2026, 6, 5, 20, 32), 'America/Chicago')).toBe('2026-07-05T15:32:00-05:00');
    expect(localDigits(Date.UTC(2026, 6, 6, 2, 5), 'America/Phoenix')).toEqual({
      date: '20260705',
      time: '1905',
    });
  });

  it('finds the next departure on the local clock', () => {
    const chicago = (hour: number): number => Date.UTC(2026, 0, 5, 6) + hour * 3_600_000;
    expect(nextLocalHour(chicago(20.5), 'America/Chicago', [3, 14, 21])).toBe(chicago(21));
    expect(nextLocalHour(chicago(21.5), 'America/Chicago', [3, 14, 21])).toBe(chicago(27));
    expect(atLocalHour(chicago(20), 'America/Chicago', 10.5, 1)).toBe(chicago(34.5));
  });
});
