import { endOfLocalDay, utcOf } from '../../../domain/local-time.ts';
import type { Moment, Zone } from '../iso-time.ts';

/** What stands in a status line, known by its shape: carriers leave out what they do not know, so places do not tell. */
export interface StatusElements {
  readonly airline: string | null;
  readonly flight: string | null;
  readonly day: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly discrepancy: string | null;
  readonly pieces: string | null;
  /** Local time of what happened, `1425`, from the date or from an actual time; null where only the day is told. */
  readonly time: string | null;
  readonly dayChange: number;
}

const shapes = {
  flight: /^([A-Z0-9]{2})(\d{3,4}[A-Z]?)$/,
  airline: /^[A-Z][A-Z0-9]$|^[A-Z0-9][A-Z]$/,
  day: /^(\d{2}(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC))(\d{4})?$/,
  airports: /^([A-Z]{3})([A-Z]{3})?$/,
  pieces: /^[TPSDM]\d+(?:[KL][\d.]+)?(?:[A-Z]+[\d.]*)*$/,
  time: /^([ASE])(\d{4})(?:-?([NPST]))?$/,
  discrepancy: /^(?:FD|MS|OF|OV|SS|DF)[A-Z]{2}$/,
} as const;

/** `AF0010/12MAR/CDGJFK/T10K500/A0025N` → flight AF0010 of 12 March from CDG to JFK, 00:25 of the next day. */
export const readElements = (elements: readonly string[]): StatusElements => {
  const read = {
    airline: null as string | null,
    flight: null as string | null,
    day: null as string | null,
    from: null as string | null,
    to: null as string | null,
    discrepancy: null as string | null,
    pieces: null as string | null,
    time: null as string | null,
    dayChange: 0,
  };
  let hasActual = false;
  for (const raw of elements) {
    const element = raw.trim().toUpperCase();
    const day = shapes.day.exec(element);
    const time = shapes.time.exec(element);
    const airports = shapes.airports.exec(element);
    const flight = shapes.flight.exec(element);
    if (day !== null && read.day === null) {
      read.day = day[1]!;
      read.time ??= day[2] ?? null;
    } else if (time !== null) {
      if (time[1] !== 'A' || hasActual) continue;
      hasActual = true;
      read.time = time[2]!;
      read.dayChange = dayChanges[time[3] ?? ''] ?? 0;
    } else if (shapes.discrepancy.test(element) && read.discrepancy === null) read.discrepancy = element;
    else if (flight !== null && read.flight === null) {
      read.flight = element;
      read.airline = flight[1]!;
    } else if (shapes.airline.test(element) && read.airline === null) read.airline = element;
    else if (airports !== null && read.from === null) {
      read.from = airports[1]!;
      read.to = airports[2] ?? null;
    } else if (shapes.pieces.test(element) && read.pieces === null) read.pieces = element;
  }
  return read;
};

/** Previous, next, second and third day after. */
const dayChanges: Readonly<Record<string, number>> = { P: -1, N: 1, S: 2, T: 3 };

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAY_MS = 86_400_000;

/**
 * When it happened. Cargo-IMP has no year: it is the one that brings the date nearest to when it was heard: `31DEC`, heard on
 * 2 January 2026 → 2025. Null without a date, or with one that no month has.
 */
export const momentOf = (
  { day, time, dayChange }: StatusElements,
  heardAt: number,
  { zone, zoneSource }: Zone,
): Moment | null => {
  if (day === null) return null;
  const date = Number(day.slice(0, 2));
  const month = months.indexOf(day.slice(2));
  const heardIn = new Date(heardAt).getUTCFullYear();
  const midnight = [heardIn - 1, heardIn, heardIn + 1]
    .map((year) => Date.UTC(year, month, date))
    .filter((at) => new Date(at).getUTCMonth() === month && date > 0)
    .toSorted((a, b) => Math.abs(a - heardAt) - Math.abs(b - heardAt))[0];
  if (midnight === undefined) return null;
  const minutes = time === null ? null : Number(time.slice(0, 2)) * 60 + Number(time.slice(2));
  if (minutes !== null && (minutes >= 1_440 || Number(time?.slice(2)) > 59)) return null;
  const zoneName = typeof zone === 'number' ? 'UTC' : zone;
  if (minutes === null) return { at: endOfLocalDay(midnight, zoneName), precision: 'day', zoneSource };
  const wall = midnight + dayChange * DAY_MS + minutes * 60_000;
  return { at: utcOf(wall, zoneName), precision: 'instant', zoneSource };
};
