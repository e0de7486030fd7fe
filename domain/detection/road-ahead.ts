import { remainingLegs } from '../moving.ts';
import type { RoadStatus } from '../road-status.ts';
import { endangers, nextOf } from './endangers.ts';
import { type Detector, type Finding, HOUR_MS, look, type View } from './view.ts';

/** What it costs to pass: what the feed says it takes more than usual, or a figure of the rules. */
const costHours = ({ state, travelMin, usualMin }: RoadStatus, { rules }: View): number => {
  if (state === 'open') return 0;
  if (travelMin !== null && usualMin !== null) return Math.max(0, travelMin - usualMin) / 60;
  return state === 'closed' ? rules.road.closedHours : rules.road.slowHours;
};

/**
 * A corridor of the way that is closed, slow or under work while the shipment should pass, so that its promise is in
 * danger. Not raised: for another corridor, another time, or a delay that the plan has room for.
 */
export const roadAhead: Detector = (view) => {
  const { roads, now } = view;
  const legs = remainingLegs(view);
  const findings = roads.flatMap((road): Finding[] => {
    const hours = costHours(road, view);
    if (hours === 0 || road.endsAt <= now) return [];
    const met = legs.find(
      ({ leg, from, to }) =>
        from < road.endsAt &&
        to + hours * HOUR_MS > road.startsAt &&
        (leg.corridors ?? []).some((corridor) => road.corridors.includes(corridor)),
    );
    if (met === undefined || !endangers(view, met.index, hours)) return [];
    return [
      {
        category: 'road_conditions',
        topic: `road:${road.roadId}`,
        kind: 'predicted',
        at: road.at,
        leg: met.index,
        cause: 'traffic',
        effect: 'delay',
        party: 'third_party',
        evidence: { events: [road.id] },
        sameAs: road.state,
      },
    ];
  });
  return look(
    findings,
    nextOf(
      roads.map(({ endsAt }) => endsAt),
      now,
    ),
  );
};
