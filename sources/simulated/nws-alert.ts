import { stableId } from '../../domain/stable-id.ts';
import type { Place } from './geography.ts';
import { localIso } from './local-time.ts';
import { Random } from './random.ts';
import { slotStart, warnedAt, type Front } from './weather.ts';

const hourMs = 3_600_000;

export interface AlertMessage {
  readonly issuedAt: number;
  readonly id: string;
  readonly text: string;
}

/** One office's view of one front, from the first alert to the last. */
interface Hazard {
  readonly front: Front;
  readonly office: string;
  readonly places: readonly Place[];
  readonly timeZone: string;
  readonly number: string;
  readonly from: number;
  readonly to: number;
}

interface Reference {
  readonly id: string;
  readonly sentAt: number;
}

/**
 * The alert messages of a front as NWS publishes them: one chain per forecast office, NEW some hours before the
 * front comes, CON every few hours, EXT where it stays longer than was forecast, and CAN or EXP at its end.
 */
export const alertMessages = (seed: number, slot: number, front: Front): readonly AlertMessage[][] => {
  const byOffice = new Map<string, Front['cells'][number][]>();
  for (const cell of front.cells) {
    byOffice.set(cell.place.office, [...(byOffice.get(cell.place.office) ?? []), cell]);
  }
  const chains: AlertMessage[][] = [];
  for (const [office, cells] of byOffice) {
    const from = Math.min(...cells.map((cell) => cell.from));
    const issuedAt = warnedAt(front, from, slot);
    const first = cells[0];
    if (issuedAt === null || first === undefined) continue;
    const hazard: Hazard = {
      front,
      office,
      places: cells.map((cell) => cell.place),
      timeZone: first.place.timeZone,
      number: eventNumber(slot, front),
      from,
      to: Math.max(...cells.map((cell) => cell.to)),
    };
    chains.push(chainOf(hazard, issuedAt, new Random(seed, 'alert', front.id, office)));
  }
  return chains;
};

/** VTEC numbers run from 0001 each year for an office and a kind of event; ours leave gaps. */
const eventNumber = (slot: number, front: Front): string => {
  const yearStart = Date.UTC(new Date(slotStart(slot)).getUTCFullYear(), 0, 1);
  const index = Math.round((slotStart(slot) - yearStart) / (12 * hourMs)) * 2 + Number(front.id.at(-1));
  return String(Math.max(0, index) + 1).padStart(4, '0');
};

const toHour = (t: number): number => Math.round(t / hourMs) * hourMs;

const chainOf = (hazard: Hazard, issuedAt: number, random: Random): AlertMessage[] => {
  const messages: AlertMessage[] = [];
  const references: Reference[] = [];
  const extends_ = random.chance(0.35);
  const onset = toHour(hazard.from + random.between(-0.7, 0.7) * hourMs);
  const trueEnd = Math.max(toHour(hazard.to + random.between(0, 0.8) * hourMs), onset + hourMs);
  let end = extends_
    ? Math.max(onset + hourMs, trueEnd - Math.round(random.between(2, 5)) * hourMs)
    : trueEnd;
  const say = (action: string, at: number): void => {
    const id = oidOf(hazard, action, at);
    const text = JSON.stringify(collectionOf(hazard, action, id, at, onset, end, references));
    messages.push({ issuedAt: Math.round(at), id, text });
    references.push({ id, sentAt: at });
  };
  say('NEW', issuedAt);
  if (hazard.front.costMin === 0) {
    say('CAN', Math.max(issuedAt + hourMs, onset + random.between(-1, 1) * hourMs));
    return messages;
  }
  for (
    let at = issuedAt + random.between(4, 7) * hourMs;
    at < end - hourMs;
    at += random.between(4, 7) * hourMs
  ) {
    const isExtended = end < trueEnd && at > onset - 2 * hourMs;
    if (isExtended) end = trueEnd;
    say(isExtended ? 'EXT' : 'CON', at);
  }
  if (end < trueEnd) {
    const at = end - 40 * 60_000;
    end = trueEnd;
    say('EXT', at);
  }
  if (random.chance(0.35)) say('CAN', end - random.between(15, 50) * 60_000);
  else say('EXP', end - random.between(1, 12) * 60_000);
  return messages;
};

/** The object identifier of the form that NWS uses: a hash of 40 digits, then 001.1. */
const oidOf = (hazard: Hazard, action: string, at: number): string => {
  const hash = stableId(hazard.front.id, hazard.office, action, Math.round(at));
  return `urn:oid:2.49.0.1.840.0.${hash}${stableId(hash).slice(0, 8)}.001.1`;
};

const vtecTime = (t: number): string => {
  const iso = new Date(t).toISOString();
  return `${iso.slice(2, 4)}${iso.slice(5, 7)}${iso.slice(8, 10)}T${iso.slice(11, 13)}${iso.slice(14, 16)}Z`;
};

const fipsOfState: Readonly<Record<string, string>> = Object.fromEntries(
  (
    'AL01 AZ04 AR05 CA06 CO08 GA13 ID16 IL17 IN18 IA19 KS20 KY21 MD24 MS28 MO29 NE31 NV32 NJ34 NM35 NC37 OH39 ' +
    'OK40 OR41 PA42 SC45 TN47 TX48 UT49 VA51 WA53 WY56'
  )
    .split(' ')
    .map((word) => [word.slice(0, 2), word.slice(2)]),
);

const sender = 'w-nws.webmaster@noaa.gov';
const url = (id: string): string => `https://api.weather.gov/alerts/${id}`;

const collectionOf = (
  hazard: Hazard,
  action: string,
  id: string,
  at: number,
  onset: number,
  end: number,
  references: readonly Reference[],
): object => {
  const { front, office, timeZone } = hazard;
  const iso = (t: number): string => localIso(t, timeZone);
  const counties = [...new Map(hazard.places.flatMap((place) => place.counties))];
  const isOver = action === 'CAN' || action === 'EXP';
  const phenomenon = front.kind.vtec;
  const begins = at < onset ? vtecTime(onset) : '000000T0000Z';
  const verb = action === 'NEW' ? 'issued' : isOver ? 'ended' : 'continued';
  return {
    '@context': ['https://geojson.org/geojson-ld/geojson-context.jsonld', { '@version': '1.1' }],
    type: 'FeatureCollection',
    features: [
      {
        id: url(id),
        type: 'Feature',
        geometry: null,
        properties: {
          '@id': url(id),
          '@type': 'wx:Alert',
          id,
          areaDesc: counties.map(([ugc, name]) => `${name}, ${ugc.slice(0, 2)}`).join('; '),
          geocode: {
            SAME: counties.map(([ugc]) => `0${fipsOfState[ugc.slice(0, 2)] ?? '00'}${ugc.slice(3)}`),
            UGC: counties.map(([ugc]) => ugc),
          },
          affectedZones: counties.map(([ugc]) => `https://api.weather.gov/zones/county/${ugc}`),
          references: references.map((reference) => ({
            '@id': url(reference.id),
            identifier: reference.id,
            sender,
            sent: iso(reference.sentAt),
          })),
          sent: iso(at),
          effective: iso(at),
          onset: iso(onset),
          expires: iso(Math.min(end, at + 8 * hourMs)),
          ends: iso(end),
          status: 'Actual',
          messageType: action === 'NEW' ? 'Alert' : isOver ? 'Cancel' : 'Update',
          category: 'Met',
          severity: isOver ? 'Minor' : front.kind.severity,
          certainty: front.kind.certainty,
          urgency: isOver ? 'Past' : at < onset ? 'Expected' : 'Immediate',
          event: front.kind.event,
          sender,
          senderName: `NWS ${office.slice(1)}`,
          headline: `${front.kind.event} ${verb} ${iso(at)} until ${iso(end)} by NWS ${office.slice(1)}`,
          description: `* WHAT...${front.kind.event}.\n\n* WHEN...Until ${iso(end)}.`,
          instruction: isOver ? null : 'Slow down and leave room on the road.',
          response: isOver ? 'AllClear' : 'Prepare',
          parameters: {
            VTEC: [`/O.${action}.${office}.${phenomenon}.${hazard.number}.${begins}-${vtecTime(end)}/`],
            eventEndingTime: [new Date(end).toISOString()],
          },
        },
      },
    ],
    title: 'Current watches, warnings, and advisories',
    updated: new Date(at).toISOString(),
  };
};
