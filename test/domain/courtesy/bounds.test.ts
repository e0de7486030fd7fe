import { serialize } from 'node:v8';
import { expect, it } from 'vitest';
import { advanceCourtesy } from '../../../domain/courtesy/customer.ts';
import { type CustomerEvent, isForgettable, newCustomer } from '../../../domain/courtesy/customer-state.ts';
import { followDeparted, nothingLeft } from '../../../domain/courtesy/departed.ts';
import { advanceDayBudget, nothingSpent } from '../../../domain/courtesy/day-budget.ts';
import { KEPT_MS } from '../../../domain/courtesy/kept.ts';
import { nothingTold, tellOnce, TOLD_FOR_MS } from '../../../domain/courtesy/tell-once.ts';
import type { Dispatch } from '../../../domain/dispatch.ts';
import { effectiveTerms } from '../../../domain/sla.ts';
import { clock, courtesyRules, hourMs, messageOf, minuteMs } from '../../pipelines/courtesy-story.ts';

const at = (now: number) => ({
  now,
  rules: courtesyRules,
  terms: effectiveTerms(courtesyRules.sla, null),
});
const sms = messageOf({ playbook: 'sms', step: 'call', destination: 'sms', causeId: 'storm' });
const noon = clock('12:00');

it('keeps of a customer only what waits, and its budgets for a day', () => {
  const sent = advanceCourtesy(newCustomer, { kind: 'new', action: sms }, at(noon));
  expect(sent.wakeAt).toBe(clock('12:10'));
  expect(sent.state.held).toEqual([]);
  const window = advanceCourtesy(sent.state, { kind: 'wake' }, at(sent.wakeAt!));
  expect(window.state.windows).toEqual({});
  expect(window.wakeAt).toBe(noon + 25 * hourMs);
  const day = advanceCourtesy(window.state, { kind: 'wake' }, at(window.wakeAt!));
  expect(isForgettable(day.state)).toBe(true);
  expect(day.wakeAt).toBeNull();
});

it('is not changed by what it only hands on', () => {
  const { state } = advanceCourtesy(newCustomer, { kind: 'new', action: sms }, at(noon));
  for (const kind of ['again', 'end'] as const) {
    const action = { ...sms, version: 2, state: kind === 'end' ? 'sent' : 'due' } as const;
    const step = advanceCourtesy(state, { kind, action }, at(noon));
    expect(step.state).toBe(state);
    expect(step.departures).toEqual([]);
    expect(step.followed).toEqual([{ kind, action }]);
  }
});

it.each([
  ['by itself', null],
  ['in a digest', 'storm'],
])('does not grow with what has left %s and is over', (_, causeId) => {
  const count = 240;
  let state = newCustomer;
  const sizes: number[] = [];
  for (let n = 0; n < count; n++) {
    const now = noon + n * minuteMs;
    const action = messageOf({ id: `A${n}`, shipmentId: `S${n}`, causeId, facts: { severity: 90 } });
    for (const kind of ['wake', 'new'] as const)
      ({ state } = advanceCourtesy(state, kind === 'new' ? { kind, action } : { kind }, at(now)));
    // What had been told of a quarter of an hour ago has its answer.
    const over = messageOf({ id: `A${n - 25}`, shipmentId: `S${n - 25}`, causeId, state: 'sent' });
    if (n >= 25) ({ state } = advanceCourtesy(state, { kind: 'end', action: over }, at(now)));
    sizes.push(serialize(state).length);
  }
  const most = (part: readonly number[]) => Math.max(...part);
  expect(most(sizes.slice(count / 2))).toBeLessThanOrEqual(1.05 * most(sizes.slice(0, count / 2)));
});

it('does not grow with what has left and is not over', () => {
  let state = newCustomer;
  for (let n = 0; n < 300; n++) {
    const action = messageOf({ id: `A${n}`, shipmentId: `S${n}` });
    const step = advanceCourtesy(state, { kind: 'new', action }, at(noon + n));
    ({ state } = step);
    expect(step.departures.map(({ dispatch }) => dispatch.state)).toEqual(['due']);
    expect(isForgettable(state)).toBe(true);
  }
});

it('says in few versions who was withdrawn from the digest of a storm, and all of them in the end', () => {
  const count = 513;
  const one = (n: number, state: 'due' | 'cancelled' = 'due') =>
    messageOf({ id: `A${n}`, shipmentId: `S${n}`, causeId: 'storm', state });
  let state = newCustomer;
  const told = (event: CustomerEvent, now: number) => {
    const step = advanceCourtesy(state, event, at(now));
    ({ state } = step);
    return { ...step, covers: step.departures.map(({ dispatch }) => dispatch.covers.length) };
  };
  for (let n = 0; n < count; n++) told({ kind: 'new', action: one(n) }, noon + n);
  const end = clock('12:10');
  expect(told({ kind: 'wake' }, end).covers).toEqual([512]);
  for (let n = 1; n < 8; n++)
    expect(told({ kind: 'end', action: one(n, 'cancelled') }, end + n).covers).toEqual([]);
  const later = told({ kind: 'wake' }, end + 1 + 10_000);
  expect(later.covers).toEqual([505]);
  let named = 0;
  let last: Dispatch | undefined;
  for (let n = 8; n < count; n++) {
    const { departures, covers } = told({ kind: 'end', action: one(n, 'cancelled') }, end + 20_000);
    named += covers.reduce((sum, size) => sum + size, 0);
    last = departures.at(-1)?.dispatch ?? last;
  }
  expect(named).toBeLessThan(64 * count);
  expect(last).toMatchObject({ state: 'cancelled', covers: [{ actionId: 'A512' }] });
  expect(state.digests).toEqual({});
});

it('lets lapse after thirty days what nobody ever says the end of', () => {
  const { followed } = advanceCourtesy(newCustomer, { kind: 'new', action: messageOf() }, at(noon));
  const sent = followDeparted(nothingLeft, followed[0]!, noon);
  expect(sent.wakeAt).toBe(noon + KEPT_MS);
  const old = followDeparted(sent.state, null, sent.wakeAt!);
  expect(old.departures.map(({ dispatch: { state, version } }) => [state, version])).toEqual([
    ['expired', 2],
  ]);
  expect(old).toMatchObject({ state: nothingLeft, wakeAt: null });
});

it('lets a digest lapse after thirty days', () => {
  let state = newCustomer;
  const told = (event: CustomerEvent, now: number) => {
    const step = advanceCourtesy(state, event, at(now));
    ({ state } = step);
    return step;
  };
  for (const n of [0, 1, 2])
    told({ kind: 'new', action: messageOf({ id: `A${n}`, shipmentId: `S${n}`, causeId: 'storm' }) }, noon);
  const end = clock('12:10');
  const { departures } = told({ kind: 'wake' }, end);
  expect(departures.map(({ dispatch }) => dispatch.covers.length)).toEqual([2]);
  expect(told({ kind: 'wake' }, end + KEPT_MS - 1)).toMatchObject({
    departures: [],
    wakeAt: end + KEPT_MS,
  });
  const lapsed = told({ kind: 'wake' }, end + KEPT_MS).departures.map(({ dispatch }) => dispatch);
  expect(lapsed).toMatchObject([{ id: departures[0]!.dispatch.id, version: 2, state: 'expired' }]);
  expect(state.digests).toEqual({});
});

it('changes nothing that it was given, and publishes nothing twice', () => {
  const before = structuredClone(newCustomer);
  const first = advanceCourtesy(newCustomer, { kind: 'new', action: sms }, at(noon));
  const kept = structuredClone(first.state);
  const left = followDeparted(nothingLeft, first.followed[0]!, noon);
  const keptLeft = structuredClone(left.state);
  const again = followDeparted(left.state, { kind: 'again', action: { ...sms, version: 2 } }, noon);
  expect(newCustomer).toEqual(before);
  expect(first.state).toEqual(kept);
  expect(left.state).toEqual(keptLeft);
  expect(again.departures).toEqual([]);
  expect(again.state).toBe(left.state);
});

it('gives an action that is due with other words a further version', () => {
  const first = advanceCourtesy(newCustomer, { kind: 'new', action: messageOf() }, at(noon));
  const left = followDeparted(nothingLeft, first.followed[0]!, noon);
  const action = messageOf({ version: 2, facts: { severity: 55 } });
  const second = followDeparted(left.state, { kind: 'again', action }, noon + 1);
  expect(second.departures.map(({ dispatch: { version, state, facts } }) => [version, state, facts])).toEqual(
    [[2, 'due', { severity: 55 }]],
  );
});

it('says of each version of an action what it is to those that come after', () => {
  let state = nothingTold;
  const heard = (change: Parameters<typeof messageOf>[0]) => {
    const step = tellOnce(state, messageOf(change), noon);
    ({ state } = step);
    return step.passages.map(({ kind, action }) => `${kind} ${action.id} ${action.state}`);
  };
  expect(heard({ state: 'proposed' })).toEqual([]);
  expect(heard({ state: 'due' })).toEqual(['new A1 due']);
  expect(heard({ state: 'due', facts: { severity: 55 } })).toEqual(['again A1 due']);
  expect(heard({ id: 'A2', state: 'due' })).toEqual([]);
  expect(heard({ state: 'cancelled' })).toEqual(['end A1 cancelled', 'new A2 due']);
  expect(heard({ state: 'sent' })).toEqual([]);
  expect(state.passed).toEqual({ A2: noon });
});

it('forgets what was told after thirty days, and lets go what waited for it', () => {
  const first = tellOnce(nothingTold, messageOf(), noon);
  const second = tellOnce(first.state, messageOf({ id: 'A2' }), noon + 1);
  expect(second.passages).toEqual([]);
  const later = tellOnce(second.state, null, second.wakeAt!);
  expect(second.wakeAt).toBe(noon + TOLD_FOR_MS);
  expect(later.passages.map(({ kind, action: { id } }) => [kind, id])).toEqual([['new', 'A2']]);
  expect(tellOnce(later.state, null, later.wakeAt!)).toMatchObject({ state: nothingTold, wakeAt: null });
});

it('says the same to every version of a dispatch, and forgets what it said', () => {
  const budget = { limit: { count: 1 }, day: '2026-03-02' };
  const rows = advanceCourtesy(newCustomer, { kind: 'new', action: messageOf() }, at(noon)).departures;
  const dispatch = rows[0]!.dispatch;
  const granted = advanceDayBudget(nothingSpent, { dispatch, dayBudget: budget }, noon);
  const denied = advanceDayBudget(
    granted.state,
    { dispatch: { ...dispatch, id: 'B' }, dayBudget: budget },
    noon,
  );
  const again = advanceDayBudget(
    denied.state,
    { dispatch: { ...dispatch, version: 2 }, dayBudget: budget },
    noon,
  );
  const cancelled = advanceDayBudget(
    again.state,
    { dispatch: { ...dispatch, version: 3, state: 'cancelled' }, dayBudget: budget },
    noon,
  );
  expect([granted, denied, again, cancelled].map((step) => step.dispatch?.state)).toEqual([
    'due',
    'suppressed',
    'due',
    'cancelled',
  ]);
  let last = cancelled;
  while (last.wakeAt !== null) last = advanceDayBudget(last.state, null, last.wakeAt);
  expect(last.state).toEqual(nothingSpent);
});
