import { z } from 'zod';
import { count, id, instant, probability, word } from './schema.ts';

/** In place of a carrier, a lane or a service: all of them. */
export const ALL = '*';

export const RATE_DAYS = 28;

/** What came of the shipments of a carrier on a lane with a service within the window, as known at log time `heardAt`. */
export const carrierRate = z.object({
  id,
  at: instant,
  heardAt: instant,
  /** `carrier|lane|service`, each `*` where the row is about all of them. */
  key: z.string(),
  carrier: word,
  lane: word,
  service: word,
  /** Log time from which on outcomes that became known count. */
  windowFrom: instant,
  /** Delivered shipments, and those of them that kept their promise. */
  shipments: count,
  inTime: count,
  /** inTime ÷ shipments, as it is: see `carrierRecordOf` for what a model sees. Null without shipments. */
  share: probability.nullable(),
});
export type CarrierRate = z.infer<typeof carrierRate>;

export interface RateScope {
  readonly carrier: string;
  readonly lane: string;
  readonly service: string;
}

export const rateKey = ({ carrier, lane, service }: RateScope): string => `${carrier}|${lane}|${service}`;

/** Everything that one shipment counts for, from the narrowest to the widest. */
export const scopesOf = ({ carrier, lane, service }: RateScope): readonly RateScope[] => [
  { carrier, lane, service },
  { carrier, lane: ALL, service: ALL },
  { carrier: ALL, lane, service: ALL },
  { carrier: ALL, lane: ALL, service: ALL },
];

/** What is known of a carrier where a shipment of it is under way. */
export interface CarrierRecord {
  /** Shrunk share of its shipments on this lane with this service that came in time; NaN while nothing is known of anybody. */
  readonly onTime: number;
  /** Delivered shipments behind it, of this carrier, lane and service. */
  readonly shipments: number;
  /** Shrunk share of the carrier on all lanes, and of the lane with all carriers. */
  readonly carrierOnTime: number;
  readonly laneOnTime: number;
}

export const noRecord: CarrierRecord = { onTime: NaN, shipments: 0, carrierOnTime: NaN, laneOnTime: NaN };

/** A narrow share counts for as much as the wider one once there are so many shipments behind it. */
const STRENGTH = 20;

const logit = (share: number): number => Math.log(share / (1 - share));
const expit = (odds: number): number => 1 / (1 + Math.exp(-odds));

/** (inTime + 20 × wider share) ÷ (shipments + 20). 5 of 5 in time where the wider share is .8 → 21 ÷ 25 = .84. */
const shrunk = (of: Pick<CarrierRate, 'shipments' | 'inTime'> | undefined, wider: number): number =>
  ((of?.inTime ?? 0) + STRENGTH * wider) / ((of?.shipments ?? 0) + STRENGTH);

/**
 * The share of a carrier on a lane with a service, shrunk to what its parts make likely: few shipments say little. The
 * share of all is (inTime + 1) ÷ (shipments + 2); the carrier's and the lane's are shrunk to it; and the narrowest is
 * shrunk to where both together put it, on log odds: logit(carrier) + logit(lane) − logit(all). This is an empirical
 * Bayes estimate with a prior of fixed weight; the sum of log odds is a logistic model without interaction.
 *
 *     all .90, carrier .80, lane .90: expected .80 · 2 of 10 in time there → (2 + 16) ÷ 30 = .60
 */
export const carrierRecordOf = (
  known: (key: string) => Pick<CarrierRate, 'shipments' | 'inTime'> | undefined,
  shipment: RateScope,
): CarrierRecord => {
  const [own, ofCarrier, ofLane, ofAll] = scopesOf(shipment).map((scope) => known(rateKey(scope)));
  if (ofAll === undefined || ofAll.shipments === 0) return noRecord;
  const all = (ofAll.inTime + 1) / (ofAll.shipments + 2);
  const carrierOnTime = shrunk(ofCarrier, all);
  const laneOnTime = shrunk(ofLane, all);
  const expected = expit(logit(carrierOnTime) + logit(laneOnTime) - logit(all));
  return { onTime: shrunk(own, expected), shipments: own?.shipments ?? 0, carrierOnTime, laneOnTime };
};
