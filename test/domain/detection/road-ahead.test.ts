import { describe, expect, it } from 'vitest';
import { roadAhead } from '../../../domain/detection/road-ahead.ts';
import type { View } from '../../../domain/detection/view.ts';
import { emptyProgress } from '../../../domain/progress.ts';
import { type RoadStatus, roadStatus } from '../../../domain/road-status.ts';
import { rules } from '../../rules/shipped-rules.ts';
import { at, hubPlan } from '../sample-shipment.ts';

/** The last leg, 660 to 1,000 minutes, follows the corridor; the promise has an hour more. */
const plan = hubPlan({
  legs: hubPlan().legs.map((leg, index) => ({ ...leg, corridors: index === 2 ? ['I80-OMA-CHI'] : [] })),
});

const road = (change: Partial<RoadStatus>): RoadStatus => ({
  ...roadStatus.parse({
    id: 'r1',
    at: at(0),
    heardAt: at(0),
    source: { feed: 'roads', document: 'd', position: 0, decoder: 'canonical/1', mapping: null },
    roadId: 'corridor:I80-OMA-CHI',
    kind: 'travel_time',
    corridors: ['I80-OMA-CHI'],
    state: 'slow',
    startsAt: at(600),
    endsAt: at(900),
  }),
  ...change,
});

const found = (change: Partial<RoadStatus>): string[] => {
  const view: View = {
    plan,
    progress: emptyProgress,
    trigger: 'plan-1',
    advanced: true,
    ended: false,
    heardAt: at(0),
    gap: null,
    now: at(10),
    rules: rules.detection,
    tier: 'standard',
    hazards: [],
    ports: [],
    roads: [road(change)],
    updates: [],
    feeds: [],
    rhythm: () => undefined,
  };
  const { findings } = roadAhead(view, () => false);
  return findings.map(({ category, leg, topic, party }) => `${category} on leg ${leg}: ${topic}, ${party}`);
};
const trouble = ['road_conditions on leg 2: road:corridor:I80-OMA-CHI, third_party'];

describe('travel times of a corridor', () => {
  it('are trouble where what they take more than usual carries the delivery past the promise', () => {
    expect(found({ travelMin: 560, usualMin: 420 })).toEqual(trouble);
    expect(found({ travelMin: 470, usualMin: 420 })).toEqual([]);
    expect(found({ travelMin: 420, usualMin: 560 })).toEqual([]);
  });

  it('are none on another corridor, at another time, and once they hold no longer', () => {
    const slow = { travelMin: 560, usualMin: 420 };
    expect(found({ ...slow, corridors: ['I70-DEN-KC'] })).toEqual([]);
    expect(found({ ...slow, startsAt: at(100), endsAt: at(600) })).toEqual([]);
    expect(found({ ...slow, startsAt: at(1_200), endsAt: at(1_400) })).toEqual([]);
    expect(found({ ...slow, startsAt: at(0), endsAt: at(10) })).toEqual([]);
  });

  it('are what the rules say of a road that is closed or slow where nobody measures it', () => {
    expect(rules.detection.road.closedHours).toBeGreaterThan(1);
    expect(found({ kind: 'work_zone', state: 'closed' })).toEqual(trouble);
    expect(found({ kind: 'work_zone', state: 'open' })).toEqual([]);
  });
});
