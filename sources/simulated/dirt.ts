import { happenings } from './happenings.ts';
import type { Random } from './random.ts';
import type { Report } from './report.ts';
import type { Shipment, Step } from './shipment.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** How real data is spoiled on its way: shares of scans, of arrivals for false damage, and of plans. */
export const dirtShares = {
  missing: 0.04,
  late: 0.03,
  duplicated: 0.025,
  corrected: 0.01,
  falseDamage: 0.006,
  broken: 0.0015,
  latePlan: 0.05,
} as const;

export interface HeardReport {
  readonly report: Report;
  readonly heardAt: number;
}

/** These come through, sooner or later: somebody telephones until they do. */
const neverMissing = new Set(['delivery', 'returned', 'lost', 'refused', 'damaged', 'customs']);

/**
 * What is heard of a step, and when: usually one report some minutes later; or none, or hours later, or twice,
 * or first wrong and then set right. `number` counts the shipment's steps that could be reported.
 */
export const reportsOf = (shipment: Shipment, step: Step, number: number, random: Random): HeardReport[] => {
  if (step.silent) return [];
  const isProgress = happenings[step.kind].category === null;
  const leg = shipment.legs[step.leg];
  const isX12 = leg?.carrier.feed.kind === 'x12';
  const luck = random.next();
  const id = `${leg?.carrier.scac ?? ''}-${leg?.pro ?? ''}-${number}`;
  const right: Report = {
    id,
    shipment,
    kind: step.kind,
    at: step.at,
    leg: step.leg,
    place: step.place,
    milestone: step.milestone,
    estimatedAt: step.estimatedAt,
    retracts: null,
    onlyRetracts: false,
    broken: false,
  };
  const delayMs = random.between(0, isX12 ? 10 : 3) * minuteMs;
  let heardAt = Math.round(step.at + delayMs);
  if (luck < dirtShares.missing && !neverMissing.has(step.kind)) return [];
  if (random.chance(dirtShares.late)) heardAt += Math.round(random.between(2, 9) * hourMs);
  const heard: HeardReport[] = [];
  if (isProgress && step.kind !== 'estimate' && random.chance(dirtShares.corrected)) {
    const wrongAt = step.at - Math.round(random.between(20, 170) * minuteMs);
    const mendedAt = heardAt + Math.round(random.between(40, 200) * minuteMs);
    heard.push({ report: { ...right, at: wrongAt }, heardAt });
    heard.push({ report: { ...right, id: `${id}b`, retracts: id }, heardAt: mendedAt });
    return heard;
  }
  heard.push({ report: right, heardAt });
  if (random.chance(dirtShares.duplicated)) {
    heard.push({ report: right, heardAt: heardAt + Math.round(random.between(10, 240) * minuteMs) });
  }
  if (step.kind === 'arrive' && !isX12 && random.chance(dirtShares.falseDamage)) {
    const wrong: Report = { ...right, id: `${id}d`, kind: 'damaged', milestone: null };
    const takenBackAt = heardAt + Math.round(random.between(60, 240) * minuteMs);
    heard.push({ report: wrong, heardAt });
    heard.push({
      report: { ...wrong, id: `${id}r`, at: takenBackAt, retracts: wrong.id, onlyRetracts: true },
      heardAt: takenBackAt,
    });
  }
  if (!isX12 && random.chance(dirtShares.broken)) {
    heard.push({ report: { ...right, id: `${id}x`, broken: true }, heardAt });
  }
  return heard;
};

interface Garbage {
  readonly contentType: string;
  readonly text: string;
}

const json = 'application/json';
const edi = 'application/edi-x12';

const garbage: Readonly<Record<'canonical' | 'x12', readonly Garbage[]>> = {
  canonical: [
    { contentType: json, text: '<html><body><h1>502 Bad Gateway</h1></body></html>' },
    { contentType: json, text: '{"type":"tracking","at":"2026-01-0' },
  ],
  x12: [
    { contentType: edi, text: 'ISA*00*          *00*          *02*LKRD     ' },
    { contentType: edi, text: "UNB+UNOC:3+CARRIER+SHIPPER+260105:1200+1++IFTSTA'" },
  ],
};

/** A document that nobody could use, as they come: cut off, an error page, or another standard's. */
export const garbageDocument = (kind: keyof typeof garbage, random: Random): Garbage =>
  random.pick(garbage[kind]);
