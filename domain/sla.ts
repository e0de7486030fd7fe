import { z } from 'zod';
import { addBusinessDays, addBusinessMinutes, type BusinessCalendar, weekdayOf } from './business-time.ts';
import { calendarRules, ianaZone, minutesOf, timeOfDay, weekday } from './calendar-rule.ts';
import { type Tier, tiers } from './codes.ts';
import type { Contract } from './contract.ts';
import { duration } from './duration.ts';
import { localOf, utcOf } from './local-time.ts';
import { currency, minorUnits, word } from './schema.ts';
import { bandFloor, severityBands } from './taxonomy.ts';

export const audiences = ['customer', 'consignee', 'carrier'] as const;
export type Audience = (typeof audiences)[number];

export const quietHours = z.strictObject({
  from: timeOfDay,
  to: timeOfDay,
  zone: ianaZone.optional(),
  utcOffsetMin: z
    .int()
    .min(-720)
    .max(840)
    .default(0)
    .meta({ description: 'Minutes ahead of UTC, where no zone is given.' }),
  days: z
    .array(weekday)
    .min(1)
    .optional()
    .meta({ description: 'Days on which the quiet begins; all, where left out.' }),
  exceptFromBand: z
    .enum(severityBands)
    .default('critical')
    .meta({ description: 'From this band on a message wakes people.' }),
});
export type QuietHours = z.infer<typeof quietHours>;

export const promiseBases = ['first', 'latest', 'appointment'] as const;
const clock = z.enum(['always', 'business']);

export const tierTerms = z.strictObject({
  promiseBasis: z.enum(promiseBases).meta({
    description:
      'Which promise counts: the first that was made, the latest, or the end of the appointment window.',
  }),
  graceMin: z.number().min(0).meta({ description: 'Minutes after the promise that are still in time.' }),
  graceBusinessDays: z
    .int()
    .min(0)
    .default(0)
    .meta({ description: 'Business days after the promise that are still in time, before the minutes.' }),
  earlyCounts: z
    .boolean()
    .default(false)
    .meta({ description: 'Whether a delivery before the appointment window opens is a breach, too.' }),
  responseMin: z.number().positive().meta({ description: 'Minutes from raise to a first response.' }),
  responseClock: clock
    .default('always')
    .meta({ description: 'Whether every minute counts, or those in which the calendar works.' }),
  resolutionMin: z.number().positive().meta({ description: 'Minutes from raise to the end of it.' }),
  resolutionClock: clock.default('always'),
  told: z.array(z.enum(audiences)).meta({ description: 'Who may be told; the desk always is.' }),
  quietHours: quietHours.nullable().default(null),
  penaltyMinor: minorUnits.min(0).default(0).meta({ description: 'What one breach costs.' }),
  penaltyCurrency: currency.default('USD').meta({ description: 'Of penaltyMinor.' }),
});
export type TierTerms = z.infer<typeof tierTerms>;

const byTier = { standard: tierTerms, priority: tierTerms, guaranteed: tierTerms } as const satisfies Record<
  Tier,
  typeof tierTerms
>;

const rung = z.strictObject({
  after: duration.meta({ description: 'Time since the clock ran out without an answer.' }),
  destination: word,
  template: word.optional(),
});

export const sla = z.strictObject({
  version: z.int().min(1),
  ...calendarRules,
  tiers: z.strictObject(byTier),
  /** What runs when a clock or an approval runs out: an `escalate` action to this destination. */
  escalation: z.strictObject({
    destination: word,
    minBand: z
      .enum(severityBands)
      .meta({ description: 'Clocks of exceptions below this band run out unheard.' }),
    chain: z
      .array(rung)
      .max(5)
      .default([])
      .meta({ description: 'Whom it goes to next, one after the other, while nobody answers.' }),
  }),
  /** For comparisons of money alone; sums stay apart by currency. */
  rates: z.record(currency, z.number().positive()).optional().meta({
    description:
      'What one unit of each currency is worth in a common one, so that guards and severity compare values. USD: 1, EUR: 1.1.',
  }),
  /** What comes back within this time after it was resolved is the same exception; later it is a new one. */
  reopenWithinMin: z.number().positive(),
});
export type Sla = z.infer<typeof sla>;

/** The terms that hold for one customer: the tier's, and over them what its contract says otherwise. */
export interface EffectiveTerms extends TierTerms {
  readonly tier: Tier;
  readonly contractVersion: number | null;
  /** Name of the calendar that the contract asks for; null where the place decides. */
  readonly calendar: string | null;
}

const termsOf = ({ tiers: defaults }: Sla, contract: Contract | null): EffectiveTerms => {
  const tier = contract?.tier ?? tiers[0];
  const base = defaults[tier];
  const own = contract?.terms ?? {};
  return {
    ...base,
    promiseBasis: own.promiseBasis ?? base.promiseBasis,
    graceMin: own.graceMin ?? base.graceMin,
    responseMin: own.responseMin ?? base.responseMin,
    resolutionMin: own.resolutionMin ?? base.resolutionMin,
    told: own.told ?? base.told,
    quietHours: own.quietHours === undefined ? base.quietHours : own.quietHours,
    penaltyMinor: own.penaltyMinor ?? base.penaltyMinor,
    penaltyCurrency: own.penaltyCurrency ?? base.penaltyCurrency,
    calendar: own.calendar ?? null,
    tier,
    contractVersion: contract?.version ?? null,
  };
};

const NO_CONTRACT = {};

/** Terms by rules and contract, neither of which is ever changed: all shipments of a customer share them. */
const known = new WeakMap<Sla, WeakMap<Contract | typeof NO_CONTRACT, EffectiveTerms>>();

/** A customer without a contract has the terms of the tier `standard`. */
export const effectiveTerms = (sla: Sla, contract: Contract | null): EffectiveTerms => {
  let byContract = known.get(sla);
  if (byContract === undefined) known.set(sla, (byContract = new WeakMap()));
  let terms = byContract.get(contract ?? NO_CONTRACT);
  if (terms === undefined) byContract.set(contract ?? NO_CONTRACT, (terms = termsOf(sla, contract)));
  return terms;
};

/** In force over `[effectiveFrom; effectiveTo)`. */
export const inForce = ({ effectiveFrom, effectiveTo }: Contract, at: number): boolean =>
  effectiveFrom <= at && (effectiveTo === null || at < effectiveTo);

interface Calendars {
  readonly sla: Pick<Sla, 'sites' | 'defaultCalendar'>;
  readonly calendars: Readonly<Record<string, BusinessCalendar>>;
}

/**
 * The calendar by which business time counts: that of the contract, else of the place where the shipment ends, else the
 * default. Null where there is none, or not of this name: then every minute is worked.
 */
export const calendarFor = (
  { sla: { sites, defaultCalendar }, calendars }: Calendars,
  { calendar }: Pick<EffectiveTerms, 'calendar'>,
  place: string | null,
): BusinessCalendar | null => {
  const ofPlace = place !== null && Object.hasOwn(sites, place) ? sites[place] : undefined;
  for (const name of [calendar, ofPlace, defaultCalendar]) {
    if (typeof name === 'string' && Object.hasOwn(calendars, name)) return calendars[name] ?? null;
  }
  return null;
};

const dueAt = (
  from: number,
  minutes: number,
  counted: z.infer<typeof clock>,
  calendar: BusinessCalendar | null,
): number =>
  counted === 'business' && calendar !== null
    ? addBusinessMinutes(calendar, from, minutes)
    : from + minutes * 60_000;

/** Raised Fri 16:30 with 60 min: 17:30 by the clock `always`; Mon 08:30 by `business`, open Mon–Fri 08:00–17:00. */
export const responseDueAt = (
  { responseMin, responseClock }: Pick<TierTerms, 'responseMin' | 'responseClock'>,
  raisedAt: number,
  calendar: BusinessCalendar | null,
): number => dueAt(raisedAt, responseMin, responseClock, calendar);

/** The same for the end of it. */
export const resolutionDueAt = (
  { resolutionMin, resolutionClock }: Pick<TierTerms, 'resolutionMin' | 'resolutionClock'>,
  raisedAt: number,
  calendar: BusinessCalendar | null,
): number => dueAt(raisedAt, resolutionMin, resolutionClock, calendar);

export interface Promises {
  readonly firstPromisedAt: number;
  readonly latestPromisedAt: number;
  readonly appointment?: { readonly from: number; readonly to: number } | null;
}

/** The promise that counts. A shipment without an appointment has its latest promise instead. */
export const promiseBy = (
  { firstPromisedAt, latestPromisedAt, appointment }: Promises,
  { promiseBasis }: Pick<TierTerms, 'promiseBasis'>,
): number => {
  if (promiseBasis === 'first') return firstPromisedAt;
  return promiseBasis === 'appointment' ? (appointment?.to ?? latestPromisedAt) : latestPromisedAt;
};

export interface Delivery {
  /** The end of the promise; that of a date-only one is the end of its local day, of an appointment that of its window. */
  readonly promisedAt: number;
  /** Null when it never was delivered. */
  readonly deliveredAt: number | null;
  /** When the appointment window opens; left out or null where there is none. */
  readonly notBefore?: number | null;
}

export const minutesLate = ({ promisedAt, deliveredAt }: Pick<Delivery, 'promisedAt' | 'deliveredAt'>) =>
  deliveredAt === null ? null : (deliveredAt - promisedAt) / 60_000;

type Grace = Pick<TierTerms, 'graceMin'> & Partial<Pick<TierTerms, 'graceBusinessDays' | 'earlyCounts'>>;

const graceEnd = (
  promisedAt: number,
  { graceMin, graceBusinessDays = 0 }: Grace,
  calendar: BusinessCalendar | null,
): number =>
  (calendar === null
    ? promisedAt + graceBusinessDays * 86_400_000
    : addBusinessDays(calendar, promisedAt, graceBusinessDays)) +
  graceMin * 60_000;

/**
 * Delivered after promise and grace, or not at all; before its window only where the terms count that.
 * Promise 17:00, grace 60 min: 17:59 and 18:00 keep it, 18:00:00.001 breaks it.
 * Promise Fri 17:00, grace one business day, weekend Sat and Sun: Mon 17:00 keeps it.
 * Appointment 08:00–10:00: 07:30 is early and keeps it, unless `earlyCounts`.
 */
export const breached = (
  { promisedAt, deliveredAt, notBefore = null }: Delivery,
  grace: Grace,
  calendar: BusinessCalendar | null = null,
): boolean => {
  if (deliveredAt === null) return true;
  if (grace.earlyCounts === true && notBefore !== null && deliveredAt < notBefore) return true;
  return deliveredAt > graceEnd(promisedAt, grace, calendar);
};

const DAY_MS = 86_400_000;

/**
 * When a message may go out that is ready at `at`: then, or at the end of the quiet hours it fell into.
 * Quiet 21:00–07:00: ready at 20:59 → 20:59 · at 23:30 → 07:00 next day · at 06:59 → 07:00. With a zone these are hours
 * of its clocks: America/Chicago, 22:00–06:00, the night in which they go forward lasts seven hours.
 */
export const afterQuietHours = (quiet: Omit<QuietHours, 'exceptFromBand'> | null, at: number): number => {
  if (quiet === null) return at;
  const { zone, utcOffsetMin, days } = quiet;
  const from = minutesOf(quiet.from) * 60_000;
  const to = minutesOf(quiet.to) * 60_000;
  const utc = (local: number): number =>
    zone === undefined ? local - utcOffsetMin * 60_000 : utcOf(local, zone);
  const local = zone === undefined ? at + utcOffsetMin * 60_000 : localOf(at, zone);
  const today = Math.floor(local / DAY_MS);
  for (const day of [today - 1, today]) {
    if (days !== undefined && !days.includes(weekdayOf(day))) continue;
    const end = utc((from <= to ? day : day + 1) * DAY_MS + to);
    if (at >= utc(day * DAY_MS + from) && at < end) return end;
  }
  return at;
};

/** The same for a message of this severity: from the band that the quiet hours except, it goes at once. */
export const messageDueAt = (
  quiet: QuietHours | null,
  { at, severity }: { readonly at: number; readonly severity: number },
): number =>
  quiet !== null && severity >= bandFloor(quiet.exceptFromBand) ? at : afterQuietHours(quiet, at);
