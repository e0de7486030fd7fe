import { localOf, utcOf } from './local-time.ts';

/** Days of the week as rules name them; the index is that of JavaScript, Sunday first. */
export const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type Weekday = (typeof weekdays)[number];

/**
 * When a place works, as plain data: made of `rules/sla.yaml` when the rules are loaded, with the holidays of the years
 * 2020 to 2036 written out, so that everybody who replays counts the same days.
 */
export interface BusinessCalendar {
  /** IANA zone in which its days begin. */
  readonly zone: string;
  readonly weekend: readonly Weekday[];
  /** Minutes of the local day: open over `[opensMin; closesMin)`. */
  readonly opensMin: number;
  readonly closesMin: number;
  /** Local dates on which nobody works, and why: `'2026-12-25': 'Christmas Day'`. */
  readonly closed: Readonly<Record<string, string>>;
  /** Local dates on which they work although it is a weekend or a holiday. */
  readonly open: Readonly<Record<string, true>>;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Number of the local day since 1970-01-01. */
const dayOf = (calendar: BusinessCalendar, at: number): number =>
  Math.floor(localOf(at, calendar.zone) / DAY_MS);

const dateOf = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** 1970-01-01 was a Thursday. */
export const weekdayOf = (day: number): Weekday => weekdays[(((day + 4) % 7) + 7) % 7]!;

const works = (calendar: BusinessCalendar, day: number): boolean => {
  const date = dateOf(day);
  if (Object.hasOwn(calendar.open, date)) return true;
  return !Object.hasOwn(calendar.closed, date) && !calendar.weekend.includes(weekdayOf(day));
};

/** Whether the local day in which the moment lies is worked, at whatever hour. */
export const isBusinessDay = (calendar: BusinessCalendar, at: number): boolean =>
  works(calendar, dayOf(calendar, at));

/** The hours of a local day, as moments `[from; to)`. A clock that shows an hour twice counts by its first. */
const hoursOf = (
  calendar: BusinessCalendar,
  day: number,
): { readonly from: number; readonly to: number } => ({
  from: utcOf(day * DAY_MS + calendar.opensMin * MINUTE_MS, calendar.zone),
  to: utcOf(day * DAY_MS + calendar.closesMin * MINUTE_MS, calendar.zone),
});

/** A calendar that is closed for longer than this is none: then time counts as it runs. */
const LONGEST_CLOSED_DAYS = 366;

/**
 * The moment at which so many minutes have been worked since `at`.
 * Open Mon–Fri 08:00–17:00: Fri 16:30 + 60 → Mon 08:30 · Sat 12:00 + 60 → Mon 09:00 · Mon 16:00 + 60 → Mon 17:00 ·
 * Fri 17:00 + 0 → Fri 17:00. A day of `00:00–24:00` in which clocks go forward has 1,380 minutes.
 */
export const addBusinessMinutes = (calendar: BusinessCalendar, at: number, minutes: number): number => {
  let leftMs = minutes * MINUTE_MS;
  if (leftMs <= 0) return at;
  let closed = 0;
  for (let day = dayOf(calendar, at); closed < LONGEST_CLOSED_DAYS; day += 1) {
    closed += 1;
    if (!works(calendar, day)) continue;
    const { from, to } = hoursOf(calendar, day);
    const begin = Math.max(at, from);
    if (begin >= to) continue;
    if (to - begin >= leftMs) return begin + leftMs;
    leftMs -= to - begin;
    closed = 0;
  }
  return at + minutes * MINUTE_MS;
};

/**
 * Minutes worked from one moment to another; negative where they lie the other way round.
 * Open Mon–Fri 08:00–17:00: Fri 16:30 → Mon 08:30 is 60 · Sat 09:00 → Sun 20:00 is 0.
 */
export const businessMinutesBetween = (calendar: BusinessCalendar, from: number, to: number): number => {
  if (to < from) return -businessMinutesBetween(calendar, to, from);
  let workedMs = 0;
  const last = dayOf(calendar, to);
  for (let day = dayOf(calendar, from); day <= last; day += 1) {
    if (!works(calendar, day)) continue;
    const hours = hoursOf(calendar, day);
    workedMs += Math.max(0, Math.min(to, hours.to) - Math.max(from, hours.from));
  }
  return workedMs / MINUTE_MS;
};

/**
 * The same time of day so many business days later.
 * Weekend Sat, Sun: Thu 17:00 + 1 → Fri 17:00 · Fri 17:00 + 1 → Mon 17:00 · Sat 10:00 + 1 → Mon 10:00 · + 0 → as it was.
 */
export const addBusinessDays = (calendar: BusinessCalendar, at: number, days: number): number => {
  if (days <= 0) return at;
  const local = localOf(at, calendar.zone);
  let day = Math.floor(local / DAY_MS);
  const timeOfDay = local - day * DAY_MS;
  for (let left = days, closed = 0; left > 0;) {
    day += 1;
    closed = works(calendar, day) ? 0 : closed + 1;
    if (closed === 0) left -= 1;
    if (closed > LONGEST_CLOSED_DAYS) return at + days * DAY_MS;
  }
  return utcOf(day * DAY_MS + timeOfDay, calendar.zone);
};
