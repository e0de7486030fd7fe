import { z } from 'zod';
import { id, instant, word } from './schema.ts';
import type { ShipmentPlan } from './shipment-plan.ts';

/** What the latest plan of a shipment says of its going on as another one. */
export const planMerge = z.object({
  shipmentId: id,
  /** Null: it is a shipment of its own, or again. */
  into: id.nullable(),
  /** When the plan was made: an older one that comes late changes nothing. */
  at: instant,
  heardAt: instant,
  planId: id,
  feed: word,
});
export type PlanMerge = z.infer<typeof planMerge>;

export const mergeOf = ({
  shipmentId,
  mergedInto,
  at,
  heardAt,
  id: planId,
  source,
}: ShipmentPlan): PlanMerge => ({
  shipmentId,
  into: mergedInto,
  at,
  heardAt,
  planId,
  feed: source.feed,
});

export interface Followed {
  /** The shipment that it goes on as. */
  readonly shipmentId: string;
  /** Merges that lead back to where they began; the first of them was heard last and is not followed. */
  readonly loop: readonly PlanMerge[];
}

/**
 * The end of a chain of merges, as far as it is known: A → B, B → C: A, B and C are C. A → B, B → A: whichever was heard
 * first holds, so both are B.
 */
export const followMerges = (
  from: string,
  mergeFor: (shipmentId: string) => PlanMerge | undefined,
): Followed => {
  const path: PlanMerge[] = [];
  for (let at = from; ;) {
    const merge = mergeFor(at);
    if (merge === undefined || merge.into === null) return { shipmentId: at, loop: [] };
    const begins = path.findIndex(({ shipmentId }) => shipmentId === at);
    if (begins >= 0) {
      const loop = path.slice(begins).toSorted(heardLastFirst);
      return { shipmentId: loop[0]!.shipmentId, loop };
    }
    path.push(merge);
    at = merge.into;
  }
};

const heardLastFirst = (a: PlanMerge, b: PlanMerge): number =>
  b.heardAt - a.heardAt || (a.shipmentId < b.shipmentId ? 1 : -1);
