import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { statuses } from '../../domain/codes.ts';
import { planShape } from '../../domain/plan-shape.ts';
import {
  advance,
  delayMin,
  emptyProgress,
  expectedArrival,
  type Progress,
  replan,
  trailLimit,
} from '../../domain/progress.ts';
import type { ShipmentPlan } from '../../domain/shipment-plan.ts';
import type { TrackingEvent } from '../../domain/tracking-event.ts';
import { at, event, hubPlan } from './sample-shipment.ts';

const after = (events: readonly TrackingEvent[], plan: ShipmentPlan | null = hubPlan()): Progress =>
  events.reduce((progress, one) => advance(progress, plan, one), emptyProgress);

describe('planShape', () => {
  it('reads legs that meet in one place as a network', () => {
    const { legs, endsAt } = planShape(hubPlan());
    expect(legs.map(({ feeders }) => feeders)).toEqual([[], [], [0, 1]]);
    expect(legs.map(({ last }) => last)).toEqual([false, false, true]);
    expect(legs.map(({ startsAt }) => startsAt)).toEqual([at(0), at(0), at(600)]);
    expect(endsAt).toBe(at(1000));
    expect(planShape(hubPlan()).stepOf.get('o:departure')).toMatchObject({
      before: null,
      plannedMs: 60 * 60_000,
    });
  });

  it('reads legs whose places never meet as one after the other', () => {
    const plan = hubPlan();
    const apart = hubPlan({
      legs: plan.legs.map((leg, index) => ({ ...leg, from: `F${index}`, to: `T${index}` })),
    });
    expect(planShape(apart).legs.map(({ feeders }) => feeders)).toEqual([[], [0], [1]]);
  });

  it('takes the arrival of a leg without milestones as its end', () => {
    expect(planShape(hubPlan({ milestones: [] })).legs.map(({ endsAt }) => endsAt)).toEqual([
      at(600),
      at(480),
      at(1000),
    ]);
  });
});

describe('advance', () => {
  it('fulfils the milestone that an event names', () => {
    const progress = after([event('e1', 70, { status: 'information', milestone: 'b:pickup' })]);
    expect(progress.reached).toEqual({ 'b:pickup': { at: at(70), eventId: 'e1' } });
    expect(progress).toMatchObject({
      lastMilestone: 'b:pickup',
      lastAt: at(70),
      lastStatus: 'information',
      eventCount: 1,
    });
  });

  it('otherwise takes the first open milestone of kind and leg, in plan order', () => {
    const progress = after([
      event('e1', 50, { status: 'picked_up' }),
      event('e2', 55, { status: 'picked_up' }),
      event('e3', 500, { status: 'delivered', leg: 1 }),
      event('e4', 700, { status: 'departed', milestone: 'unheard-of' }),
      event('e5', 1010, { status: 'delivered' }),
      event('e6', 1020, { status: 'picked_up' }),
    ]);
    expect(Object.entries(progress.reached).map(([key, { eventId }]) => [key, eventId])).toEqual([
      ['a:pickup', 'e1'],
      ['b:pickup', 'e2'],
      ['b:hub', 'e3'],
      ['o:departure', 'e4'],
      ['o:delivery', 'e5'],
    ]);
    expect(progress).toMatchObject({ lastMilestone: 'o:delivery', eventCount: 6 });
  });

  it('counts trouble and keeps the newest estimate', () => {
    const progress = after([
      event('e2', 200, { status: 'estimate', estimatedAt: at(1200) }),
      event('e1', 100, { status: 'estimate', estimatedAt: at(1100) }),
      event('e3', 300, { status: 'held', category: 'customs_hold' }),
    ]);
    expect(progress).toMatchObject({
      estimatedAt: at(1200),
      troubleCount: 1,
      eventCount: 3,
      lastStatus: 'held',
    });
  });

  it('takes back all that a retracted event said, also when the retraction is heard first', () => {
    const wrong = event('wrong', 650, { status: 'departed', category: 'damage', estimatedAt: at(9000) });
    const pickup = event('ok', 60, { status: 'picked_up' });
    const correction = event('right', 640, { status: 'departed', retracts: 'wrong' });
    const progress = after([pickup, wrong, correction]);
    expect(progress.reached).toEqual({
      'a:pickup': { at: at(60), eventId: 'ok' },
      'o:departure': { at: at(640), eventId: 'right' },
    });
    expect(progress).toMatchObject({ troubleCount: 0, estimatedAt: null, eventCount: 2, lastAt: at(640) });
    expect(after([correction, pickup, wrong])).toEqual(progress);
  });

  it('reads events that came before their plan once it is there', () => {
    const events = [event('e1', 60, { status: 'picked_up' }), event('e2', 640, { milestone: 'o:departure' })];
    const before = after(events, null);
    expect(before).toMatchObject({ reached: {}, lastMilestone: null, eventCount: 2 });
    expect(replan(before, hubPlan())).toEqual(after(events));
  });

  it('gives the same in every order, hears an event once, and survives JSON', () => {
    const heard = fc.record({
      id: fc.constantFrom('e1', 'e2', 'e3', 'e4', 'e5', 'e6'),
      minutes: fc.integer({ min: 0, max: 5 }),
      status: fc.constantFrom(...statuses),
      leg: fc.constantFrom(null, 0, 1, 2),
      milestone: fc.constantFrom(null, 'a:hub', 'o:arrival', 'unheard-of'),
      category: fc.constantFrom(null, 'damage'),
      retracts: fc.constantFrom(null, null, 'e1', 'e2'),
    });
    const events = fc
      .uniqueArray(heard, { selector: ({ id }) => id, maxLength: 6 })
      .map((all) => all.map(({ id, minutes, ...rest }) => event(id, minutes * 100, rest)));
    const orders = events.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    fc.assert(
      fc.property(orders, ([one, other]) => {
        const progress = after(one);
        const unordered = (of: Progress) => ({ ...of, retracted: of.retracted.toSorted() });
        expect(unordered(after(other))).toEqual(unordered(progress));
        expect(after(one, null)).toEqual({ ...after(one, null), reached: {} });
        expect(one.reduce((again, heardTwice) => advance(again, hubPlan(), heardTwice), progress)).toEqual(
          progress,
        );
        expect(JSON.parse(JSON.stringify(progress))).toEqual(progress);
      }),
    );
  });

  it('never changes what it was given', () => {
    const frozen = <T>(value: T): T => {
      if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
      return value;
    };
    let progress = frozen(structuredClone(emptyProgress));
    for (let n = 0; n < 12; n++) {
      progress = frozen(
        advance(progress, hubPlan(), event(`e${n % 9}`, 900 - n, { status: 'arrived', retracts: 'e3' })),
      );
    }
    expect(progress.eventCount).toBe(8);
  });

  it('forgets the oldest plain events when there are very many, never a milestone or trouble', () => {
    const progress = after([
      event('pickup', 1, { status: 'picked_up' }),
      event('trouble', 2, { category: 'damage' }),
      ...Array.from({ length: trailLimit + 50 }, (_, n) => event(`n${n}`, 10 + n)),
    ]);
    expect(progress.trail).toHaveLength(trailLimit);
    expect(progress).toMatchObject({ eventCount: trailLimit + 52, troubleCount: 1, forgotten: 52 });
    expect(progress.reached).toHaveProperty('a:pickup');
  });
});

describe('expectedArrival and delayMin', () => {
  it('carry the latest delay over the remaining planned time', () => {
    const progress = after([event('e1', 700, { milestone: 'o:departure' })]);
    expect(delayMin(hubPlan(), progress)).toBe(40);
    expect(expectedArrival(hubPlan(), progress, at(701))).toBe(at(1040));
  });

  it('let the leg out of a hub wait for the last one in', () => {
    // b is 90 late and in at 570, before a's planned 600: nothing is lost.
    const waits = after([event('b', 570, { milestone: 'b:hub' })]);
    expect(delayMin(hubPlan(), waits)).toBe(0);
    // a, in at 550, would be early, but b at 570 is the last: 30 early.
    expect(delayMin(hubPlan(), advance(waits, hubPlan(), event('a', 550, { milestone: 'a:hub' })))).toBe(-30);
    // b is 200 late and in at 680: 80 after the hub's planned 600.
    expect(delayMin(hubPlan(), after([event('b', 680, { milestone: 'b:hub' })]))).toBe(80);
  });

  it('count what is overdue by now, and never expect the past', () => {
    // b should have been picked up at 120: at 500 it is 380 overdue, so in the hub at 860 instead of 480.
    const progress = after([event('e1', 60, { milestone: 'a:pickup' })]);
    expect(expectedArrival(hubPlan(), progress, at(500))).toBe(at(1260));
    expect(expectedArrival(hubPlan(), progress, at(130))).toBe(at(1000));
    // Nothing by 700: a is 640 overdue.
    expect(expectedArrival(hubPlan(), emptyProgress, at(700))).toBe(at(1640));
    expect(delayMin(hubPlan(), emptyProgress)).toBe(0);
    expect(expectedArrival(hubPlan({ milestones: [] }), emptyProgress, at(2000))).toBe(at(2000));
  });

  it('are what truly happened once it is delivered', () => {
    const progress = after([event('e1', 990, { status: 'delivered' })]);
    expect(expectedArrival(hubPlan(), progress, at(5000))).toBe(at(990));
    expect(delayMin(hubPlan(), progress)).toBe(-10);
  });
});
