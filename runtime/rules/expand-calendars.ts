import { createRequire } from 'node:module';
import type Holidays from 'date-holidays';
import type { BusinessCalendar } from '../../domain/business-time.ts';
import { type CalendarRule, minutesOf } from '../../domain/calendar-rule.ts';
import type { Sla } from '../../domain/sla.ts';
import { ForewarnError } from '../forewarn-error.ts';
import { nearestWord } from './nearest-word.ts';

const FIRST_YEAR = 2020;
const LAST_YEAR = 2036;
const DAY_MS = 86_400_000;

/** Loaded only where a calendar names a country: its data takes a quarter of a second. */
const require = createRequire(import.meta.url);
const holidaysLibrary = (): typeof Holidays => require('date-holidays') as typeof Holidays;

const known = (place: string, word: string, words: Readonly<Record<string, string>> | undefined): void => {
  const codes = Object.keys(words ?? {});
  if (codes.includes(word)) return;
  const nearest = nearestWord(word, codes);
  const rule =
    codes.length === 0 ? 'nothing is known below it; leave it out' : `is not one of ${shortList(codes)}`;
  throw new ForewarnError(
    'FW103',
    `${place}: "${word}" ${rule}${nearest === null ? '' : `; did you mean ${nearest}?`}`,
  );
};

const shortList = (codes: readonly string[]): string =>
  codes.length <= 20 ? codes.join(', ') : `${codes.slice(0, 20).join(', ')}, …`;

const remembered = new Map<string, Readonly<Record<string, string>>>();

/** Local date → name of the holiday, over the years 2020 to 2036. */
const holidaysOf = (rule: CalendarRule, place: string): Readonly<Record<string, string>> => {
  const { country, state, region, holidays: types } = rule;
  if (country === undefined) return {};
  const key = JSON.stringify([country, state, region, types]);
  const before = remembered.get(key);
  if (before !== undefined) return before;
  const Library = holidaysLibrary();
  const all = new Library();
  known(`${place}.country`, country, all.getCountries());
  if (state !== undefined) known(`${place}.state`, state, all.getStates(country));
  if (region !== undefined) known(`${place}.region`, region, all.getRegions(country, state ?? ''));
  const library = new Library(
    {
      country,
      ...(state === undefined ? {} : { state }),
      ...(region === undefined ? {} : { region }),
    },
    { types: [...types], languages: ['en'] },
  );
  const days: Record<string, string> = {};
  for (let year = FIRST_YEAR; year <= LAST_YEAR; year += 1) {
    for (const { date, start, end, name } of library.getHolidays(year)) {
      const first = Date.parse(date.slice(0, 10));
      const count = Math.max(1, Math.round((end.getTime() - start.getTime()) / DAY_MS));
      for (let day = 0; day < count; day += 1)
        days[new Date(first + day * DAY_MS).toISOString().slice(0, 10)] ??= name;
    }
  }
  remembered.set(key, days);
  return days;
};

const calendarOf = (rule: CalendarRule, place: string): BusinessCalendar => ({
  zone: rule.zone,
  weekend: rule.weekend,
  opensMin: minutesOf(rule.hours.from),
  closesMin: minutesOf(rule.hours.to),
  closed: { ...holidaysOf(rule, place), ...Object.fromEntries(rule.closed.map((date) => [date, 'closed'])) },
  open: Object.fromEntries(rule.open.map((date) => [date, true as const])),
});

/** The calendars of `sla.yaml` as the days that they mean. FW103 for a place or a name that is not known. */
export const expandCalendars = (
  { calendars, sites, defaultCalendar }: Sla,
  file: string,
): Readonly<Record<string, BusinessCalendar>> => {
  const names = Object.keys(calendars);
  const mustBe = (name: string, at: string): void => {
    if (names.includes(name)) return;
    const nearest = nearestWord(name, names);
    throw new ForewarnError(
      'FW103',
      `${file} ${at}: "${name}" is not one of the calendars ${names.join(', ')}${nearest === null ? '; add it to them' : `; did you mean ${nearest}?`}`,
    );
  };
  for (const [place, name] of Object.entries(sites)) mustBe(name, `sites.${place}`);
  if (defaultCalendar !== null) mustBe(defaultCalendar, 'defaultCalendar');
  return Object.fromEntries(
    Object.entries(calendars).map(([name, rule]) => [name, calendarOf(rule, `${file} calendars.${name}`)]),
  );
};
