import { endOfLocalDay, utcOf, type WallTime } from '../../../domain/local-time.ts';

/** X12 element 623: an IANA zone, a fixed offset in hours, or null where the code leaves it open (`LT`). */
const zones: Readonly<Record<string, string | number | null>> = {
  ET: 'America/New_York',
  CT: 'America/Chicago',
  MT: 'America/Denver',
  PT: 'America/Los_Angeles',
  AT: 'America/Anchorage',
  HT: 'Pacific/Honolulu',
  TT: 'America/Halifax',
  NT: 'America/St_Johns',
  // Standard and daylight time are fixed offsets, whatever the season says.
  ES: -5,
  ED: -4,
  CS: -6,
  CD: -5,
  MS: -7,
  MD: -6,
  PS: -8,
  PD: -7,
  AS: -9,
  AD: -8,
  HS: -10,
  HD: -9,
  TS: -4,
  TD: -3,
  NS: -3.5,
  ND: -2.5,
  UT: 0,
  GM: 0,
  LT: null,
};

/** Zone of a time code, or null when it says nothing. `01`–`12` are hours east, `13`–`24` are 12 to 1 hours west. */
export const zoneOfTimeCode = (code: string): string | number | null => {
  const named = zones[code];
  if (named !== undefined) return named;
  if (!/^\d\d$/.test(code)) return null;
  const number = Number(code);
  if (number >= 1 && number <= 12) return number;
  return number >= 13 && number <= 24 ? number - 25 : null;
};

export interface X12Time {
  readonly wall: WallTime;
  /** `day` when there is a date and no time; `wall` is then its midnight. */
  readonly precision: 'instant' | 'day';
}

/**
 * `20191103` + `1534` → 15:34 of that day; + `153459` and tenths or hundredths likewise; `2400` is the next
 * midnight; `191103` is read with the century of 1970–2069. Null when it is no date or no time.
 */
export const readX12Time = (date: string, time: string): X12Time | null => {
  if (!/^(?:\d{6}|\d{8})$/.test(date) || (time !== '' && !/^\d{4}(?:\d{2}(?:\d{1,2})?)?$/.test(time)))
    return null;
  const year = date.length === 8 ? Number(date.slice(0, 4)) : centuryOf(Number(date.slice(0, 2)));
  const month = Number(date.slice(-4, -2));
  const day = Number(date.slice(-2));
  const midnight = Date.UTC(year, month - 1, day);
  const read = new Date(midnight);
  if (year < 1970 || read.getUTCMonth() !== month - 1 || read.getUTCDate() !== day) return null;
  if (time === '') return { wall: midnight, precision: 'day' };
  const hour = Number(time.slice(0, 2));
  const minute = Number(time.slice(2, 4));
  const second = Number(time.slice(4, 6));
  const fractionMs = Number(time.slice(6).padEnd(3, '0'));
  if (hour > 24 || minute > 59 || second > 59 || (hour === 24 && minute + second + fractionMs > 0))
    return null;
  return { wall: midnight + ((hour * 60 + minute) * 60 + second) * 1000 + fractionMs, precision: 'instant' };
};

const centuryOf = (year: number): number => (year < 70 ? 2000 + year : 1900 + year);

/** Milliseconds of UTC; of a day, its last one. */
export const utcOfX12 = ({ wall, precision }: X12Time, zone: string | number): number => {
  if (typeof zone === 'number')
    return (precision === 'day' ? wall + 86_400_000 - 1 : wall) - zone * 3_600_000;
  return precision === 'day' ? endOfLocalDay(wall, zone) : utcOf(wall, zone);
};
