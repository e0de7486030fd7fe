import { expect, it } from 'vitest';
import { advanceCourtesy } from '../../../domain/courtesy/customer.ts';
import { isForgettable, newCustomer } from '../../../domain/courtesy/customer-state.ts';
import { advanceDayBudget, nothingSpent } from '../../../domain/courtesy/day-budget.ts';
import { nothingTold, tellOnce, TOLD_FOR_MS } from '../../../domain/courtesy/tell-once.ts';
import { effectiveTerms } from '../../../domain/sla.ts';
import { clock, courtesyRules, hourMs, messageOf } from '../../pipelines/courtesy-story.ts';

const at = (now: number) => ({
  now,
  rules: courtesyRules,
  terms: effectiveTerms(courtesyRules.sla, null),
});
const sms = messageOf({ playbook: 'sms', step: 'call', destination: 'sms', causeId: 'storm' });
const noon = clock('12:00');

it('keeps of a customer only what is under way, and its budgets for a day', () => {
  const sent = advanceCourtesy(newCustomer, { kind: 'action', action: sms }, at(noon));
  expect(sent.wakeAt).toBe(clock('12:10'));
  const known = advanceCourtesy(
    sent.state,
    { kind: 'action', action: { ...sms, version: 2, state: 'sent' } },
    at(clock('12:01')),
  );
  expect(known.state.pending).toEqual({});
  const window = advanceCourtesy(known.state, { kind: 'wake' }, at(known.wakeAt!));
  expect(window.state.windows).toEqual({});
  expect(window.wakeAt).toBe(noon + 25 * hourMs);
  const day = advanceCourtesy(window.state, { kind: 'wake' }, at(window.wakeAt!));
  expect(isForgettable(day.state)).toBe(true);
  expect(day.wakeAt).toBeNull();
});

it('cancels after thirty days what nobody ever says the end of', () => {
  const sent = advanceCourtesy(newCustomer, { kind: 'action', action: messageOf() }, at(noon));
  const old = advanceCourtesy(sent.state, { kind: 'wake' }, at(sent.wakeAt!));
  expect(old.departures.map(({ dispatch }) => dispatch.state)).toEqual(['cancelled']);
  expect(isForgettable(old.state)).toBe(true);
});

it('changes nothing that it was given, and publishes nothing twice', () => {
  const before = structuredClone(newCustomer);
  const first = advanceCourtesy(newCustomer, { kind: 'action', action: sms }, at(noon));
  const kept = structuredClone(first.state);
  const again = advanceCourtesy(first.state, { kind: 'action', action: { ...sms, version: 2 } }, at(noon));
  expect(newCustomer).toEqual(before);
  expect(first.state).toEqual(kept);
  expect(again.departures).toEqual([]);
});

it('gives an action that is due with other words a further version', () => {
  const first = advanceCourtesy(newCustomer, { kind: 'action', action: messageOf() }, at(noon));
  const action = messageOf({ version: 2, facts: { severity: 55 } });
  const second = advanceCourtesy(first.state, { kind: 'action', action }, at(noon + 1));
  expect(second.departures.map(({ dispatch: { version, state, facts } }) => [version, state, facts])).toEqual(
    [[2, 'due', { severity: 55 }]],
  );
});

it('forgets what was told after thirty days, and lets go what waited for it', () => {
  const first = tellOnce(nothingTold, messageOf(), noon);
  const second = tellOnce(first.state, messageOf({ id: 'A2' }), noon + 1);
  expect(second.passed).toEqual([]);
  const later = tellOnce(second.state, null, second.wakeAt!);
  expect(second.wakeAt).toBe(noon + TOLD_FOR_MS);
  expect(later.passed.map(({ id }) => id)).toEqual(['A2']);
  expect(tellOnce(later.state, null, later.wakeAt!)).toMatchObject({ state: nothingTold, wakeAt: null });
});

it('says the same to every version of a dispatch, and forgets what it said', () => {
  const budget = { limit: { count: 1 }, day: '2026-03-02' };
  const rows = advanceCourtesy(newCustomer, { kind: 'action', action: messageOf() }, at(noon)).departures;
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
