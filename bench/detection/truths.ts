import type { TrueCause } from '../../sources/simulated/shipment.ts';
import type { ShipmentTruth } from '../../sources/simulated/truth.ts';

/** What can be so of a shipment: that something holds it up, that it misses its promise, that it comes back. */
export type TruthKind = TrueCause | 'late' | 'returned';

/** One thing that truly was so of a shipment, and when. */
export interface Truth {
  readonly kind: TruthKind;
  readonly leg: number | null;
  /** From when it was so, and until when: while it cost time, or until the shipment ended. */
  readonly from: number;
  readonly until: number;
  /** Whether it has to be found; what was too small to miss the promise may be told, and need not be. */
  readonly isToFind: boolean;
  /** Its part of the time that the shipment lost, in [0; 1]. */
  readonly share: number;
}

/** What has to be found where the documents show it, whether or not the shipment is late in the end. */
const toldOf: ReadonlySet<TrueCause> = new Set([
  'missed_pickup',
  'misroute',
  'customs',
  'address',
  'facility_closed',
  'refused',
  'damage',
  'loss',
]);

const MINUTE_MS = 60_000;

/**
 * All that was so of a shipment. Late holds from the first loss of time on: what is raised before anything has happened
 * was a guess, also where it came true for another reason.
 */
export const truthsOf = ({ causes, late, result, promisedAt, endedAt }: ShipmentTruth): readonly Truth[] => {
  const lostMin = causes.reduce((sum, { minutes }) => sum + minutes, 0);
  const truths: Truth[] = causes.map(({ cause, leg, at, minutes, visibleAt }) => ({
    kind: cause,
    // A port lies between two legs: the plan names it with the one that comes in, the world with the one that leaves.
    leg: cause === 'port_congestion' ? null : leg,
    from: at,
    until: minutes === 0 ? endedAt : at + minutes * MINUTE_MS,
    isToFind: toldOf.has(cause) && visibleAt !== null,
    share: lostMin === 0 ? 0 : minutes / lostMin,
  }));
  const whole = { leg: null, until: endedAt, isToFind: true, share: 1 };
  if (late) {
    const costly = causes.filter(({ minutes }) => minutes > 0).map(({ at }) => at);
    truths.push({ ...whole, kind: 'late', from: Math.min(promisedAt, ...costly) });
  }
  if (result === 'returned') truths.push({ ...whole, kind: 'returned', from: endedAt });
  return truths;
};
