import { type Hazard, type HazardMessage, messagesAbout } from '../hazard.ts';
import { type Moving, remainingLegs } from '../moving.ts';

/**
 * The first leg on which a hazard is met, with what is said of the zones where it is; null where none does. Where a leg's
 * zones stand in their order, each is passed in its own part of the leg's time, and `share` of the leg sooner or later; of
 * others nobody knows when. Five in order, 10:00 to 20:00, share 0.2: the second is passed between 10:00 and 16:00.
 */
export const metOnTheWay = (
  moving: Pick<Moving, 'plan' | 'progress'>,
  hazard: Hazard,
  orderedShare: number,
): { readonly index: number; readonly met: readonly HazardMessage[] } | null => {
  for (const { leg, index, from, to } of remainingLegs(moving)) {
    const { zones, zonesInOrder = false } = leg;
    const share = zonesInOrder ? orderedShare : 1;
    const met = new Set<HazardMessage>();
    for (const [place, zone] of zones.entries()) {
      const between = (part: number): number => from + Math.min(1, Math.max(0, part)) * (to - from);
      const [enters, leaves] = [
        between(place / zones.length - share),
        between((place + 1) / zones.length + share),
      ];
      for (const message of messagesAbout(hazard, [zone]))
        if (enters < message.endsAt && leaves > message.onsetAt) met.add(message);
    }
    if (met.size > 0) return { index, met: [...met] };
  }
  return null;
};
