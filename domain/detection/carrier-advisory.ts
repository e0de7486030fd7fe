import type { CarrierUpdate } from '../carrier-update.ts';
import type { Cause } from '../codes.ts';
import { remainingLegs } from '../moving.ts';
import { endangers, nextOf } from './endangers.ts';
import { type Detector, type Finding, look, type View } from './view.ts';

const categoryByCause: Partial<Record<Cause, string>> = {
  weather: 'weather',
  labour: 'labour_dispute',
  civil: 'civil_event',
  capacity: 'carrier_capacity',
  mechanical: 'mechanical',
  traffic: 'road_conditions',
  port_terminal: 'port_congestion',
  customs: 'customs_hold',
};

const concerns = ({ plan }: View, update: CarrierUpdate): boolean =>
  (update.lanes.length === 0 || update.lanes.includes(plan.lane)) &&
  (update.services.length === 0 || update.services.includes(plan.service));

/**
 * A carrier's own warning for the lane, for the time at which it should carry the shipment. Not raised: for its other
 * lanes, services and zones, for legs of other carriers, or where there is time to spare.
 */
export const carrierAdvisory: Detector = (view) => {
  const { updates, now, rules } = view;
  const legs = remainingLegs(view);
  const advisories = updates.filter(({ kind, cancelled }) => kind !== 'performance' && !cancelled);
  const findings = advisories.flatMap((update): Finding[] => {
    const category = update.category ?? categoryByCause[update.cause] ?? null;
    if (category === null || update.endsAt <= now || !concerns(view, update)) return [];
    const met = legs.find(
      ({ leg, from, to }) =>
        leg.carrier === update.carrier &&
        from < update.endsAt &&
        to > update.startsAt &&
        (update.zones.length === 0 || leg.zones.some((zone) => update.zones.includes(zone))),
    );
    if (met === undefined || !endangers(view, met.index, rules.advisory.costHours)) return [];
    return [
      {
        category,
        topic: `advisory:${update.updateId}`,
        kind: 'predicted',
        at: update.at,
        leg: met.index,
        cause: update.cause,
        effect: 'delay',
        party: 'carrier',
        evidence: { events: [update.id] },
      },
    ];
  });
  return look(
    findings,
    nextOf(
      updates.map(({ endsAt }) => endsAt),
      now,
    ),
  );
};
