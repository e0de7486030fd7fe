import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addBusinessDays,
  addBusinessMinutes,
  type BusinessCalendar,
  businessMinutesBetween,
  isBusinessDay,
  weekdays,
} from '../../domain/business-time.ts';

const office: BusinessCalendar = {
  zone: 'America/Chicago',
  weekend: ['sat', 'sun'],
  opensMin: 480,
  closesMin: 1020,
  closed: {},
  open: {},
};
// 2026-03-06 is a Friday; on Sunday the 8th clocks in Chicago go forward.
const fri = (time: string): number => Date.parse(`2026-03-06T${time}-06:00`);
const sat = (time: string): number => Date.parse(`2026-03-07T${time}-06:00`);
const mon = (time: string): number => Date.parse(`2026-03-09T${time}-05:00`);

test.each([
  [fri('16:30'), 60, mon('08:30')],
  [sat('12:00'), 60, mon('09:00')],
  [mon('16:00'), 60, mon('17:00')],
  [fri('17:00'), 0, fri('17:00')],
  [fri('06:00'), 1, fri('08:01')],
])('the examples of its documentation: %d + %d min', (at, minutes, due) => {
  expect(addBusinessMinutes(office, at, minutes)).toBe(due);
});

test('minutes between count only what is worked, and backwards they are negative', () => {
  expect(businessMinutesBetween(office, fri('16:30'), mon('08:30'))).toBe(60);
  expect(businessMinutesBetween(office, mon('08:30'), fri('16:30'))).toBe(-60);
  expect(businessMinutesBetween(office, sat('09:00'), sat('20:00'))).toBe(0);
});

test('a holiday is no business day, unless the place is open all the same', () => {
  const holiday = { ...office, closed: { '2026-03-09': 'Founders Day' } };
  expect(isBusinessDay(holiday, mon('10:00'))).toBe(false);
  expect(addBusinessDays(holiday, fri('17:00'), 1)).toBe(Date.parse('2026-03-10T17:00-05:00'));
  const open = { ...holiday, open: { '2026-03-07': true, '2026-03-09': true } as const };
  expect(isBusinessDay(open, mon('10:00'))).toBe(true);
  expect(addBusinessMinutes(open, fri('16:30'), 60)).toBe(sat('08:30'));
});

test('business days keep the time of day through a change of clocks', () => {
  expect(addBusinessDays(office, fri('17:00'), 1)).toBe(mon('17:00'));
  expect(addBusinessDays(office, sat('10:00'), 1)).toBe(mon('10:00'));
  expect(addBusinessDays(office, sat('10:00'), 0)).toBe(sat('10:00'));
});

test('the day on which clocks go forward has 23 hours, and that on which they go back 25', () => {
  const always = { ...office, weekend: [], opensMin: 0, closesMin: 1440 };
  const day = (from: string, to: string): number =>
    businessMinutesBetween(always, Date.parse(from), Date.parse(to));
  expect(day('2026-03-08T00:00-06:00', '2026-03-09T00:00-05:00')).toBe(23 * 60);
  expect(day('2026-11-01T00:00-05:00', '2026-11-02T00:00-06:00')).toBe(25 * 60);
});

/** What the wall clock of a zone shows, asked of Intl minute by minute and of nothing of ours. */
const shownBy = (zone: string) => {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return (at: number): { readonly date: string; readonly weekday: string; readonly minute: number } => {
    const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
    return {
      date: `${parts['year']}-${parts['month']}-${parts['day']}`,
      weekday: parts['weekday']!.toLowerCase().replace('.', ''),
      minute: Number(parts['hour']) * 60 + Number(parts['minute']),
    };
  };
};

/** Whether the minute that begins at `at` is worked, by looking at the clock. */
const isWorked = (calendar: BusinessCalendar, shown: ReturnType<typeof shownBy>, at: number): boolean => {
  const { date, weekday, minute } = shown(at);
  const works =
    date in calendar.open ||
    (!(date in calendar.closed) && !calendar.weekend.some((name) => name === weekday));
  return works && minute >= calendar.opensMin && minute < calendar.closesMin;
};

// Days around which clocks change in these zones; Santiago and Beirut change at midnight, Lord Howe by half an hour.
const changes = [
  ['America/Chicago', '2026-03-08'],
  ['America/Chicago', '2026-11-01'],
  ['Europe/Berlin', '2026-03-29'],
  ['Europe/Berlin', '2026-10-25'],
  ['America/Santiago', '2026-04-05'],
  ['America/Santiago', '2026-09-06'],
  ['Asia/Beirut', '2026-03-29'],
  ['Australia/Lord_Howe', '2026-10-04'],
  ['Asia/Kolkata', '2026-08-15'],
] as const;

// No hour of opening lies where clocks change, but for midnight: what a place means by 02:30 on such a day nobody knows.
const cases = fc.constantFrom(...changes).chain(([zone, date]) =>
  fc.record({
    calendar: fc.record({
      zone: fc.constant(zone),
      weekend: fc.subarray([...weekdays], { maxLength: 3 }),
      opensMin: fc.constantFrom(0, 240, 435, 540),
      closesMin: fc.constantFrom(600, 1020, 1380, 1440),
      closed: fc.constantFrom({}, { [date]: 'holiday' }),
      open: fc.constantFrom<Readonly<Record<string, true>>>({}, { [date]: true }),
    }),
    at: fc.integer({ min: -2 * 1440, max: 1440 }).map((minute) => Date.parse(date) + minute * 60_000),
    minutes: fc.nat(500),
  }),
);

test('agrees with stepping minute by minute, on days on which clocks change too', () => {
  fc.assert(
    fc.property(cases, ({ calendar, at, minutes }) => {
      const shown = shownBy(calendar.zone);
      let left = minutes;
      let naive = at;
      while (left > 0 && naive < at + 40 * 86_400_000) {
        if (isWorked(calendar, shown, naive)) left -= 1;
        naive += 60_000;
      }
      expect(addBusinessMinutes(calendar, at, minutes)).toBe(naive);
      expect(businessMinutesBetween(calendar, at, naive)).toBe(minutes);
    }),
    { numRuns: 40 },
  );
});

test('adding is undone by counting, and never goes back when more is added', () => {
  fc.assert(
    fc.property(cases, fc.nat(500), ({ calendar, at, minutes }, more) => {
      const due = addBusinessMinutes(calendar, at, minutes);
      expect(businessMinutesBetween(calendar, at, due)).toBe(minutes);
      expect(addBusinessMinutes(calendar, at, minutes + more)).toBeGreaterThanOrEqual(due);
    }),
  );
});
