const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

const formats = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, number>();

/**
 * Milliseconds to add to UTC to get the local wall time of an IANA zone. Remembered by the hour, since asking
 * `Intl` costs more than the rest of a shipment.
 */
export const zoneOffset = (t: number, timeZone: string): number => {
  const hour = Math.floor(t / hourMs);
  const key = `${timeZone}${hour}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
    formats.set(timeZone, format);
  }
  const name = format.formatToParts(hour * hourMs).find((part) => part.type === 'timeZoneName')?.value ?? '';
  const match = /([+-])(\d\d):(\d\d)/.exec(name);
  const sign = match?.[1] === '-' ? -1 : 1;
  const offset = sign * (Number(match?.[2] ?? 0) * 60 + Number(match?.[3] ?? 0)) * 60_000;
  if (offsets.size > 20_000) offsets.clear();
  offsets.set(key, offset);
  return offset;
};

/** Local wall time as if it were UTC: `new Date(…).getUTCHours()` of it is the hour on the wall. */
export const toLocal = (t: number, timeZone: string): number => t + zoneOffset(t, timeZone);

/** The instant at which the wall shows `local`; in the hour that DST skips, the wall an hour later. */
export const fromLocal = (local: number, timeZone: string): number => {
  const guess = local - zoneOffset(local, timeZone);
  return local - zoneOffset(guess, timeZone);
};

/**
 * The first of the daily local hours at or after `t`.
 * hours 3, 14, 21 in Chicago, 20:30 local → 21:00 the same evening; 21:30 local → 03:00 next morning.
 */
export const nextLocalHour = (t: number, timeZone: string, hours: readonly number[]): number => {
  const midnight = Math.floor(toLocal(t, timeZone) / dayMs) * dayMs;
  for (let day = 0; day < 3; day += 1) {
    for (const hour of hours) {
      const candidate = fromLocal(midnight + day * dayMs + hour * hourMs, timeZone);
      if (candidate >= t) return candidate;
    }
  }
  return t;
};

/** `hour` o'clock local, `days` after the local day of `t`. */
export const atLocalHour = (t: number, timeZone: string, hour: number, days = 0): number =>
  fromLocal(
    Math.floor(toLocal(t, timeZone) / dayMs) * dayMs + days * dayMs + Math.round(hour * hourMs),
    timeZone,
  );

export const localHourOf = (t: number, timeZone: string): number => {
  const local = toLocal(t, timeZone);
  return (local - Math.floor(local / dayMs) * dayMs) / hourMs;
};

/** `20260105` and `1432` of the local wall. */
export const localDigits = (
  t: number,
  timeZone: string,
): { readonly date: string; readonly time: string } => {
  const iso = new Date(toLocal(t, timeZone)).toISOString();
  return { date: iso.slice(0, 10).replaceAll('-', ''), time: iso.slice(11, 13) + iso.slice(14, 16) };
};

/** ISO 8601 with the zone's own offset, as NWS writes it: `2026-01-05T14:32:00-06:00`. */
export const localIso = (t: number, timeZone: string): string => {
  const offsetMin = Math.round(zoneOffset(t, timeZone) / 60_000);
  const size = Math.abs(offsetMin);
  const two = (n: number): string => String(n).padStart(2, '0');
  const zone = `${offsetMin < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
  return `${new Date(toLocal(t, timeZone)).toISOString().slice(0, 19)}${zone}`;
};
