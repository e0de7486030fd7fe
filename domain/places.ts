import type { Place } from './event.ts';
import type { ShipmentPlan } from './shipment-plan.ts';

/** Degrees north and east. */
export interface Point {
  readonly latitude: number;
  readonly longitude: number;
}

/** What an alert covers, where it says so by shapes. */
export interface Area {
  /** Outlines, each a closed ring of at least four points. */
  readonly polygons: readonly (readonly Point[])[];
  readonly circles: readonly (Point & { readonly radiusKm: number })[];
}

/** What a leg passes. */
export interface Way {
  /** Zones of alerts. */
  readonly zones: readonly string[];
  /** How far along each of them lies: 0 the start, 1 the end; null where nobody can tell. */
  readonly zonesAt: readonly number[] | null;
}

/** The location master: what is known of places without asking anybody. The same question has always the same answer. */
export interface Places {
  /** What a leg passes, by the words of its ends; no zones where they name no place that is known. */
  wayBetween(from: string, to: string, mode: ShipmentPlan['mode']): Way;
  /** Zones that an area meets. */
  zonesIn(area: Area): readonly string[];
  /** IANA zone of the clocks at a stop, or null where it is not known well enough. */
  timeZoneOf(place: Place): string | null;
  /** UN/LOCODE of the customer's own port whose outline holds the point. */
  portAt(point: Point): string | null;
}

/** The plan with zones, and where they lie, for the legs that came with none; what its sender says of zones stays. */
export const withZones = (plan: ShipmentPlan, places: Places): ShipmentPlan => {
  if (plan.legs.every(({ zones }) => zones.length > 0)) return plan;
  const legs = plan.legs.map((leg) => {
    if (leg.zones.length > 0) return leg;
    const { zones, zonesAt } = places.wayBetween(leg.from, leg.to, leg.mode);
    return { ...leg, zones: [...zones], ...(zonesAt === null ? {} : { zonesAt: [...zonesAt] }) };
  });
  return { ...plan, legs };
};
