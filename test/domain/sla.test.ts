import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Contract } from '../../domain/contract.ts';
import type { BusinessCalendar } from '../../domain/business-time.ts';
import {
  afterQuietHours,
  breached,
  calendarFor,
  effectiveTerms,
  inForce,
  messageDueAt,
  minutesLate,
  promiseBy,
  quietHours,
  resolutionDueAt,
  responseDueAt,
  sla,
} from '../../domain/sla.ts';
import { rules } from '../rules/shipped-rules.ts';

const at = (text: string): number => Date.parse(`2026-03-0${text}Z`);

const contract = (change: Partial<Contract>): Contract => ({
  id: 'c1',
  at: 0,
  heardAt: 0,
  source: { feed: 'tms', document: 'd', position: 0, decoder: 'json', mapping: null },
  customerId: 'acme',
  version: 3,
  tier: 'priority',
  terms: {},
  effectiveFrom: 0,
  effectiveTo: null,
  ...change,
});

test('a contract overrides its tier, term by term', () => {
  const tier = rules.sla.tiers.guaranteed;
  expect(effectiveTerms(rules.sla, contract({ tier: 'guaranteed', terms: { responseMin: 5 } }))).toEqual({
    ...tier,
    responseMin: 5,
    calendar: null,
    tier: 'guaranteed',
    contractVersion: 3,
  });
});

test('without a contract the terms are those of the standard tier', () => {
  expect(effectiveTerms(rules.sla, null)).toEqual({
    ...rules.sla.tiers.standard,
    calendar: null,
    tier: 'standard',
    contractVersion: null,
  });
});

test('a contract is in force from its first millisecond and not at its last', () => {
  const limited = contract({ effectiveFrom: 10, effectiveTo: 20 });
  expect([9, 10, 19, 20].map((t) => inForce(limited, t))).toEqual([false, true, true, false]);
});

test('the promise is kept until grace has passed, to the millisecond', () => {
  const promisedAt = at('2T17:00');
  const breachedAt = (deliveredAt: number | null): boolean =>
    breached({ promisedAt, deliveredAt }, { graceMin: 60 });
  expect(breachedAt(at('2T18:00'))).toBe(false);
  expect(breachedAt(at('2T18:00') + 1)).toBe(true);
  expect(breachedAt(null)).toBe(true);
  expect(minutesLate({ promisedAt, deliveredAt: at('2T16:30') })).toBe(-30);
});

test('a date-only promise is kept all day', () => {
  const promisedAt = at('2T23:59:59.999');
  expect(breached({ promisedAt, deliveredAt: at('2T23:59:59.999') }, { graceMin: 0 })).toBe(false);
  expect(breached({ promisedAt, deliveredAt: at('3T00:00') }, { graceMin: 0 })).toBe(true);
});

test.each([
  ['2T20:59', '2T20:59'],
  ['2T21:00', '3T07:00'],
  ['2T23:30', '3T07:00'],
  ['3T06:59', '3T07:00'],
  ['3T07:00', '3T07:00'],
])('quiet from 21:00 to 07:00: ready at %s, out at %s', (ready, out) => {
  expect(afterQuietHours({ from: '21:00', to: '07:00', utcOffsetMin: 0 }, at(ready))).toBe(at(out));
});

test('quiet hours are those of the customer, and no message waits longer than they last', () => {
  expect(afterQuietHours({ from: '21:00', to: '07:00', utcOffsetMin: -300 }, at('2T03:00'))).toBe(
    at('2T12:00'),
  );
  const time = fc
    .tuple(fc.nat(23), fc.nat(59))
    .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);
  fc.assert(
    fc.property(
      time,
      time,
      fc.integer({ min: -720, max: 840 }),
      fc.nat(10 ** 12),
      (from, to, utcOffsetMin, t) => {
        const out = afterQuietHours({ from, to, utcOffsetMin }, t);
        expect(out).toBeGreaterThanOrEqual(t);
        expect(out - t).toBeLessThanOrEqual(86_400_000);
        expect(afterQuietHours({ from, to, utcOffsetMin }, out)).toBe(out);
      },
    ),
  );
});

test('a contract may override every term that the sla page names, quiet hours with none too', () => {
  const own = {
    graceMin: 5,
    responseMin: 6,
    resolutionMin: 7,
    promiseBasis: 'latest',
    told: ['consignee'],
    quietHours: null,
    penaltyMinor: 4200,
    penaltyCurrency: 'EUR',
    calendar: 'plant',
  } as const;
  expect(
    effectiveTerms(rules.sla, contract({ tier: 'standard', terms: { ...own, told: [...own.told] } })),
  ).toMatchObject(own);
});

const office: BusinessCalendar = {
  zone: 'America/Chicago',
  weekend: ['sat', 'sun'],
  opensMin: 480,
  closesMin: 1020,
  closed: { '2026-03-09': 'Founders Day' },
  open: {},
};
const friday = Date.parse('2026-03-06T16:30-06:00');
const tuesday = (time: string): number => Date.parse(`2026-03-10T${time}-05:00`);

test('business clocks run while the calendar works, the others always', () => {
  const terms = { responseMin: 60, resolutionMin: 600 } as const;
  expect(responseDueAt({ ...terms, responseClock: 'always' }, friday, office)).toBe(friday + 3_600_000);
  expect(responseDueAt({ ...terms, responseClock: 'business' }, friday, office)).toBe(tuesday('08:30'));
  expect(responseDueAt({ ...terms, responseClock: 'business' }, friday, null)).toBe(friday + 3_600_000);
  expect(resolutionDueAt({ ...terms, resolutionClock: 'business' }, friday, office)).toBe(
    Date.parse('2026-03-11T08:30-05:00'),
  );
});

test('grace of business days passes over weekend and holiday', () => {
  const grace = { graceMin: 30, graceBusinessDays: 1 };
  const late = (deliveredAt: number): boolean => breached({ promisedAt: friday, deliveredAt }, grace, office);
  expect(late(tuesday('17:00'))).toBe(false);
  expect(late(tuesday('17:00') + 1)).toBe(true);
});

test('an appointment is missed after its window, and before it only where early counts', () => {
  const appointment = { from: at('2T08:00'), to: at('2T10:00') };
  const promises = { firstPromisedAt: at('2T12:00'), latestPromisedAt: at('2T14:00'), appointment };
  const promisedAt = promiseBy(promises, { promiseBasis: 'appointment' });
  expect(promisedAt).toBe(appointment.to);
  expect(promiseBy({ ...promises, appointment: null }, { promiseBasis: 'appointment' })).toBe(at('2T14:00'));
  const missed = (deliveredAt: number, earlyCounts: boolean): boolean =>
    breached({ promisedAt, deliveredAt, notBefore: appointment.from }, { graceMin: 15, earlyCounts });
  expect([missed(at('2T07:30'), false), missed(at('2T07:30'), true)]).toEqual([false, true]);
  expect([missed(at('2T08:00'), true), missed(at('2T10:15'), true)]).toEqual([false, false]);
  expect(missed(at('2T10:15') + 1, false)).toBe(true);
});

test('a calendar is that of the contract, else of the place, else the default', () => {
  const calendars = { a: { ...office, zone: 'UTC' }, b: { ...office, zone: 'Europe/Berlin' }, c: office };
  const given = { sla: { sites: { CHI: 'b' }, defaultCalendar: 'c' }, calendars };
  expect(calendarFor(given, { calendar: 'a' }, 'CHI')).toBe(calendars.a);
  expect(calendarFor(given, { calendar: null }, 'CHI')).toBe(calendars.b);
  expect(calendarFor(given, { calendar: 'gone' }, 'NYC')).toBe(calendars.c);
  expect(calendarFor({ ...given, sla: { sites: {}, defaultCalendar: null } }, { calendar: null }, null)).toBe(
    null,
  );
});

test('quiet hours of a zone follow its clocks', () => {
  const quiet = quietHours.parse({ from: '22:00', to: '06:00', zone: 'America/Chicago' });
  expect(afterQuietHours(quiet, Date.parse('2026-03-07T23:00-06:00'))).toBe(
    Date.parse('2026-03-08T06:00-05:00'),
  );
  expect(afterQuietHours(quiet, Date.parse('2026-10-31T23:00-05:00'))).toBe(
    Date.parse('2026-11-01T06:00-06:00'),
  );
});

test('quiet hours of some days begin on those days alone', () => {
  const quiet = quietHours.parse({ from: '20:00', to: '08:00', days: ['fri'] });
  expect(afterQuietHours(quiet, at('5T21:00'))).toBe(at('5T21:00'));
  expect(afterQuietHours(quiet, at('6T21:00'))).toBe(at('7T08:00'));
  expect(afterQuietHours(quiet, at('7T07:00'))).toBe(at('7T08:00'));
  expect(afterQuietHours(quiet, at('7T21:00'))).toBe(at('7T21:00'));
});

test('a message wakes people from the band on that the terms except', () => {
  const quiet = quietHours.parse({ from: '20:00', to: '08:00', exceptFromBand: 'high' });
  expect(messageDueAt(quiet, { at: at('2T21:00'), severity: 59.9 })).toBe(at('3T08:00'));
  expect(messageDueAt(quiet, { at: at('2T21:00'), severity: 60 })).toBe(at('2T21:00'));
  expect(quietHours.parse({ from: '20:00', to: '08:00' }).exceptFromBand).toBe('critical');
});

test('a bad zone and hours that end before they begin are refused', () => {
  const calendars = (change: object) =>
    sla.safeParse({ ...rules.sla, calendars: { x: { zone: 'UTC', ...change } } }).success;
  expect(calendars({})).toBe(true);
  expect(calendars({ zone: 'America/Chikago' })).toBe(false);
  expect(calendars({ hours: { from: '17:00', to: '08:00' } })).toBe(false);
  expect(calendars({ weekend: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] })).toBe(false);
});
