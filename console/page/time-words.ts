const minuteMs = 60_000;

/** A span as exact as its size deserves: 45 s → `1 min`; 200 min → `3 h 20 min`; 14.4 h → `14 h`; 26 h → `1 d 2 h`. */
export const spanWords = (spanMs: number): string => {
  const minutes = Math.round(Math.abs(spanMs) / minuteMs);
  if (minutes === 0) return '< 1 min';
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours >= 10 && hours < 24) return `${Math.round(minutes / 60)} h`;
  if (hours < 10) return joined(hours, 'h', minutes % 60, 'min');
  const days = Math.floor(hours / 24);
  return days < 10 ? joined(days, 'd', hours % 24, 'h') : `${days} d`;
};

/** Where a time lies from now: `in 3 h`, `20 min ago`. */
export const relativeWords = (at: number, now: number): string => {
  if (Math.abs(at - now) < minuteMs / 2) return 'now';
  return at > now ? `in ${spanWords(at - now)}` : `${spanWords(now - at)} ago`;
};

/** Of what has happened: the page's idea of now may be a moment old, and what was sent is never `in 2 min`. */
export const pastWords = (at: number, now: number): string => relativeWords(Math.min(at, now), now);

/** Expected against promised: `3 h late`, `20 min early`, `on time` within half a minute. */
export const latenessWords = (expectedAt: number, promisedAt: number): string => {
  const lateMs = expectedAt - promisedAt;
  if (Math.abs(lateMs) < minuteMs / 2) return 'on time';
  return `${spanWords(lateMs)} ${lateMs > 0 ? 'late' : 'early'}`;
};

const day = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  timeZone: 'UTC',
});
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' });

/** `Intl` takes microseconds and a list asks for the same few thousand minutes every second. */
const known = new Map<number, string>();
const knownLimit = 10_000;

/** `Tue 14 Jan 09:30`, in UTC like every time of ours. */
export const momentWords = (at: number): string => {
  const minute = Math.floor(at / minuteMs);
  const before = known.get(minute);
  if (before !== undefined) return before;
  const words = `${day.format(at).replaceAll(',', '')} ${clock.format(at)}`;
  if (known.size >= knownLimit) known.clear();
  known.set(minute, words);
  return words;
};

const joined = (large: number, largeUnit: string, small: number, smallUnit: string): string =>
  small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
