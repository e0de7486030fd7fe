import { z } from 'zod';

const text = z
  .string()
  .transform((value) => value.trim())
  .nullish()
  .transform((value) => (value === undefined || value === '' ? null : value));
/** An element that may come once, often or not at all; XML shows no difference between one and a list of one. */
const list = <T extends z.ZodType>(item: T) =>
  z.preprocess(
    (value) =>
      value === undefined || value === '' ? [] : Array.isArray(value) ? (value as unknown[]) : [value],
    z.array(item),
  );
const moment = z
  .string()
  .trim()
  .pipe(z.iso.datetime({ offset: true }))
  .transform((value) => Date.parse(value));
const optionalMoment = z
  .union([z.literal('').transform(() => null), moment])
  .nullish()
  .transform((at) => at ?? null);
const named = z.object({ valueName: text, value: text });

const area = z.object({
  polygon: list(z.string()),
  circle: list(z.string()),
  geocode: list(named),
});

const info = z.object({
  language: text,
  event: text,
  responseType: list(z.string()),
  urgency: text,
  severity: text,
  certainty: text,
  effective: optionalMoment,
  onset: optionalMoment,
  expires: optionalMoment,
  headline: text,
  parameter: list(named),
  area: list(area),
});
export type CapInfo = z.infer<typeof info>;

/** What we read of an alert. */
export const capAlert = z.object({
  identifier: z.string().trim().min(1).max(190),
  sender: text,
  sent: moment,
  msgType: z.string().trim(),
  references: text,
  info: list(info),
});
export type CapAlert = z.infer<typeof capAlert>;

/** Read before the rest, so that a test message with odd content is a test and not an error. */
export const capHead = z.object({ status: z.string().trim(), msgType: z.string().trim() }).partial();
