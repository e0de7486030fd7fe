import { endOfLocalDay, utcOf, type WallTime } from '../../../domain/local-time.ts';

/** A time as it stands in a reply, before its zone is known. */
export interface ReadTime {
  /** What the clock at the place shows; of a day, its midnight. */
  readonly local: WallTime;
  readonly precision: 'instant' | 'day';
  /** Milliseconds that it is ahead of UTC; null where nothing says so. */
  readonly offsetMs: number | null;
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/**
 * Date, and time of day with it or beside it, in the ways that carriers write them; each is told by its shape:
 * `2024-07-30T16:06:32Z` · `2014-11-18T18:13:00+11:00` · `20100429` + `120000` · `February 13, 2014` + `12:24 pm` ·
 * `10/19/2015` + `2:39 PM` (US order) · `2019-02-05 07:59:00` · `/Date(1445371200000)/`. Without a time it is the day.
 */
export const readTime = (date: string, time: string | null): ReadTime | null => {
  const ticks = /^\/Date\((\d{1,15})\)\/$/.exec(date);
  if (ticks !== null) return { local: Number(ticks[1]), precision: 'instant', offsetMs: 0 };
  const [day, ofDay, rest] = splitDate(date);
  if (day === null) return null;
  const clock = time ?? (ofDay === '' ? null : ofDay);
  if (clock === null) return { local: day, precision: 'day', offsetMs: null };
  const sinceMidnight = readClock(clock);
  if (sinceMidnight === null) return null;
  const offset = rest === '' ? null : readOffset(rest);
  if (rest !== '' && offset === null) return null;
  return { local: day + sinceMidnight, precision: 'instant', offsetMs: offset };
};

/** Midnight of the date, time of day behind it, and offset behind that. */
const splitDate = (text: string): readonly [WallTime | null, string, string] => {
  const iso = /^(\d{4})-(\d{2})-(\d{2})(?:[T ]+([\d:.]+)\s*(Z|(?:GMT|UTC)?\s*[+-]\d{2}:?\d{2})?)?$/i.exec(
    text,
  );
  if (iso !== null) return [midnight(iso[1], iso[2], iso[3]), iso[4] ?? '', iso[5] ?? ''];
  const plain = /^(\d{4})(\d{2})(\d{2})$/.exec(text);
  if (plain !== null) return [midnight(plain[1], plain[2], plain[3]), '', ''];
  const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text);
  if (american !== null) return [midnight(american[3], american[1], american[2]), '', ''];
  const spelled = /^([a-z]{3})[a-z]*\.? (\d{1,2}), ?(\d{4})$/i.exec(text);
  const month = spelled === null ? -1 : months.indexOf(spelled[1]!.toLowerCase());
  if (spelled !== null && month >= 0) return [midnight(spelled[3], String(month + 1), spelled[2]), '', ''];
  return [null, '', ''];
};

const midnight = (year = '', month = '', day = ''): WallTime | null => {
  const at = Date.UTC(Number(year), Number(month) - 1, Number(day));
  // 31 April would be 1 May.
  return new Date(at).getUTCDate() === Number(day) && new Date(at).getUTCMonth() === Number(month) - 1
    ? at
    : null;
};

/** `120000`, `11:59:59`, `16:58`, `04:16:16.622`, `12:24 pm` → milliseconds since midnight. */
const readClock = (text: string): number | null => {
  const match =
    /^(\d{2})(\d{2})(\d{2})?$/.exec(text) ??
    /^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(?: ?([ap])\.?m\.?)?$/i.exec(text);
  if (match === null) return null;
  const half = match[5]?.toLowerCase();
  let hour = Number(match[1]);
  if (half !== undefined && (hour < 1 || hour > 12)) return null;
  if (half !== undefined) hour = (hour % 12) + (half === 'p' ? 12 : 0);
  const [minute, second] = [Number(match[2]), Number(match[3] ?? 0)];
  if (hour > 24 || minute > 59 || second > 60) return null;
  return ((hour * 60 + minute) * 60 + second) * 1_000 + Math.floor(Number(`0.${match[4] ?? 0}`) * 1_000);
};

/** `Z`, `+11:00`, `-0500`, `GMT-08:00` → milliseconds ahead of UTC. */
export const readOffset = (text: string): number | null => {
  if (text.toUpperCase() === 'Z') return 0;
  const match = /^(?:GMT|UTC)?\s*([+-])(\d{2}):?(\d{2})$/i.exec(text.trim());
  if (match === null) return null;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return minutes > 14 * 60 ? null : (match[1] === '-' ? -1 : 1) * minutes * 60_000;
};

const DAY_MS = 86_400_000;

/** UTC of a time whose zone or offset is known; of a day, its last millisecond there. */
export const utcOfTime = ({ local, precision }: ReadTime, zone: string | number): number => {
  if (typeof zone === 'number') return local - zone + (precision === 'day' ? DAY_MS - 1 : 0);
  return precision === 'day' ? endOfLocalDay(local, zone) : utcOf(local, zone);
};
