import { Random } from './random.ts';

const hourMs = 3_600_000;
const slotMs = 96 * hourMs;

const usualDwellHoursByPort: Readonly<Record<string, number>> = { USLAX: 14, USNYC: 12, USSAV: 9 };

export const usualDwellHoursAt = (port: string): number => usualDwellHoursByPort[port] ?? 12;

export interface PortCall {
  readonly usualDwellHours: number;
  readonly dwellHours: number;
  readonly vesselsWaiting: number;
  readonly state: 'open' | 'congested';
}

/**
 * How slow a port is at a time, as a pure function of seed and time. In about every second slot of four days
 * there is an episode: it swells for a third of its length and ebbs for the rest.
 */
export const portAt = (seed: number, port: string, t: number): PortCall => {
  const usualDwellHours = usualDwellHoursAt(port);
  let level = 1;
  const slot = Math.floor(t / slotMs);
  for (const s of [slot - 1, slot]) {
    const random = new Random(seed, 'port', port, s);
    if (!random.chance(0.55)) continue;
    const from = s * slotMs + random.between(0, 0.5) * slotMs;
    const lengthMs = random.between(30, 84) * hourMs;
    const peak = random.between(1.8, 3.4);
    const part = (t - from) / lengthMs;
    if (part <= 0 || part >= 1) continue;
    level = Math.max(level, 1 + (peak - 1) * (part < 1 / 3 ? part * 3 : (1 - part) * 1.5));
  }
  return {
    usualDwellHours,
    dwellHours: Math.round(usualDwellHours * level * 10) / 10,
    vesselsWaiting: Math.round((level - 1) * 18),
    state: level > 1.4 ? 'congested' : 'open',
  };
};
