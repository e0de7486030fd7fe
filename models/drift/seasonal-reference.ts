const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/**
 * With what a feature is compared: with all of the reference, with the same four weeks of the year (temperature,
 * volume), or with the same six hours of the day (hour, visibility).
 */
export type Season = 'none' | 'weeks' | 'hours';

/** Twelve-and-a-bit stretches of four weeks, or four of six hours, in UTC. January 30 → `weeks 1`, 13:00 → `hours 2`. */
export const seasonOf = (at: number, season: Season): string => {
  if (season === 'none') return 'all';
  if (season === 'hours') return `hours ${Math.floor((at % DAY_MS) / (6 * HOUR_MS))}`;
  const yearStart = Date.UTC(new Date(at).getUTCFullYear(), 0, 1);
  return `weeks ${Math.floor((at - yearStart) / (28 * DAY_MS))}`;
};

/** References by season beside that of all times; plain data. */
export interface SeasonalReference<T> {
  readonly season: Season;
  readonly all: T;
  readonly bySeason: Readonly<Record<string, T>>;
}

/** `make` gets the rows of each season of which there are at least `minRows`, and all of them. */
export const seasonalReference = <Row extends { readonly at: number }, T>(
  rows: readonly Row[],
  season: Season,
  make: (rows: readonly Row[]) => T,
  minRows = 200,
): SeasonalReference<T> => {
  const groups = new Map<string, Row[]>();
  for (const row of season === 'none' ? [] : rows) {
    const key = seasonOf(row.at, season);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  const enough = [...groups].filter(([, of]) => of.length >= minRows);
  return {
    season,
    all: make(rows),
    bySeason: Object.fromEntries(enough.map(([key, of]) => [key, make(of)])),
  };
};

/**
 * The reference for a time, and whether it is of its season. A season that was never seen has none: weather in July
 * cannot be judged by what was learned in winter, so that its drift is only a note.
 */
export const referenceAt = <T>(
  { season, all, bySeason }: SeasonalReference<T>,
  at: number,
): { readonly reference: T; readonly isOfSeason: boolean } => {
  const own = bySeason[seasonOf(at, season)];
  return own === undefined
    ? { reference: all, isOfSeason: season === 'none' }
    : { reference: own, isOfSeason: true };
};
