import type { Dispatch } from '../dispatch.ts';
import { afterQuietHours, type EffectiveTerms } from '../sla.ts';
import { bandOf } from '../taxonomy.ts';
import { commonZone } from './recipients.ts';
import { zoneOffsetMin } from './zone-offset.ts';

export interface QuietTerms {
  readonly from: string;
  readonly to: string;
  readonly utcOffsetMin: number;
  /** IANA; over the offset. */
  readonly zone: string | null;
}

/** What the terms say about when not to disturb: the one place that reads it. */
export const quietTermsOf = ({ quietHours }: EffectiveTerms): QuietTerms | null =>
  quietHours === null ? null : { ...quietHours, zone: null };

/** Minutes that clocks are ahead of UTC: those of `zone` where it is known, else of the terms; 0 where they name none. */
export const offsetOf = (quiet: QuietTerms | null, zone: string | null, at: number): number => {
  const termsZone = quiet?.zone ?? null;
  return (
    (zone === null ? null : zoneOffsetMin(zone, at)) ??
    (termsZone === null ? null : zoneOffsetMin(termsZone, at)) ??
    quiet?.utcOffsetMin ??
    0
  );
};

/** From here on it would come too late: its expiry, or the promise that it speaks of. */
export const uselessFrom = ({ expiresAt, facts }: Pick<Dispatch, 'expiresAt' | 'facts'>): number => {
  const promisedAt = facts['promisedAt'];
  return Math.min(expiresAt ?? Infinity, typeof promisedAt === 'number' ? promisedAt : Infinity);
};

const isCritical = ({ facts: { severity } }: Dispatch): boolean =>
  typeof severity === 'number' && bandOf(severity) === 'critical';

/**
 * When a message may go that is ready at `now`: then, or at the end of the quiet hours it fell into, by the clocks of
 * those who are told where they all have the same, else by those of the terms. What is critical, or would be of no
 * use by then, goes at once.
 * Quiet 21:00–07:00, ready at 23:30, promise at 12:00 → 07:00 · promise at 06:00 → 23:30.
 */
export const goesAt = (message: Dispatch, terms: EffectiveTerms, now: number): number => {
  const quiet = quietTermsOf(terms);
  if (quiet === null || isCritical(message)) return now;
  const zone = commonZone(message.recipients);
  const endBy = (offsetAt: number): number =>
    afterQuietHours({ from: quiet.from, to: quiet.to, utcOffsetMin: offsetOf(quiet, zone, offsetAt) }, now);
  const end = endBy(now);
  if (end === now) return now;
  // Clocks may have been put forward or back by then.
  const offsetMoved = offsetOf(quiet, zone, end) - offsetOf(quiet, zone, now);
  const at = end - offsetMoved * 60_000;
  return at >= uselessFrom(message) ? now : Math.max(now, at);
};
