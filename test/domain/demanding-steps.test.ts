import { describe, expect, test } from 'vitest';
import type { Action } from '../../domain/action.ts';
import type { ShipmentException } from '../../domain/exception.ts';
import { lotOf } from '../../domain/plan-steps.ts';
import type { ShipmentOrder } from '../../domain/shipment-order.ts';
import {
  contractOf,
  decisionOf,
  hourMs,
  minuteMs,
  planOf,
  promisedAt,
  resultOf,
  signalOf,
  start,
  type Story,
  storyOf,
  trackingOf,
} from './case-story.ts';
import { demandingRules } from './demanding-rules.ts';

const begun = (shipmentId = 'S1', contents: 'general' | 'perishable' = 'general'): Story => {
  const story = storyOf(contractOf(), demandingRules);
  story.tell({ kind: 'plan', plan: planOf({ shipmentId, contentsClass: contents }) });
  story.tell({ kind: 'signal', signal: signalOf({ shipmentId }) });
  return story;
};
const exceptionIn = ({ state }: Story): ShipmentException => Object.values(state.exceptions)[0]!;
const step = ({ state }: Story, name: string): Action =>
  Object.values(state.actions).findLast((action) => action.step === name)!;
const decide = (story: Story, name: string, change: Parameters<typeof decisionOf>[0], now = start) => {
  const { id, exceptionId } = step(story, name);
  return story.tell(
    { kind: 'decision', decision: decisionOf({ actionId: id, exceptionId, ...change }) },
    now,
  );
};
const about = (story: Story, change: Parameters<typeof decisionOf>[0], now = start) =>
  story.tell(
    { kind: 'decision', decision: decisionOf({ exceptionId: exceptionIn(story).id, ...change }) },
    now,
  );
const sent = (story: Story, name: string, now = start): void => {
  const { id, exceptionId } = step(story, name);
  story.tell({ kind: 'action_result', result: resultOf({ actionId: id, exceptionId, at: now }) }, now);
};

describe('a step that waits', () => {
  test('is due when its time has come, if its guard still holds', () => {
    const story = begun();
    expect(step(story, 'ask_later')).toMatchObject({ state: 'proposed', dueAt: start + 30 * minuteMs });
    story.until(start + 30 * minuteMs - 1);
    expect(step(story, 'ask_later').state).toBe('proposed');
    story.until(start + 30 * minuteMs);
    expect(step(story, 'ask_later')).toMatchObject({ state: 'due', dueAt: start + 30 * minuteMs });
  });

  test('is cancelled when its guard holds no more, and planned anew when it holds again', () => {
    const story = begun();
    const milder = signalOf({ id: 'signal-2', probability: 0.1, expectedAt: promisedAt });
    story.tell({ kind: 'signal', signal: milder }, start + minuteMs);
    story.until(start + 30 * minuteMs);
    const first = step(story, 'ask_later');
    expect(first.state).toBe('cancelled');
    story.tell({ kind: 'signal', signal: signalOf({ id: 'signal-3' }) }, start + hourMs);
    const second = step(story, 'ask_later');
    expect(second.id).not.toBe(first.id);
    expect(second).toMatchObject({ state: 'proposed', dueAt: start + 90 * minuteMs });
  });

  test('goes at once with the status that it waited for', () => {
    const story = begun();
    story.tell({ kind: 'tracking', event: trackingOf({ status: 'out_for_delivery' }) }, start + hourMs);
    expect(step(story, 'at_the_door')).toMatchObject({ state: 'due', dueAt: start + hourMs });
  });

  test('is dropped, once and for all, when the status has not come', () => {
    const story = begun();
    story.until(start + 5 * hourMs);
    expect(step(story, 'at_the_door').state).toBe('expired');
    story.tell({ kind: 'signal', signal: signalOf({ id: 'signal-2', probability: 0.9 }) });
    const all = Object.values(story.state.actions).filter((action) => action.step === 'at_the_door');
    expect(all.map(({ state }) => state)).toEqual(['expired']);
  });

  test('is dropped, once and for all, by a status that makes it needless', () => {
    const story = begun();
    story.tell({ kind: 'tracking', event: trackingOf({ status: 'in_transit' }) }, start + hourMs);
    expect(step(story, 'if_it_stands').state).toBe('expired');
    story.tell({ kind: 'signal', signal: signalOf({ id: 'signal-2', probability: 0.9 }) });
    story.until(start + 5 * hourMs);
    const all = Object.values(story.state.actions).filter((action) => action.step === 'if_it_stands');
    expect(all.map(({ state }) => state)).toEqual(['expired']);
  });

  test('goes when its time is over without such a status', () => {
    const story = begun();
    story.tell({ kind: 'tracking', event: trackingOf({ status: 'held' }) }, start + hourMs);
    story.until(start + 3 * hourMs - 1);
    expect(step(story, 'if_it_stands').state).toBe('proposed');
    story.until(start + 3 * hourMs);
    expect(step(story, 'if_it_stands')).toMatchObject({ state: 'due', dueAt: start + 3 * hourMs });
  });

  test('asks for its approval only when the wait is over, and gives it its whole time', () => {
    const story = begun();
    expect(step(story, 'move_slot')).toMatchObject({ state: 'proposed', approvalDueAt: null });
    story.until(start + 2 * hourMs);
    expect(step(story, 'move_slot')).toMatchObject({
      state: 'awaiting_approval',
      approvalDueAt: start + 3 * hourMs,
    });
  });
});

describe('an approval', () => {
  test('of two people is due with the second, and the first cannot be both', () => {
    const story = begun();
    decide(story, 'expedite', { by: 'ann', roles: ['planner'] });
    expect(step(story, 'expedite')).toMatchObject({ state: 'awaiting_approval', approvals: [{ by: 'ann' }] });
    const again = decide(story, 'expedite', { by: 'ann', roles: ['planner'] });
    expect(again.refusals).toEqual([expect.stringContaining('ann has approved it already')]);
    decide(story, 'expedite', { by: 'ben', roles: ['planner'] });
    expect(step(story, 'expedite')).toMatchObject({ state: 'due', decidedBy: 'ann, ben' });
  });

  test('is refused to who has not the role, whether yes or no', () => {
    const story = begun();
    for (const verdict of ['approve', 'refuse'] as const) {
      const { refusals, actions } = decide(story, 'expedite', { by: 'cho', roles: ['service'], verdict });
      expect(refusals).toEqual([expect.stringContaining('cho is not a planner')]);
      expect(actions).toEqual([]);
    }
  });

  test('goes to the next role of the chain in time, and to the desk after the last', () => {
    const story = begun();
    story.until(start + 30 * minuteMs);
    expect(step(story, 'expedite')).toMatchObject({
      state: 'awaiting_approval',
      role: 'manager',
      approvalDueAt: start + 90 * minuteMs,
    });
    expect(decide(story, 'expedite', { by: 'ann', roles: ['planner'] }).refusals).toHaveLength(1);
    story.until(start + 90 * minuteMs);
    expect(step(story, 'expedite').state).toBe('expired');
    expect(step(story, 'expedite:approval_timed_out')).toMatchObject({ type: 'escalate', state: 'due' });
  });
});

describe('a hold-out', () => {
  const drawn = (count: number): Action[] =>
    Array.from({ length: count }, (_, index) => step(begun(`S-${index}`), 'reroute'));

  test('withholds about its share, by lot of the id alone, and logs the propensity either way', () => {
    const actions = drawn(400);
    const withheld = actions.filter(({ state }) => state === 'held_out');
    expect(withheld.length).toBeGreaterThan(160);
    expect(withheld.length).toBeLessThan(240);
    for (const { id, state, propensity, decidedBy } of actions) {
      expect(propensity).toBe(0.5);
      expect(state).toBe(lotOf(id) < 0.5 ? 'held_out' : 'due');
      expect(decidedBy).toBe(state === 'held_out' ? 'hold_out' : 'playbook');
    }
  });

  test('never withholds what is mandatory or spoils: propensity 1', () => {
    for (let index = 0; index < 40; index += 1) {
      expect(step(begun(`S-${index}`), 'owed')).toMatchObject({ state: 'due', propensity: 1 });
      expect(step(begun(`S-${index}`, 'perishable'), 'reroute')).toMatchObject({
        state: 'due',
        propensity: 1,
      });
    }
  });

  test('is not undone by another exception of the shipment', () => {
    const at = Array.from({ length: 50 }, (_, index) => `S-${index}`).find(
      (id) => step(begun(id), 'reroute').state === 'held_out',
    )!;
    const story = begun(at);
    story.tell({ kind: 'signal', signal: signalOf({ id: 'signal-2', shipmentId: at, leg: 1 }) });
    const all = Object.values(story.state.actions).filter(({ type }) => type === 'reroute');
    expect(all.map(({ state }) => state)).toEqual(['held_out']);
  });
});

test('what has left about an exception that never was is made good: all-clear and compensation, once', () => {
  const story = begun();
  sent(story, 'tell');
  decide(story, 'expedite', { by: 'ann' });
  decide(story, 'expedite', { by: 'ben' });
  sent(story, 'expedite');
  story.tell({ kind: 'signal', signal: signalOf({ id: 'signal-2', state: 'withdrawn' }) });
  const expedite = step(story, 'expedite');
  expect(step(story, 'all_clear:notify_customer')).toMatchObject({ state: 'due', template: 'never_mind' });
  expect(step(story, 'compensate:expedite')).toMatchObject({
    state: 'due',
    type: 'notify_carrier',
    template: 'expedite_not_needed',
    compensates: expedite.id,
  });
  const before = Object.keys(story.state.actions).length;
  sent(story, 'compensate:expedite');
  story.tell({ kind: 'signal', signal: signalOf({ id: 'signal-3', state: 'withdrawn' }) });
  expect(Object.keys(story.state.actions)).toHaveLength(before);
});

describe('a person', () => {
  test('snoozes until a time; the clocks keep quiet, and then it is back', () => {
    const story = begun();
    about(story, { verdict: 'snooze', until: start + 3 * hourMs });
    expect(exceptionIn(story)).toMatchObject({ state: 'snoozed', snoozedUntil: start + 3 * hourMs });
    story.until(start + 3 * hourMs - 1);
    expect(step(story, 'response_overdue')).toBeUndefined();
    story.until(start + 3 * hourMs);
    expect(exceptionIn(story)).toMatchObject({ state: 'acknowledged', snoozedUntil: null });
  });

  test('is woken when it grows graver', () => {
    const story = begun();
    about(story, { verdict: 'snooze', until: start + 30 * hourMs });
    story.tell({
      kind: 'signal',
      signal: signalOf({ id: 'signal-2', kind: 'detected', topic: 'promise', probability: null }),
    });
    expect(exceptionIn(story)).toMatchObject({ state: 'acknowledged', kind: 'detected' });
  });

  test('cannot snooze into the past', () => {
    const story = begun();
    const { refusals } = about(story, { verdict: 'snooze', until: start - 1 });
    expect(refusals).toEqual([expect.stringContaining('is not ahead')]);
    expect(exceptionIn(story).state).toBe('open');
  });

  test('assigns, gives back, and comments without a new version', () => {
    const story = begun();
    about(story, { verdict: 'assign', assignee: 'dana' });
    expect(exceptionIn(story)).toMatchObject({ assignee: 'dana', changedBy: 'decision' });
    expect(about(story, { verdict: 'comment', note: 'called them' }).exceptions).toEqual([]);
    about(story, { verdict: 'assign', assignee: null });
    expect(exceptionIn(story).assignee).toBeNull();
  });
});

test('what nobody answers goes up the chain, each after its time since the clock ran out, until somebody does', () => {
  const chain = [
    { after: '30m', destination: 'tms', template: 'shift_lead' },
    { after: '2h', destination: 'desk' },
  ];
  const { sla } = demandingRules;
  const rules = { ...demandingRules, sla: { ...sla, escalation: { ...sla.escalation, chain } } };
  const story = storyOf(contractOf(), rules);
  story.tell({ kind: 'plan', plan: planOf() });
  story.tell({ kind: 'signal', signal: signalOf({ kind: 'detected', probability: null }) });
  const dueAt = exceptionIn(story).responseDueAt;
  story.until(dueAt);
  expect(step(story, 'response_overdue')).toMatchObject({ destination: 'desk', dueAt });
  story.until(dueAt + 30 * minuteMs);
  expect(step(story, 'response_overdue_1')).toMatchObject({
    destination: 'tms',
    template: 'shift_lead',
    dueAt: dueAt + 30 * minuteMs,
  });
  about(story, { verdict: 'acknowledge' });
  story.until(dueAt + 3 * hourMs);
  expect(step(story, 'response_overdue_2')).toBeUndefined();
});

test('a version says what made it: the signal, then the contract', () => {
  const story = begun();
  expect(exceptionIn(story)).toMatchObject({ changedBy: 'signal', changedRef: 'signal-1' });
  const contract = contractOf({ id: 'contract-2', version: 2, tier: 'guaranteed' });
  story.tell({ kind: 'contract', contract });
  expect(exceptionIn(story)).toMatchObject({
    contractVersion: 2,
    changedBy: 'contract',
    changedRef: 'contract-2',
  });
});

describe('downstream', () => {
  const orderOf = (change: Partial<ShipmentOrder> = {}): ShipmentOrder => ({
    id: 'o1',
    at: start,
    heardAt: start,
    shipmentId: 'S1',
    orderId: 'O1',
    customerId: 'acme',
    currency: 'USD',
    lines: [
      { lineId: '1', sku: 'a', quantity: 2, valueMinor: 700, dueAt: promisedAt },
      { lineId: '2', sku: 'b', quantity: 1, valueMinor: 300, dueAt: promisedAt + 48 * hourMs },
    ],
    ...change,
  });

  test('an exception says which lines will be late, when, and how much, also when they come later', () => {
    const story = begun();
    expect(exceptionIn(story).impact).toMatchObject({ orders: 0, linesLate: 0 });
    story.tell({ kind: 'orders', order: orderOf() });
    // Expected twelve hours after the promise: the first line is late by that, the second in time.
    expect(exceptionIn(story)).toMatchObject({
      changedBy: 'orders',
      impact: {
        orders: 1,
        lines: 2,
        linesLate: 1,
        valueLateMinor: 700,
        currency: 'USD',
        customers: ['acme'],
        firstDueAt: promisedAt,
        worstLateMin: 720,
      },
      affectedLines: [
        { lineId: '1', lateMin: 720 },
        { lineId: '2', lateMin: 0 },
      ],
    });
    story.tell({ kind: 'orders', order: orderOf({ lines: [] }) });
    expect(exceptionIn(story).impact).toMatchObject({ orders: 0, lines: 0, linesLate: 0 });
  });

  test.each(['lost', 'damaged', 'short'] as const)(
    'goods that are %s are missed by every line, in time or not; what only is predicted is not',
    (effect) => {
      const impactOf = (kind: 'detected' | 'predicted') => {
        const story = storyOf(contractOf(), demandingRules);
        story.tell({ kind: 'plan', plan: planOf() });
        story.tell({ kind: 'orders', order: orderOf() });
        story.tell({ kind: 'signal', signal: signalOf({ kind, effect, expectedAt: null }) });
        return exceptionIn(story);
      };
      expect(impactOf('detected')).toMatchObject({
        effect,
        impact: { lines: 2, linesLate: 2, valueLateMinor: 1_000, firstDueAt: promisedAt, worstLateMin: null },
        affectedLines: [{ lateMin: null }, { lateMin: null }],
      });
      expect(impactOf('predicted').impact).toMatchObject({ lines: 2, linesLate: 0, firstDueAt: null });
    },
  );
});

describe('the outcome', () => {
  test('names what was done, what it cost, and how often the customer asked', () => {
    const story = begun();
    sent(story, 'tell');
    decide(story, 'expedite', { by: 'ann' });
    decide(story, 'expedite', { by: 'ben' });
    sent(story, 'expedite');
    const asked = {
      customerId: 'acme',
      shipmentId: 'S1',
      channel: 'phone',
      about: 'delay',
    } as const;
    const base = { at: start, heardAt: start, inReplyTo: null, reference: null };
    const source = { feed: 'crm', document: 'd', position: 0, decoder: 'json', mapping: null };
    // A ticket system tells its changes at least once.
    for (const id of ['q1', 'q1', 'q2'])
      story.tell({ kind: 'inquiry', inquiry: { ...base, source, ...asked, id } });
    const { outcomes } = story.tell({
      kind: 'tracking',
      event: trackingOf({ status: 'delivered', at: promisedAt + 5 * hourMs }),
    });
    // The expediting has left; what is only decided has cost nothing.
    expect(outcomes[0]).toMatchObject({
      breached: true,
      inquiries: 2,
      firstInquiryAt: start,
      costMinor: 18_000,
      currency: 'USD',
    });
    expect(outcomes[0]!.actionsTaken).toContainEqual(
      expect.objectContaining({ step: 'expedite', result: 'sent', costMinor: 18_000, decidedBy: 'ann, ben' }),
    );
  });

  test('of a shipment that was reported lost and never seen again is lost, and found again delivered', () => {
    const story = begun();
    story.tell({ kind: 'signal', signal: signalOf({ id: 'l1', category: 'loss', kind: 'detected' }) });
    story.until(promisedAt + 14 * 24 * hourMs - 1);
    expect(story.state.outcome).toBeNull();
    story.until(promisedAt + 14 * 24 * hourMs);
    expect(story.state.outcome).toMatchObject({ result: 'lost', breached: true, minutesLate: null });
    story.tell({
      kind: 'tracking',
      event: trackingOf({ status: 'delivered', at: promisedAt + 15 * 24 * hourMs }),
    });
    expect(story.state.outcome).toMatchObject({ result: 'delivered', version: 2 });
  });
});
