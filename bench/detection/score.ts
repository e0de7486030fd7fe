import type { ShipmentException } from '../../domain/exception.ts';
import type { TrueCause } from '../../sources/simulated/shipment.ts';
import type { ShipmentTruth } from '../../sources/simulated/truth.ts';

/** Causes of the world that a category names. */
const causesOf: Readonly<Record<string, readonly TrueCause[]>> = {
  weather: ['weather'],
  port_congestion: ['port_congestion'],
  terminal_operations: ['port_congestion', 'customs', 'carrier_operations'],
  mechanical: ['mechanical'],
  carrier_operations: ['carrier_operations', 'missed_connection'],
  road_conditions: ['traffic'],
  missed_pickup: ['missed_pickup'],
  missed_connection: ['missed_connection'],
  misroute: ['misroute'],
  customs_hold: ['customs'],
  address: ['address'],
  facility_closed: ['facility_closed'],
  refused: ['refused'],
  return: ['refused', 'damage'],
  damage: ['damage'],
  loss: ['loss'],
};

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

const categoryOf = (cause: TrueCause): string =>
  Object.keys(causesOf).find((category) => causesOf[category]![0] === cause) ?? cause;

export interface CategoryScore {
  readonly category: string;
  readonly raised: number;
  readonly true: number;
  /** Minutes from when it truly began (for lateness: from the promise) until it was raised; negative is ahead of it. */
  readonly delaysMin: readonly number[];
}

export interface Score {
  readonly shipments: number;
  readonly affected: number;
  readonly raised: number;
  readonly true: number;
  readonly toFind: number;
  readonly found: number;
  /** Exceptions of affected shipments, and the causes that they have. */
  readonly ofAffected: number;
  readonly causes: number;
  readonly categories: readonly CategoryScore[];
}

/**
 * Exceptions against what truly was. One is true when its shipment truly has a cause of its category, or truly misses
 * its promise. To be found is each shipment that misses its promise, and each cause that the documents show. A shipment is
 * affected when it has something to be found; its causes are those that documents show, or one where none does.
 */
export const scoreOf = (truths: readonly ShipmentTruth[], raised: readonly ShipmentException[]): Score => {
  const byShipment = new Map<string, ShipmentException[]>();
  for (const one of raised) byShipment.set(one.shipmentId, [...(byShipment.get(one.shipmentId) ?? []), one]);
  const categories = new Map<string, { raised: number; true: number; delaysMin: number[] }>();
  let [affected, isTrue, toFind, found, ofAffected, causes] = [0, 0, 0, 0, 0, 0];
  for (const truth of truths) {
    const own = byShipment.get(truth.shipmentId) ?? [];
    const shown = new Set(
      truth.causes.filter(({ visibleAt }) => visibleAt !== null).map(({ cause }) => cause),
    );
    const told = [...shown].filter((cause) => toldOf.has(cause));
    for (const exception of own) {
      const { category, raisedAt } = exception;
      const score = categories.get(category) ?? { raised: 0, true: 0, delaysMin: [] };
      categories.set(category, score);
      score.raised += 1;
      const cause = truth.causes.find((one) => causesOf[category]?.includes(one.cause));
      if (cause === undefined && !truth.late) continue;
      score.true += 1;
      isTrue += 1;
      score.delaysMin.push((raisedAt - (cause?.at ?? truth.promisedAt)) / 60_000);
    }
    toFind += (truth.late ? 1 : 0) + told.length;
    if (truth.late && own.length > 0) found += 1;
    found += told.filter((cause) => own.some(({ category }) => category === categoryOf(cause))).length;
    if (!truth.late && told.length === 0) continue;
    affected += 1;
    ofAffected += own.length;
    causes += Math.max(1, shown.size);
  }
  return {
    shipments: truths.length,
    affected,
    raised: truths.reduce((sum, { shipmentId }) => sum + (byShipment.get(shipmentId)?.length ?? 0), 0),
    true: isTrue,
    toFind,
    found,
    ofAffected,
    causes,
    categories: [...categories]
      .map(([category, score]) => ({ category, ...score }))
      .sort((a, b) => b.raised - a.raised),
  };
};
