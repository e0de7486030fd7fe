import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FeatureContext } from '../../domain/feature.ts';
import { featureNames, features, ruleOfThumb, writeFeatures } from '../../domain/features.ts';
import { advance, emptyProgress } from '../../domain/progress.ts';
import type { TrackingEvent } from '../../domain/tracking-event.ts';
import { at, event, hubPlan } from './sample-shipment.ts';

const plan = hubPlan();
const contextOf = (
  now: number,
  events: readonly TrackingEvent[],
  change: Partial<FeatureContext> = {},
): FeatureContext => ({
  plan,
  progress: events.reduce((progress, one) => advance(progress, plan, one), emptyProgress),
  now: at(now),
  weatherOnPath: { severity: 3, count: 2 },
  portAhead: NaN,
  record: { onTime: 0.9, shipments: 12, carrierOnTime: 0.8, laneOnTime: 0.95 },
  ...change,
});

const written = (context: FeatureContext): Record<string, number> => {
  const row = new Float32Array(features.length);
  writeFeatures(context, row, 0);
  return Object.fromEntries(featureNames.map((name, index) => [name, row[index] ?? expect.fail(name)]));
};

describe('features', () => {
  it('have names of their own and say what they are', () => {
    expect(new Set(featureNames).size).toBe(features.length);
    for (const { name, description } of features) {
      expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
      expect(description).toMatch(/^[A-Z0-9].*\.$/);
    }
  });

  it('give their default where a value is not known', () => {
    const unknown: FeatureContext = contextOf(0, [], { weatherOnPath: { severity: NaN, count: NaN } });
    expect(written(unknown)).toMatchObject({ weather_severity: 0, weather_alerts: 0, port_dwell: NaN });
  });

  it('tell of a plan before anything has happened', () => {
    expect(written(contextOf(0, []))).toMatchObject({
      milestones_reached: 0,
      milestones_open: 7,
      last_kind: NaN,
      legs: 3,
      legs_open: 3,
      delay: 0,
      margin: 60,
      slack: 60,
      planned_total: 1000,
      planned_remaining: 1000,
      planned_last_leg: 400,
      planned_pickup_feeders: 180,
      planned_pickup_last_leg: NaN,
      milestone_delay: NaN,
      took_pickup: NaN,
      to_promise: 1060,
      promise_hour: 17,
      weather_severity: 3,
      weather_alerts: 2,
      port_dwell: NaN,
      carrier_on_time: Math.fround(0.9),
      carrier_shipments: 12,
      carrier_all_lanes: Math.fround(0.8),
      lane_on_time: Math.fround(0.95),
    });
  });

  it('tell of one leg in and one still out', () => {
    const row = written(
      contextOf(700, [
        event('1', 80, { milestone: 'a:pickup' }),
        event('2', 110, { milestone: 'b:pickup' }),
        event('3', 650, { milestone: 'a:hub' }),
        event('4', 660, { status: 'held', category: 'customs_hold' }),
      ]),
    );
    expect(row).toMatchObject({
      milestones_reached: 3,
      last_kind: 3,
      on_last_leg: 0,
      milestone_delay: 50,
      // 570 minutes from pickup to hub, 540 planned.
      milestone_over: 30,
      took_pickup: 190,
      over_pickup: 10,
      delay: 50,
      // b:hub was planned at 480 and it is 700: the hub is ready at 700 instead of 600.
      waiting_overdue: 220,
      legs_waiting: 1,
      overdue_delay: 100,
      margin: -40,
      inbound_delay: 100,
      troubles: 1,
      silence: 40,
    });
  });

  it('tell of the leg that leaves the hub, with a scan missing', () => {
    const row = written(
      contextOf(950, [
        event('1', 620, { milestone: 'a:hub' }),
        event('2', 500, { milestone: 'b:hub' }),
        event('3', 940, { milestone: 'o:arrival' }),
        event('4', 945, { status: 'estimate', estimatedAt: at(1120) }),
      ]),
    );
    expect(row).toMatchObject({
      on_last_leg: 1,
      last_leg_steps: 1,
      legs_open: 1,
      delay: 40,
      milestone_over: NaN,
      took_arrival: NaN,
      planned_next: 60,
      planned_remaining: 100,
      estimate_late: 60,
    });
  });

  it('write their row at the offset and nowhere else', () => {
    const target = new Float32Array(features.length * 3).fill(7);
    writeFeatures(contextOf(0, []), target, features.length);
    expect(target.slice(0, features.length).every((value) => value === 7)).toBe(true);
    expect(target.slice(features.length * 2).every((value) => value === 7)).toBe(true);
    expect(target[features.length]).toBe(0);
  });

  it('are finite or NaN for any plan and progress', () => {
    const heard = fc.array(fc.tuple(fc.nat(1500), fc.constantFrom(...plan.milestones.map(({ key }) => key))));
    fc.assert(
      fc.property(heard, fc.nat(3000), fc.boolean(), (all, now, bare) => {
        const events = all.map(([minutes, milestone], n) => event(`e${n}`, minutes, { milestone }));
        const row = written(contextOf(now, events, bare ? { plan: hubPlan({ milestones: [] }) } : {}));
        for (const value of Object.values(row)) expect(Math.abs(value)).not.toBe(Infinity);
      }),
    );
  });
});

describe('ruleOfThumb', () => {
  it('weighs expected delay against what is still to come', () => {
    // Expected as promised.
    const even = contextOf(720, [event('1', 720, { milestone: 'o:departure' })]);
    expect(ruleOfThumb(even)).toBeCloseTo(0.5, 6);
    // The example of its doc: 2 h late with 300 min to come, and with 10.
    const legs = plan.legs.slice(2);
    const short = (key: string, leftMin: number) =>
      hubPlan({
        legs,
        promisedAt: at(1000),
        milestones: [
          { key, kind: 'departure', leg: 0, plannedAt: at(1000 - leftMin) },
          { key: 'end', kind: 'delivery', leg: 0, plannedAt: at(1000) },
        ],
      });
    for (const [leftMin, expected] of [
      [300, 0.73],
      [10, 0.87],
    ] as const) {
      const of = short('out', leftMin);
      const progress = advance(emptyProgress, of, event('1', 1120 - leftMin, { milestone: 'out' }));
      const now = at(1120 - leftMin);
      expect(ruleOfThumb(contextOf(0, [], { plan: of, progress, now }))).toBeCloseTo(expected, 2);
    }
  });

  it('rises with silence past the promise', () => {
    const risks = [0, 1000, 1500, 3000].map((now) => ruleOfThumb(contextOf(now, [])));
    expect(risks).toEqual(risks.toSorted((left, right) => left - right));
    expect(risks.at(-1)).toBeGreaterThan(0.99);
  });
});
