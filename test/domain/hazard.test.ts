import { describe, expect, it } from 'vitest';
import { type Hazard, hazardEndsAt, messagesAbout, withAlert, zonesOfHazard } from '../../domain/hazard.ts';
import { type WeatherAlert, weatherAlert } from '../../domain/weather-alert.ts';
import { decode } from '../../sources/decoders/decode.ts';
import { documentOf, settingsWith } from '../sources/decoders/decoder-settings.ts';

const hour = 3_600_000;
const begin = Date.parse('2025-06-02T00:00:00Z');
const iso = (hours: number): string => new Date(begin + hours * hour).toISOString();
const vtecTime = (hours: number): string => `${iso(hours).slice(2, 16).replaceAll(/[-:]/g, '')}Z`;

interface Message {
  readonly vtec: readonly string[];
  readonly zones: readonly string[];
  readonly at: number;
  readonly ends?: number | null;
  readonly type?: 'Alert' | 'Update' | 'Cancel';
  readonly references?: readonly string[];
  readonly severity?: string;
}

/** A line of VTEC for a hazard that ends at the given hour: `vtec('EXT', 'WS.W.0007', 12)`. */
const vtec = (action: string, hazard: string, ends: number): string =>
  `/O.${action}.KILN.${hazard}.000000T0000Z-${vtecTime(ends)}/`;

const feature = ({ vtec: lines, zones, at, ends = null, type = 'Update', ...more }: Message, id: string) => ({
  type: 'Feature',
  geometry: null,
  properties: {
    id,
    status: 'Actual',
    messageType: type,
    event: 'Winter Storm Warning',
    severity: more.severity ?? 'Severe',
    certainty: 'Likely',
    headline: '',
    sent: iso(at),
    effective: iso(at),
    ends: ends === null ? null : iso(ends),
    expires: iso(at + 2),
    geocode: { UGC: zones, SAME: [] },
    references: (more.references ?? []).map((identifier) => ({ identifier, sent: iso(0) })),
    parameters: { VTEC: lines },
  },
});

const alertsOf = (messages: readonly Message[]): WeatherAlert[] => {
  const features = messages.map((message, index) => feature(message, `m${index + 1}`));
  const decoded = decode(
    documentOf(JSON.stringify({ type: 'FeatureCollection', features }), {
      contentType: 'application/geo+json',
      heardAt: begin + 100 * hour,
    }),
    settingsWith(),
  );
  return decoded.map((one) => {
    if (one.type !== 'weather') throw new Error(JSON.stringify(one));
    return one.value;
  });
};

/** Where each hazard is in the end, and until which hour: `KILN.WS.W.0007.2025: A 12 B 12`. */
const told = (alerts: readonly WeatherAlert[]): string[] => {
  const hazards = new Map<string, Hazard>();
  for (const alert of alerts) hazards.set(alert.hazardId, withAlert(hazards.get(alert.hazardId), alert));
  return [...hazards.values()].map(
    ({ hazardId, zones, messages }) =>
      `${hazardId}: ${Object.keys(zones)
        .toSorted()
        .map((zone) => `${zone} ${(messages[zones[zone]!]!.endsAt - begin) / hour}`)
        .join(' ')}`,
  );
};
const where = (...messages: readonly Message[]): string[] => told(alertsOf(messages));

const storm = 'WS.W.0007';
const issued: Message = { vtec: [vtec('NEW', storm, 12)], zones: ['A', 'B'], at: 0, type: 'Alert' };

describe('the messages of a hazard, by the action of their VTEC', () => {
  it('NEW begins it; CON leaves it in the zones that a message of another group of zones names', () => {
    expect(where(issued, { vtec: [vtec('CON', storm, 12)], zones: ['B'], at: 2 })).toEqual([
      'KILN.WS.W.0007.2025: A 12 B 12',
    ]);
  });

  it('EXT moves the end, only in the zones that it names', () => {
    expect(where(issued, { vtec: [vtec('EXT', storm, 18)], zones: ['A'], at: 2 })).toEqual([
      'KILN.WS.W.0007.2025: A 18 B 12',
    ]);
  });

  it('EXA adds zones and keeps the old ones', () => {
    expect(where(issued, { vtec: [vtec('EXA', storm, 12)], zones: ['C'], at: 2 })).toEqual([
      'KILN.WS.W.0007.2025: A 12 B 12 C 12',
    ]);
  });

  it('EXB adds zones with a new end, and EXT beside it moves the old ones', () => {
    expect(
      where(
        issued,
        { vtec: [vtec('EXB', storm, 20)], zones: ['C'], at: 2 },
        { vtec: [vtec('EXT', storm, 20)], zones: ['A', 'B'], at: 2 },
      ),
    ).toEqual(['KILN.WS.W.0007.2025: A 20 B 20 C 20']);
  });

  it('UPG ends the old hazard where the new one begins, and only there', () => {
    const watch = 'WS.A.0003';
    expect(
      where(
        { vtec: [vtec('NEW', watch, 12)], zones: ['A', 'B'], at: 0, type: 'Alert' },
        { vtec: [vtec('UPG', watch, 12), vtec('NEW', storm, 15)], zones: ['A'], at: 2, ends: 15 },
      ),
    ).toEqual(['KILN.WS.A.0003.2025: B 12', 'KILN.WS.W.0007.2025: A 15']);
  });

  it('COR takes the place of what was said of its zones', () => {
    expect(where(issued, { vtec: [vtec('COR', storm, 11)], zones: ['A', 'B'], at: 1 })).toEqual([
      'KILN.WS.W.0007.2025: A 11 B 11',
    ]);
  });

  it('CAN for one zone ends it there; CON for the rest, which refers to the same message, keeps the rest', () => {
    expect(
      where(
        issued,
        { vtec: [vtec('CAN', storm, 12)], zones: ['A'], at: 2, type: 'Cancel', references: ['m1'] },
        { vtec: [vtec('CON', storm, 12)], zones: ['B'], at: 2, references: ['m1'] },
      ),
    ).toEqual(['KILN.WS.W.0007.2025: B 12']);
    expect(where(issued, { vtec: [vtec('CAN', storm, 12)], zones: ['A', 'B'], at: 2 })).toEqual([
      'KILN.WS.W.0007.2025: ',
    ]);
  });

  it('EXP before the end leaves the rest of it, EXP after the end nothing', () => {
    expect(where(issued, { vtec: [vtec('EXP', storm, 12)], zones: ['A'], at: 11.75 })).toEqual([
      'KILN.WS.W.0007.2025: A 12 B 12',
    ]);
    expect(where(issued, { vtec: [vtec('EXP', storm, 12)], zones: ['A'], at: 12.25 })).toEqual([
      'KILN.WS.W.0007.2025: B 12',
    ]);
  });

  it('ROU changes no more than what it says of its zones', () => {
    expect(where(issued, { vtec: [vtec('ROU', storm, 12)], zones: ['B'], at: 2 })).toEqual([
      'KILN.WS.W.0007.2025: A 12 B 12',
    ]);
  });

  it('each have the end of their own hazard where one message speaks of several', () => {
    const wind = 'WI.Y.0009';
    expect(
      where({ vtec: [vtec('NEW', storm, 12), vtec('NEW', wind, 6)], zones: ['A'], at: 0, ends: 12 }),
    ).toEqual(['KILN.WS.W.0007.2025: A 12', 'KILN.WI.Y.0009.2025: A 6']);
  });
});

describe('the messages of a hazard without VTEC', () => {
  const statement = { vtec: [], severity: 'Severe' };
  const first: Message = { ...statement, zones: ['A', 'B'], at: 0, ends: 6, type: 'Alert' };

  it('replace those that they refer to, also in zones that they name no more', () => {
    expect(where(first, { ...statement, zones: ['B', 'C'], at: 1, ends: 8, references: ['m1'] })).toEqual([
      'm1: B 8 C 8',
    ]);
  });

  it('are over with a cancellation that names no zone', () => {
    expect(where(first, { ...statement, zones: [], at: 1, type: 'Cancel', references: ['m1'] })).toEqual([
      'm1: ',
    ]);
  });
});

describe('a hazard', () => {
  const all = alertsOf([
    issued,
    { vtec: [vtec('EXT', storm, 18)], zones: ['A'], at: 2 },
    { vtec: [vtec('CAN', storm, 18)], zones: ['A'], at: 3, type: 'Cancel' },
  ]);

  it('is the same whichever of its messages comes late', () => {
    const [one, two, three] = all as [WeatherAlert, WeatherAlert, WeatherAlert];
    const orders = [
      [one, two, three],
      [one, three, two],
      [two, one, three],
      [three, two, one],
    ] as const;
    for (const order of orders) expect(told(order)).toEqual(['KILN.WS.W.0007.2025: B 12']);
  });

  it('begins again where it was over, by a later message', () => {
    expect(told([...all, weatherAlert.parse({ ...all[0]!, id: 'm9', at: begin + 4 * hour })])).toEqual([
      'KILN.WS.W.0007.2025: A 12 B 12',
    ]);
  });

  it('is in a county as long as it is in one of the forecast zones that share it', () => {
    const county = 'WAC053';
    const north = { vtec: [vtec('NEW', storm, 12)], zones: ['WAZ513', 'WAC009', county], at: 0 };
    const south = { vtec: [vtec('NEW', storm, 18)], zones: ['WAZ569', county], at: 0 };
    const gone = { vtec: [vtec('CAN', storm, 12)], zones: ['WAZ513', 'WAC009', county], at: 2 };
    const hazard = alertsOf([north, south, gone]).reduce<Hazard | undefined>(withAlert, undefined)!;
    expect(zonesOfHazard(hazard)).toEqual(['WAZ569', county]);
    expect(messagesAbout(hazard, [county, 'WAC009']).map(({ endsAt }) => (endsAt - begin) / hour)).toEqual([
      18,
    ]);
    expect(messagesAbout(hazard, ['WAC009'])).toEqual([]);
  });

  it('ends with the last of its zones, and where it is nowhere with its last message', () => {
    const ends = (count: number): number =>
      hazardEndsAt(all.slice(0, count).reduce<Hazard | undefined>(withAlert, undefined)!);
    expect([1, 2, 3].map((count) => (ends(count) - begin) / hour)).toEqual([12, 18, 12]);
    const gone = withAlert(undefined, { ...all[2]!, zones: ['A'] });
    expect(hazardEndsAt(gone)).toBe(begin + 3 * hour);
  });

  it('keeps the worst of what one message says of a zone', () => {
    const [one] = all as [WeatherAlert];
    const both = [one, { ...one, id: 'm1#2', severity: 'minor' as const }];
    const hazard = both.reduce<Hazard | undefined>(withAlert, undefined)!;
    expect(messagesAbout(hazard, ['A']).map(({ severity }) => severity)).toEqual(['severe']);
  });
});
