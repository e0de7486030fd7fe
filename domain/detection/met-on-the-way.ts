import { type Hazard, type HazardMessage, messagesAbout } from '../hazard.ts';
import { type Moving, remainingLegs } from '../moving.ts';

/**
 * The first leg on which a hazard is met, with what is said of the zones where it is; null where none does. Where the plan
 * says how far along the leg a zone lies, it is passed then, and `share` of the leg sooner or later; of others nobody knows
 * when. A leg from 10:00 to 20:00, share 0.1: a zone in the middle of it is passed between 14:00 and 16:00.
 */
export const metOnTheWay = (
  moving: Pick<Moving, 'plan' | 'progress'>,
  hazard: Hazard,
  share: number,
): { readonly index: number; readonly met: readonly HazardMessage[] } | null => {
  for (const { leg, index, from, to } of remainingLegs(moving)) {
    const met = new Set<HazardMessage>();
    for (const [place, zone] of leg.zones.entries()) {
      const part = leg.zonesAt?.[place];
      const along = (of: number): number => from + Math.min(1, Math.max(0, of)) * (to - from);
      const [enters, leaves] = part === undefined ? [from, to] : [along(part - share), along(part + share)];
      for (const message of messagesAbout(hazard, [zone]))
        if (enters < message.endsAt && leaves > message.onsetAt) met.add(message);
    }
    if (met.size > 0) return { index, met: [...met] };
  }
  return null;
};
