const DAY_MS = 86_400_000;

/** A date and a time of day as a wall clock shows them, as if it were UTC, in milliseconds. */
export type WallTime = number;

/**
 * UTC of a local time. A time that comes twice in autumn is the first of the two; one that is skipped in spring
 * is read with the offset before the change: America/New_York 2024-11-03 01:30 → 05:30Z · 2024-03-10 02:30 → 07:30Z.
 */
export const utcOf = (local: WallTime, zone: string): number => {
  const before = local - offsetMs(zone, local - DAY_MS);
  const after = local - offsetMs(zone, local + DAY_MS);
  if (before === after) return before;
  if (before + offsetMs(zone, before) === local) return before;
  return after + offsetMs(zone, after) === local ? after : before;
};

/** What the clocks of a zone show at a moment. */
export const localOf = (utc: number, zone: string): WallTime => utc + offsetMs(zone, utc);

/** Last millisecond of the local day that begins at `midnight`: 2019-11-03 in Toronto (25 h) → 04:59:59.999Z of the 4th. */
export const endOfLocalDay = (midnight: WallTime, zone: string): number => utcOf(midnight + DAY_MS, zone) - 1;

/** True for an IANA zone that this Node knows. */
export const isZone = (zone: string): boolean => formatterOf(zone) !== null;

/** Offsets change on the quarter hour of UTC at the finest, so one look-up serves 15 minutes. */
const QUARTER_MS = 900_000;
const MAX_OFFSETS = 20_000;
const offsets = new Map<string, Map<number, number>>();
let held = 0;

/** How far the clocks of a zone are ahead of UTC at a moment: America/New_York in July → −14,400,000. */
export const offsetMs = (zone: string, utc: number): number => {
  const quarter = Math.floor(utc / QUARTER_MS);
  const known = offsets.get(zone)?.get(quarter);
  if (known !== undefined) return known;
  const formatter = formatterOf(zone);
  if (formatter === null) throw new RangeError(`time zone "${zone}" is unknown`);
  const offset = readOffset(formatter.format(quarter * QUARTER_MS));
  if (held >= MAX_OFFSETS) {
    offsets.clear();
    held = 0;
  }
  const ofZone = offsets.get(zone) ?? new Map<number, number>();
  ofZone.set(quarter, offset);
  offsets.set(zone, ofZone);
  held += 1;
  return offset;
};

/** The same in minutes; null for a zone that nobody knows. `Europe/Berlin`: 60 in January, 120 in July. */
export const zoneOffsetMin = (zone: string, at: number): number | null =>
  isZone(zone) ? Math.trunc(offsetMs(zone, at) / 60_000) : null;

const formatters = new Map<string, Intl.DateTimeFormat | null>();

const formatterOf = (zone: string): Intl.DateTimeFormat | null => {
  const known = formatters.get(zone);
  if (known !== undefined) return known;
  let made: Intl.DateTimeFormat | null;
  try {
    made = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  } catch {
    made = null;
  }
  formatters.set(zone, made);
  return made;
};

/** `11/3/2019, GMT-05:00` → −18,000,000; plain `GMT` is 0. Old local mean times have seconds. */
const readOffset = (text: string): number => {
  const match = /GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/.exec(text);
  if (!match?.[1]) return 0;
  const seconds = Number(match[2]) * 3600 + Number(match[3]) * 60 + Number(match[4] ?? 0);
  return (match[1] === '-' ? -1 : 1) * seconds * 1000;
};
