import { z } from 'zod';
import { weekdays } from './business-time.ts';
import { isZone } from './local-time.ts';
import { word } from './schema.ts';

export const timeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
  .meta({ description: 'Hours and minutes of the local day, such as 07:30.' });

/** `minutesOf('07:30')` → 450; `24:00` is the end of the day. */
export const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

export const ianaZone = z
  .string()
  .refine(isZone, { error: 'is no time zone; write an IANA name such as America/Chicago' })
  .meta({ description: 'IANA time zone, such as America/Chicago.' });

export const weekday = z.enum(weekdays);

export const holidayTypes = ['public', 'bank', 'optional', 'school', 'observance'] as const;

/** When a place works. Holidays are those of a country, state and region, by the codes of ISO 3166. */
export const calendarRule = z.strictObject({
  zone: ianaZone,
  country: z
    .string()
    .length(2)
    .optional()
    .meta({ description: 'ISO 3166-1, such as US; left out, there are no holidays.' }),
  state: z.string().optional().meta({ description: 'ISO 3166-2 without the country, such as IL.' }),
  region: z.string().optional(),
  holidays: z
    .array(z.enum(holidayTypes))
    .default(['public'])
    .meta({ description: 'Kinds of holidays on which nobody works.' }),
  weekend: z.array(weekday).max(6).default(['sat', 'sun']),
  hours: z
    .strictObject({ from: timeOfDay, to: timeOfDay.or(z.literal('24:00')) })
    .refine(({ from, to }) => minutesOf(from) < minutesOf(to), {
      error: 'ends before it begins; let from be earlier than to',
    })
    .default({ from: '00:00', to: '24:00' }),
  closed: z.array(z.iso.date()).default([]).meta({ description: 'Further local dates without work.' }),
  open: z
    .array(z.iso.date())
    .default([])
    .meta({ description: 'Local dates that are worked although they are a weekend or a holiday.' }),
});
export type CalendarRule = z.infer<typeof calendarRule>;

/** Which calendar holds where. */
export const calendarRules = {
  calendars: z.record(word, calendarRule).default({}),
  /** By the place word of a plan's leg, such as a hub or a port. */
  sites: z
    .record(word, word)
    .default({})
    .meta({ description: 'Place of a plan, such as a hub code → name of its calendar.' }),
  defaultCalendar: word
    .nullable()
    .default(null)
    .meta({ description: 'Calendar of every other place; without one every hour is worked.' }),
};
