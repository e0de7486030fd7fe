import { describe, expect, it } from 'vitest';
import { judge, type Standing } from '../../../domain/detection/judge.ts';
import { nothingReported, reported } from '../../../domain/detection/reported.ts';
import type { View } from '../../../domain/detection/view.ts';
import { type Followed, followEvent, followPlan, notFollowed } from '../../../domain/follow.ts';
import { versionedId } from '../../../domain/event-version.ts';
import { withAlert } from '../../../domain/hazard.ts';
import type { Moving } from '../../../domain/moving.ts';
import type { ShipmentPlan } from '../../../domain/shipment-plan.ts';
import type { Signal } from '../../../domain/signal.ts';
import type { TrackingEvent } from '../../../domain/tracking-event.ts';
import { weatherAlert } from '../../../domain/weather-alert.ts';
import { rules } from '../../rules/shipped-rules.ts';
import { at, event, hubPlan } from '../sample-shipment.ts';

type Heard = readonly [minute: number, event: TrackingEvent | null];

/** A shipment as `watch` follows it: each event heard at its minute, null where only time goes on. */
const follow = (plan: ShipmentPlan, heard: readonly Heard[], around: Partial<View> = {}) => {
  const first = followPlan(notFollowed, plan, plan.at);
  let state: Followed = first.state;
  let moving: Moving = first.moving;
  let standing: Standing = {};
  const said: string[] = [];
  const look = (now: number): void => {
    const judged = judge(standing, {
      ...moving,
      now,
      rules: rules.detection,
      tier: 'standard',
      hazards: [],
      ports: [],
      roads: [],
      updates: [],
      feeds: [],
      rhythm: () => undefined,
      ...around,
    });
    standing = judged.standing;
    said.push(...judged.signals.map(({ state: now_, topic }) => `${now_} ${topic}`));
  };
  look(plan.at);
  for (const [minutes, one] of heard) {
    if (one !== null) {
      const next = followEvent(state, one, at(minutes));
      state = next.state;
      moving = next.moving!;
    }
    look(at(minutes));
  }
  return said;
};

const plan = hubPlan({ promisedAt: at(1_060) });
const pickup = (id: string, minutes: number, change: Partial<TrackingEvent> = {}): TrackingEvent =>
  event(id, minutes, { status: 'picked_up', milestone: 'a:pickup', ...change });

describe('what was found by evidence that is taken back', () => {
  it('is withdrawn where a late milestone was an error, and cleared where the way made it good', () => {
    const late = pickup('p', 300);
    const milestone = (heard: readonly Heard[]): readonly string[] =>
      follow(plan, heard).filter((one) => one.endsWith('late-milestone'));
    const raised = 'raised late-milestone';
    expect(milestone([[300, late]])).toEqual([raised]);
    const mended = pickup('q', 60, { retracts: 'p' });
    expect(
      milestone([
        [300, late],
        [310, mended],
      ]),
    ).toEqual([raised, 'withdrawn late-milestone']);
    const inTime = event('h', 600, { status: 'arrived', milestone: 'a:hub' });
    expect(
      milestone([
        [300, late],
        [600, inTime],
      ]),
    ).toEqual([raised, 'cleared late-milestone']);
  });

  it('is withdrawn where a thread of versions is taken back, or a later version says otherwise', () => {
    const thread = 'a'.repeat(32);
    const estimate = (version: number, estimatedAt: number): TrackingEvent =>
      event(versionedId(thread, version), 200, { status: 'estimate', estimatedAt });
    const late = estimate(1, plan.promisedAt + 86_400_000);
    const raised = 'raised estimate';
    const estimates = (heard: readonly Heard[]): readonly string[] =>
      follow(plan, heard).filter((one) => one.endsWith(' estimate'));
    expect(estimates([[200, late]])).toEqual([raised]);
    const taken = event('r', 210, { status: 'information', retracts: thread });
    expect(
      estimates([
        [200, late],
        [210, taken],
      ]),
    ).toEqual([raised, 'withdrawn estimate']);
    expect(
      estimates([
        [200, late],
        [210, estimate(2, plan.promisedAt - 3_600_000)],
      ]),
    ).toEqual([raised, 'withdrawn estimate']);
  });

  it('does not hold for an end whose thread was taken back', () => {
    const thread = 'b'.repeat(32);
    const delivered = event(versionedId(thread, 1), 900, { status: 'delivered', milestone: 'o:delivery' });
    const taken = event('r', 910, { status: 'information', retracts: thread });
    const promise = follow(plan, [
      [900, delivered],
      [910, taken],
      [1_200, null],
    ]).filter((one) => one.endsWith(' promise'));
    expect(promise).toEqual(['raised promise']);
  });

  it('is cleared where a scan was only late to be heard, and missed again where it is taken back', () => {
    // Air: six hours where no rhythm is known; expected at 60, and the next scan at 120.
    const said = follow(hubPlan({ promisedAt: at(5_000) }), [
      [479, null],
      [481, null],
      [490, pickup('p', 61)],
      [500, event('r', 500, { status: 'information', retracts: 'p' })],
      [861, null],
    ]);
    expect(said).toEqual(['raised missing-scan', 'cleared missing-scan', 'raised missing-scan']);
  });

  it('was never so where a delivery in time was heard of after its promise', () => {
    const delivered = (minutes: number): TrackingEvent =>
      event('d', minutes, { status: 'delivered', milestone: 'o:delivery' });
    const promise = (said: readonly string[]): readonly string[] =>
      said.filter((one) => one.endsWith(' promise'));
    expect(
      promise(
        follow(plan, [
          [1_121, null],
          [1_200, delivered(1_050)],
        ]),
      ),
    ).toEqual(['raised promise', 'withdrawn promise']);
    expect(
      promise(
        follow(plan, [
          [1_121, null],
          [1_200, delivered(1_100)],
        ]),
      ),
    ).toEqual(['raised promise', 'cleared promise']);
  });

  it('is cleared where a hazard is over', () => {
    const alert = weatherAlert.parse({
      id: 'w',
      at: at(0),
      heardAt: at(0),
      source: plan.source,
      alertId: 'w',
      hazardId: 'storm',
      messageType: 'alert',
      event: 'Blizzard Warning',
      severity: 'extreme',
      certainty: 'likely',
      zones: ['ILC001'],
      onsetAt: at(0),
      endsAt: at(300),
    });
    const legs = plan.legs.map((leg) => ({ ...leg, zones: ['ILC001'] }));
    const said = follow(
      hubPlan({ legs }),
      [
        [299, null],
        [300, null],
      ],
      { hazards: [withAlert(undefined, alert)] },
    );
    expect(said.filter((one) => one.endsWith('storm'))).toEqual(['raised storm', 'cleared storm']);
  });
});

describe('what a code has reported', () => {
  const damage = { ...event('e', 10, { category: 'damage' }), shipmentId: 'S1' };
  const taken = { ...event('r', 20, { status: 'information', retracts: 'e' }), shipmentId: 'S1' };
  const told = (events: readonly (typeof damage)[]): readonly string[] => {
    let state = nothingReported;
    const signals: Signal[] = [];
    for (const one of events) {
      const said = reported(state, one, rules.taxonomy, rules.detection, one.heardAt);
      state = said.reported;
      signals.push(...said.signals);
    }
    return signals.map(({ state: now, category }) => `${now} ${category}`);
  };

  it('is withdrawn when it is taken back, and never raised when that was heard first', () => {
    expect(told([damage, taken])).toEqual(['raised damage', 'withdrawn damage']);
    expect(told([taken, damage])).toEqual([]);
  });

  it('contradicts itself with two deliveries, until one of them is taken back', () => {
    const first = { ...event('d1', 10, { status: 'delivered' }), shipmentId: 'S1' };
    const second = { ...event('d2', 600, { status: 'delivered' }), shipmentId: 'S1' };
    const wrong = { ...event('r', 700, { status: 'information', retracts: 'd1' }), shipmentId: 'S1' };
    expect(told([first, second, wrong])).toEqual([
      'raised shipment_not_received',
      'withdrawn shipment_not_received',
    ]);
  });
});
