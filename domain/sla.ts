import { z } from 'zod';
import { type Tier, tiers } from './codes.ts';
import type { Contract } from './contract.ts';
import { word } from './schema.ts';
import { severityBands } from './taxonomy.ts';

export const audiences = ['customer', 'consignee', 'carrier'] as const;
export type Audience = (typeof audiences)[number];

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

export const quietHours = z.strictObject({
  from: timeOfDay,
  to: timeOfDay,
  utcOffsetMin: z.int().min(-720).max(840).default(0),
});
export type QuietHours = z.infer<typeof quietHours>;

export const tierTerms = z.strictObject({
  promiseBasis: z
    .enum(['first', 'latest'])
    .meta({ description: 'Which promise counts: the first that was made, or the latest.' }),
  graceMin: z.number().min(0).meta({ description: 'Minutes after the promise that are still in time.' }),
  responseMin: z.number().positive().meta({ description: 'Minutes from raise to a first response.' }),
  resolutionMin: z.number().positive().meta({ description: 'Minutes from raise to the end of it.' }),
  told: z.array(z.enum(audiences)).meta({ description: 'Who may be told; the desk always is.' }),
  quietHours: quietHours.nullable().default(null),
});
export type TierTerms = z.infer<typeof tierTerms>;

const byTier = { standard: tierTerms, priority: tierTerms, guaranteed: tierTerms } as const satisfies Record<
  Tier,
  typeof tierTerms
>;

export const sla = z.strictObject({
  version: z.int().min(1),
  tiers: z.strictObject(byTier),
  /** What runs when a clock or an approval runs out: an `escalate` action to this destination. */
  escalation: z.strictObject({
    destination: word,
    minBand: z
      .enum(severityBands)
      .meta({ description: 'Clocks of exceptions below this band run out unheard.' }),
  }),
  /** What comes back within this time after it was resolved is the same exception; later it is a new one. */
  reopenWithinMin: z.number().positive(),
});
export type Sla = z.infer<typeof sla>;

/** The terms that hold for one customer: the tier's, and over them what its contract says otherwise. */
export interface EffectiveTerms extends TierTerms {
  readonly tier: Tier;
  readonly contractVersion: number | null;
}

/** A customer without a contract has the terms of the tier `standard`. */
export const effectiveTerms = ({ tiers: defaults }: Sla, contract: Contract | null): EffectiveTerms => {
  const tier = contract?.tier ?? tiers[0];
  const base = defaults[tier];
  const own = contract?.terms ?? {};
  return {
    ...base,
    graceMin: own.graceMin ?? base.graceMin,
    responseMin: own.responseMin ?? base.responseMin,
    resolutionMin: own.resolutionMin ?? base.resolutionMin,
    tier,
    contractVersion: contract?.version ?? null,
  };
};

/** In force over `[effectiveFrom; effectiveTo)`. */
export const inForce = ({ effectiveFrom, effectiveTo }: Contract, at: number): boolean =>
  effectiveFrom <= at && (effectiveTo === null || at < effectiveTo);

export interface Delivery {
  /** The end of the promise; that of a date-only one is the end of its local day. */
  readonly promisedAt: number;
  /** Null when it never was delivered. */
  readonly deliveredAt: number | null;
}

export const minutesLate = ({ promisedAt, deliveredAt }: Delivery): number | null =>
  deliveredAt === null ? null : (deliveredAt - promisedAt) / 60_000;

/**
 * Delivered after promise and grace, or not at all. Promise 17:00, grace 60 min: 17:59 and 18:00 keep it,
 * 18:00:00.001 breaks it.
 */
export const breached = (delivery: Delivery, { graceMin }: Pick<TierTerms, 'graceMin'>): boolean => {
  const late = minutesLate(delivery);
  return late === null || late > graceMin;
};

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/**
 * When a message may go out that is ready at `at`: then, or at the end of the quiet hours it fell into.
 * Quiet 21:00–07:00: ready at 20:59 → 20:59 · at 23:30 → 07:00 next day · at 06:59 → 07:00.
 */
export const afterQuietHours = (quiet: QuietHours | null, at: number): number => {
  if (quiet === null) return at;
  const dayMs = 86_400_000;
  const offsetMs = quiet.utcOffsetMin * 60_000;
  const dayStart = Math.floor((at + offsetMs) / dayMs) * dayMs - offsetMs;
  const from = dayStart + minutesOf(quiet.from) * 60_000;
  const to = dayStart + minutesOf(quiet.to) * 60_000;
  if (from <= to) return at >= from && at < to ? to : at;
  if (at >= from) return to + dayMs;
  return at < to ? to : at;
};
