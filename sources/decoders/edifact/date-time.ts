import type { WallTime } from '../../../domain/local-time.ts';
import type { Segment } from './segment.ts';

/** A DTM as it came: qualifier (2005), value (2380) and format (2379). */
export interface Stamp {
  readonly qualifier: string;
  readonly value: string;
  readonly format: string;
}

export const stampOf = (dtm: Segment): Stamp => ({
  qualifier: dtm.value(1, 0).toUpperCase(),
  value: dtm.value(1, 1),
  format: dtm.value(1, 2),
});

export interface EdifactTime {
  /** Of a day its midnight, of a period the beginning of its last part. */
  readonly wall: WallTime;
  readonly precision: 'instant' | 'day';
  /** Hours east of UTC where the value says so; null for a local time. */
  readonly offsetH: number | null;
}

/**
 * Element 2379, as the letters of its value: C century, Y year, M month, D day, H hour, N minute, S second. What comes after
 * them is a zone (`Z`, 30x, and ±HHMM of 205) or the end of a period (71x).
 */
const patterns: Readonly<Record<string, string>> = {
  '2': 'DDMMYY',
  '3': 'MMDDYY',
  '4': 'DDMMCCYY',
  '5': 'DDMMCCYYHHNN',
  '101': 'YYMMDD',
  '102': 'CCYYMMDD',
  '201': 'YYMMDDHHNN',
  '202': 'YYMMDDHHNNSS',
  '203': 'CCYYMMDDHHNN',
  '204': 'CCYYMMDDHHNNSS',
  '205': 'CCYYMMDDHHNNZ',
  '301': 'YYMMDDHHNNZ',
  '302': 'YYMMDDHHNNSSZ',
  '303': 'CCYYMMDDHHNNZ',
  '304': 'CCYYMMDDHHNNSSZ',
};

/** Periods: the format of both their ends. */
const periods: Readonly<Record<string, string>> = { '713': '201', '718': '102', '719': '203' };

/** What a value without 2379 is, by its length. */
const byLength: Readonly<Record<number, string>> = { 6: '101', 8: '102', 10: '201', 12: '203', 14: '204' };

/** Names of zones with one offset each; others (CST, IST …) mean different ones to different people and say nothing. */
const zones: Readonly<Record<string, number>> = {
  UTC: 0,
  GMT: 0,
  Z: 0,
  WET: 0,
  BST: 1,
  CET: 1,
  MEZ: 1,
  CES: 2,
  EET: 2,
  EES: 3,
  MSK: 3,
  EST: -5,
  EDT: -4,
  CDT: -5,
  MDT: -6,
  PST: -8,
  PDT: -7,
  JST: 9,
  HKT: 8,
  SGT: 8,
};

/**
 * `202211190710` in 203 → 07:10 of that day · `20221119` in 102 → the day · `202211190710CET` in 303 → +1 h ·
 * `202211190710+0530` in 205 → +5.5 h · `20221119-20221121` in 718 → the 21st · 24:00 is the next midnight.
 * Null when it is no date or no time.
 */
export const readEdifactTime = ({ value, format }: Stamp): EdifactTime | null => {
  const bare = value.replaceAll(/\s/g, '').toUpperCase();
  const ends = periods[format];
  if (ends !== undefined) {
    const half = patterns[ends]?.length ?? 0;
    return readAs(ends, bare.slice(-half), bare.length >= 2 * half);
  }
  return readAs(format === '' ? (byLength[bare.length] ?? '') : format, bare, true);
};

const readAs = (format: string, text: string, whole: boolean): EdifactTime | null => {
  const pattern = patterns[format];
  if (pattern === undefined || !whole) return null;
  const digits = pattern.replace('Z', '');
  const hasZone = digits.length < pattern.length;
  if (!/^\d+$/.test(text.slice(0, digits.length)) || (!hasZone && text.length !== digits.length)) return null;
  const part = (letter: string): number => {
    const at = digits.indexOf(letter);
    return at === -1 ? 0 : Number(text.slice(at, at + 2));
  };
  const short = part('Y');
  const year = digits.includes('C') ? part('C') * 100 + short : short + (short < 70 ? 2000 : 1900);
  const midnight = Date.UTC(year, part('M') - 1, part('D'));
  const date = new Date(midnight);
  if (year < 1970 || date.getUTCMonth() !== part('M') - 1 || date.getUTCDate() !== part('D')) return null;
  if (!digits.includes('H')) return { wall: midnight, precision: 'day', offsetH: null };
  const [hour, minute, second] = [part('H'), part('N'), part('S')];
  if (hour > 24 || minute > 59 || second > 59 || (hour === 24 && minute + second > 0)) return null;
  return {
    wall: midnight + ((hour * 60 + minute) * 60 + second) * 1000,
    precision: 'instant',
    offsetH: hasZone ? offsetOf(text.slice(digits.length)) : null,
  };
};

const offsetOf = (zone: string): number | null => {
  const found = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone);
  if (found === null) return zones[zone] ?? zones[zone.slice(0, 3)] ?? null;
  return (found[1] === '-' ? -1 : 1) * (Number(found[2]) + Number(found[3] ?? 0) / 60);
};
