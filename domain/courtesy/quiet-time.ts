import type { Dispatch } from '../dispatch.ts';
import { type EffectiveTerms, messageDueAt } from '../sla.ts';
import { commonZone } from './recipients.ts';
import { zoneOffsetMin } from '../local-time.ts';

/** Minutes that the clocks of the terms are ahead of UTC: those of its quiet hours; 0 where they name none. */
export const offsetOf = ({ quietHours }: Pick<EffectiveTerms, 'quietHours'>, at: number): number =>
  quietHours === null
    ? 0
    : ((quietHours.zone === undefined ? null : zoneOffsetMin(quietHours.zone, at)) ??
      quietHours.utcOffsetMin);

/** From here on it would come too late: its expiry, or the promise that it speaks of. */
export const uselessFrom = ({ expiresAt, facts }: Pick<Dispatch, 'expiresAt' | 'facts'>): number => {
  const promisedAt = facts['promisedAt'];
  return Math.min(expiresAt ?? Infinity, typeof promisedAt === 'number' ? promisedAt : Infinity);
};

/**
 * When a message may go that is ready at `now`: then, or at the end of the quiet hours it fell into, by the clocks of
 * those who are told where they all have the same, else by those of the terms. What is as grave as the terms except, or
 * would be of no use by then, goes at once.
 * Quiet 21:00–07:00, ready at 23:30, promise at 12:00 → 07:00 · promise at 06:00 → 23:30.
 */
export const goesAt = (message: Dispatch, { quietHours }: EffectiveTerms, now: number): number => {
  const zone = commonZone(message.recipients);
  const isKnown = zone !== null && zoneOffsetMin(zone, now) !== null;
  const quiet = quietHours === null || !isKnown ? quietHours : { ...quietHours, zone };
  const { severity } = message.facts;
  const at = messageDueAt(quiet, { at: now, severity: typeof severity === 'number' ? severity : 0 });
  return at >= uselessFrom(message) ? now : at;
};
