import type { PlannedLeg, Shipment } from './shipment.ts';
import { hash32 } from './random.ts';

/** A carrier that goes bad: from `from` on its trouble is many times what it was. */
export interface Collapse {
  readonly scac: string;
  readonly from: number;
}

const collapseFactor = 8;

/**
 * How much more often than usual a leg goes wrong: carrier × lane × season, and the collapse.
 * Trouble 1.1 on a lane of 1.2 in January north of 36.5° → 1.1 × 1.2 × 1.3 = 1.7.
 */
export const troubleOf = (
  seed: number,
  shipment: Pick<Shipment, 'lane'>,
  leg: PlannedLeg,
  t: number,
  collapse: Collapse | null,
): number => {
  const lane = 0.6 + (hash32(`${seed}|${leg.carrier.scac}|${shipment.lane}`) / 4_294_967_296) * 0.9;
  const month = new Date(t).getUTCMonth();
  const isWinter = month === 11 || month <= 1;
  const season = isWinter ? (leg.from.latitude > 36.5 ? 1.3 : 1.1) : month >= 5 && month <= 8 ? 0.95 : 1;
  const collapsed = collapse !== null && leg.carrier.scac === collapse.scac && t >= collapse.from;
  return leg.carrier.trouble * lane * season * (collapsed ? collapseFactor : 1);
};
