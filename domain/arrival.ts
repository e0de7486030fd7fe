import { type RateScope, rateKey, scopesOf } from './carrier-rate.ts';
import { endOf, type ShipmentEnd } from './shipment-case.ts';
import { endsAfterEvent, endsAfterPlan } from './shipment-ends.ts';
import type { ShipmentPlan } from './shipment-plan.ts';
import { promiseBy, type Promises, type TierTerms } from './sla.ts';
import type { TrackingEvent } from './tracking-event.ts';

/** A delivery as it counts for its carrier, and since when it has been known. */
export interface Arrival extends RateScope {
  readonly inTime: boolean;
  readonly knownAt: number;
}

/** What is kept of a shipment until it has arrived, and for a while after, in case the arrival is corrected. */
export interface Awaited {
  readonly plan: (RateScope & Promises & { readonly customerId: string }) | null;
  readonly ends: readonly ShipmentEnd[];
  /** Which promise its contract named when its end became known; null before. */
  readonly basis: TierTerms['promiseBasis'] | null;
  readonly counted: Arrival | null;
}

export const notAwaited: Awaited = { plan: null, ends: [], basis: null, counted: null };

export const awaitedAfterPlan = (before: Awaited, plan: ShipmentPlan): Awaited => ({
  ...before,
  plan: {
    customerId: plan.customerId,
    carrier: plan.carrier,
    lane: plan.lane,
    service: plan.service,
    firstPromisedAt: before.plan?.firstPromisedAt ?? plan.promisedAt,
    latestPromisedAt: plan.promisedAt,
    appointment: plan.appointment ?? null,
  },
  ends: endsAfterPlan(before.ends, plan),
});

/** The same state where the event is about no end. */
export const awaitedAfterEvent = (before: Awaited, event: TrackingEvent): Awaited => {
  const ends = endsAfterEvent(before.ends, event);
  return ends === before.ends ? before : { ...before, ends };
};

/** A shipment more or less, or one that counts otherwise, in one of its scopes, as of the log time at which its arrival became known. */
export interface RateChange {
  readonly key: string;
  readonly scope: RateScope;
  readonly knownAt: number;
  readonly shipments: number;
  readonly inTime: number;
}

/**
 * How the shipment counts now, by the same end and the same promise as its outcome: heard at log time `now` under terms
 * that hold then. What corrects an arrival takes its place, at the time at which that had become known; what takes it
 * back leaves nothing. Returned and cancelled shipments say nothing about being in time.
 *
 *     known in time on the 3rd, corrected to late on the 5th → one late shipment known on the 3rd
 */
export const arrivalAfter = (
  given: Awaited,
  { promiseBasis }: Pick<TierTerms, 'promiseBasis'>,
  now: number,
): { readonly state: Awaited; readonly changes: readonly RateChange[] } => {
  const { plan, counted: before } = given;
  const end = endOf(given);
  const basis = end === null ? null : (given.basis ?? promiseBasis);
  const after: Arrival | null =
    plan === null || basis === null || end?.result !== 'delivered'
      ? null
      : {
          carrier: plan.carrier,
          lane: plan.lane,
          service: plan.service,
          inTime: end.at <= promiseBy(plan, { promiseBasis: basis }),
          knownAt: before?.knownAt ?? now,
        };
  const changes = changesOf(before, after);
  // While there is no plan nothing is told, and the terms that hold once there is one count.
  return { state: { ...given, basis: plan === null ? null : basis, counted: after }, changes };
};

/** What the scopes of both must add, each at most once; none where nothing has changed. */
const changesOf = (before: Arrival | null, after: Arrival | null): readonly RateChange[] => {
  const changes = new Map<string, RateChange>();
  for (const [arrival, sign] of [
    [before, -1],
    [after, 1],
  ] as const) {
    if (arrival === null) continue;
    for (const scope of scopesOf(arrival)) {
      const key = rateKey(scope);
      const { shipments, inTime } = changes.get(key) ?? { shipments: 0, inTime: 0 };
      changes.set(key, {
        key,
        scope,
        knownAt: arrival.knownAt,
        shipments: shipments + sign,
        inTime: inTime + (arrival.inTime ? sign : 0),
      });
    }
  }
  return [...changes.values()].filter(({ shipments, inTime }) => shipments !== 0 || inTime !== 0);
};
