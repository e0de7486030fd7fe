import { describe, expect, test } from 'vitest';
import type { Action } from '../../domain/action.ts';
import type { ShipmentException } from '../../domain/exception.ts';
import {
  contractOf,
  decisionOf,
  hourMs,
  minuteMs,
  planOf,
  predictionOf,
  promisedAt,
  resultOf,
  signalOf,
  start,
  type Story,
  storyOf,
  trackingOf,
} from './case-story.ts';

const only = <T>(items: readonly T[]): T => {
  expect(items).toHaveLength(1);
  return items[0] as T;
};
const exceptions = ({ state }: Story): ShipmentException[] => Object.values(state.exceptions);
const actions = ({ state }: Story): Action[] => Object.values(state.actions);
const step = (story: Story, name: string): Action =>
  only(actions(story).filter((item) => item.step === name));
const states = (story: Story): Record<string, string> =>
  Object.fromEntries(actions(story).map((action) => [action.step, action.state]));
const sent = (
  story: Story,
  name: string,
  result: 'sent' | 'failed' | 'uncertain' = 'sent',
  at = start,
): void => {
  const { id, exceptionId } = step(story, name);
  story.tell({ kind: 'action_result', result: resultOf({ actionId: id, exceptionId, result, at }) }, at);
};
const priority = contractOf();

describe('raising', () => {
  test('a predicted delay opens one exception with terms, context and the steps of its playbook', () => {
    const story = storyOf(priority);
    story.tell({ kind: 'plan', plan: planOf() });
    const step1 = story.tell({ kind: 'signal', signal: signalOf() });
    const raised = only(step1.exceptions);
    expect(raised).toMatchObject({
      version: 1,
      state: 'open',
      kind: 'predicted',
      family: 'delay',
      tier: 'priority',
      contractVersion: 1,
      carrier: 'SAIA',
      lane: 'CHI-NYC',
      promisedAt,
      leadTimeMin: 1800,
      playbook: 'delay-predicted@1',
      responseDueAt: start + 60 * minuteMs,
      resolutionDueAt: start + 1440 * minuteMs,
    });
    expect(states(story)).toEqual({
      tell_customer: 'due',
      ask_carrier: 'due',
      expedite_priority: 'awaiting_approval',
    });
    expect(step(story, 'expedite_priority')).toMatchObject({
      approvalDueAt: start + 30 * minuteMs,
      role: 'planner',
    });
    expect(step(story, 'tell_customer').facts).toMatchObject({
      lane: 'CHI-NYC',
      category: 'delay',
      promisedAt,
    });
  });

  test('an exception on a leg carries that leg’s carrier and mode', () => {
    const story = storyOf();
    story.tell({ kind: 'plan', plan: planOf() });
    story.tell({ kind: 'signal', signal: signalOf({ leg: 1 }) });
    expect(only(exceptions(story))).toMatchObject({ carrier: 'PTNR', mode: 'truckload' });
  });

  test('predicted becomes detected under the same id, and what only waited under the former playbook ends', () => {
    const story = storyOf(priority);
    story.tell({ kind: 'plan', plan: planOf() });
    story.tell({ kind: 'signal', signal: signalOf() });
    const before = only(exceptions(story));
    const detected = signalOf({
      id: 'signal-2',
      kind: 'detected',
      topic: 'milestone',
      probability: null,
      expectedAt: null,
    });
    const next = only(story.tell({ kind: 'signal', signal: detected }).exceptions);
    expect(next).toMatchObject({
      id: before.id,
      version: 2,
      kind: 'detected',
      playbook: 'delay@1',
      probability: 0.8,
    });
    expect(next.severity).toBeGreaterThan(before.severity);
    expect(states(story)).toMatchObject({ expedite_priority: 'cancelled', expedite: 'awaiting_approval' });
  });

  test('the same news again is no new version, new evidence is one', () => {
    const story = storyOf();
    story.tell({ kind: 'plan', plan: planOf() });
    story.tell({ kind: 'signal', signal: signalOf() });
    expect(story.tell({ kind: 'signal', signal: signalOf({ id: 'signal-2' }) }).exceptions).toEqual([]);
    const evidence = { events: ['event-2'], alerts: [], ports: [], predictions: [] };
    const next = only(story.tell({ kind: 'signal', signal: signalOf({ evidence }) }).exceptions);
    expect(next.version).toBe(2);
    expect(next.evidence.events).toEqual(['event-1', 'event-2']);
  });

  test('without a plan the grave is raised and the rest waits for it', () => {
    const story = storyOf(priority);
    story.tell({ kind: 'signal', signal: signalOf() });
    expect(exceptions(story)).toEqual([]);
    story.tell({ kind: 'signal', signal: signalOf({ category: 'damage', kind: 'detected', topic: 'code' }) });
    expect(only(exceptions(story))).toMatchObject({ category: 'damage', planKnown: false, customerId: null });
    story.tell({ kind: 'plan', plan: planOf() });
    expect(exceptions(story)).toMatchObject([
      { category: 'damage', planKnown: true, customerId: 'acme', version: 2 },
      { category: 'delay', planKnown: true, version: 1 },
    ]);
  });

  test('what was cleared while it waited is never raised', () => {
    const story = storyOf();
    story.tell({ kind: 'signal', signal: signalOf() });
    story.tell({ kind: 'signal', signal: signalOf({ state: 'cleared' }) });
    story.tell({ kind: 'plan', plan: planOf() });
    expect(exceptions(story)).toEqual([]);
  });

  test('an ordinary status opens nothing, an unknown category is unclassified and said', () => {
    const story = storyOf();
    story.tell({ kind: 'plan', plan: planOf() });
    story.tell({ kind: 'signal', signal: signalOf({ category: 'progress' }) });
    expect(exceptions(story)).toEqual([]);
    const { refusals } = story.tell({ kind: 'signal', signal: signalOf({ category: 'meteor' }) });
    expect(refusals).toEqual(['signal signal-1: category meteor is not in the taxonomy']);
    expect(only(exceptions(story))).toMatchObject({ family: 'other', playbook: 'default@1' });
  });
});

describe('clearing and withdrawing', () => {
  test('what was only predicted is resolved when cleared, and its pending actions end', () => {
    const story = storyOf(priority);
    story.tell({ kind: 'plan', plan: planOf() });
    story.tell({ kind: 'signal', signal: signalOf() });
    sent(story, 'tell_customer');
    story.tell({ kind: 'signal', signal: signalOf({ state: 'cleared' }) });
    expect(only(exceptions(story))).toMatchObject({ state: 'resolved', resolvedAt: start });
    expect(states(story)).toEqual({
      tell_customer: 'sent',
      ask_carrier: 'cancelled',
      expedite_priority: 'cancelled',
    });
  });

  test('what comes back soon is the same exception: told once, asked again for what never began', () => {
    const story = storyOf(priority);
    story.tell({ kind: 'plan', plan: planOf() });
    story.tell({ kind: 'signal', signal: signalOf() });
    sent(story, 'tell_customer');
    story.tell({ kind: 'signal', signal: signalOf({ state: 'cleared' }) }, start + hourMs);
    story.tell({ kind: 'signal', signal: signalOf() }, start + 2 * hourMs);
    expect(only(exceptions(story))).toMatchObject({ state: 'open', episode: 0, resolvedAt: null });
    expect(actions(story).filter((item) => item.step === 'tell_customer')).toHaveLength(1);
    // It was due, so the dispatcher may have begun it: it is not repeated under another id.
    expect(step(story, 'ask_carrier').state).toBe('cancelled');
    expect(
      actions(story)
        .filter((item) => item.step === 'expedite_priority')
        .map(({ state }) => state),
    ).toEqual(['cancelled', 'awaiting_approval']);
  });

  test('what comes back after it was closed is a new episode', () => {
    const story = storyOf();
    story.tell({ kind: 'plan', plan: planOf() });
    story.tell({ kind: 'signal', signal: signalOf() });
    story.tell({ kind: 'signal', signal: signalOf({ state: 'cleared' }) });
    story.until(start + 13 * hourMs);
    expect(only(exceptions(story)).state).toBe('closed');
    story.tell({ kind: 'signal', signal: signalOf() });
    expect(exceptions(story)).toMatchObject([{ episode: 0 }, { episode: 1, state: 'open', version: 1 }]);
  });

  test('a storm that ends does not unmake what has happened', () => {
    const story = storyOf();
    story.tell({ kind: 'plan', plan: planOf() });
    const storm = { category: 'weather', topic: 'storm-1' };
    story.tell({ kind: 'signal', signal: signalOf({ ...storm, kind: 'detected' }) });
    story.tell({ kind: 'signal', signal: signalOf({ ...storm, state: 'cleared' }) });
    expect(only(exceptions(story)).state).toBe('open');
    story.tell({ kind: 'signal', signal: signalOf({ ...storm, kind: 'detected', state: 'cleared' }) });
    expect(only(exceptions(story)).state).toBe('resolved');
  });

  test('two storms: the exception stands until both are over', () => {
    const story = storyOf();
    story.tell({ kind: 'plan', plan: planOf() });
    for (const topic of ['storm-1', 'storm-2']) {
      story.tell({ kind: 'signal', signal: signalOf({ category: 'weather', topic }) });
    }
    story.tell({
      kind: 'signal',
      signal: signalOf({ category: 'weather', topic: 'storm-2', state: 'cleared' }),
    });
    expect(only(exceptions(story)).state).toBe('open');
    story.tell({
      kind: 'signal',
      signal: signalOf({ category: 'weather', topic: 'storm-1', state: 'cleared' }),
    });
    expect(only(exceptions(story)).state).toBe('resolved');
  });

  test('when what was detected is over and a prediction still stands, it is predicted again', () => {
    const story = storyOf();
    story.tell({ kind: 'plan', plan: planOf() });
    story.tell({ kind: 'signal', signal: signalOf() });
    const late = { topic: 'milestone', kind: 'detected' } as const;
    story.tell({ kind: 'signal', signal: signalOf(late) });
    expect(only(exceptions(story)).kind).toBe('detected');
    story.tell({ kind: 'signal', signal: signalOf({ ...late, state: 'cleared' }) });
    expect(only(exceptions(story))).toMatchObject({ kind: 'predicted', state: 'open', version: 3 });
  });

  test('a delay that was predicted and came ends as detected: after the promise nothing predicts it any more', () => {
    const story = storyOf();
    story.tell({ kind: 'plan', plan: planOf() });
    story.tell({ kind: 'signal', signal: signalOf() });
    const missed = { topic: 'promise', kind: 'detected' } as const;
    story.until(promisedAt + hourMs);
    story.tell({ kind: 'signal', signal: signalOf(missed) }, promisedAt + hourMs);
    const { severity } = only(exceptions(story));
    story.tell(
      { kind: 'signal', signal: signalOf({ ...missed, state: 'cleared' }) },
      promisedAt + 6 * hourMs,
    );
    expect(only(exceptions(story))).toMatchObject({ kind: 'detected', severity, state: 'resolved' });
  });

  test('one topic that was an error does not withdraw what another one saw', () => {
    const story = storyOf();
    story.tell({ kind: 'plan', plan: planOf() });
    for (const topic of ['storm-1', 'storm-2']) {
      story.tell({ kind: 'signal', signal: signalOf({ category: 'weather', topic }) });
    }
    const end = (topic: string, state: 'cleared' | 'withdrawn'): void => {
      story.tell({ kind: 'signal', signal: signalOf({ category: 'weather', topic, state }) });
    };
    end('storm-1', 'cleared');
    end('storm-2', 'withdrawn');
    expect(only(exceptions(story)).state).toBe('resolved');
    end('storm-3', 'withdrawn');
    expect(only(exceptions(story)).state).toBe('resolved');
    end('storm-1', 'withdrawn');
    expect(only(exceptions(story)).state).toBe('withdrawn');
  });

  test('what was never so is withdrawn, and whoever was told gets an all-clear, once', () => {
    const story = storyOf(priority);
    story.tell({ kind: 'plan', plan: planOf() });
    story.tell({ kind: 'signal', signal: signalOf() });
    sent(story, 'tell_customer');
    story.tell({ kind: 'signal', signal: signalOf({ state: 'withdrawn' }) });
    expect(only(exceptions(story))).toMatchObject({ state: 'withdrawn', withdrawnAt: start });
    expect(states(story)).toMatchObject({ ask_carrier: 'cancelled', expedite_priority: 'cancelled' });
    expect(step(story, 'all_clear:notify_customer')).toMatchObject({
      state: 'due',
      template: 'delay_no_longer_expected',
      destination: 'customer-notifications',
    });
    sent(story, 'all_clear:notify_customer');
    expect(actions(story).filter((item) => item.step.startsWith('all_clear'))).toHaveLength(1);
  });

  test('an all-clear after a message that perhaps arrived is not a first message', () => {
    const story = storyOf(priority);
    story.tell({ kind: 'plan', plan: planOf() });
    story.tell({ kind: 'signal', signal: signalOf() });
    sent(story, 'tell_customer', 'uncertain');
    story.tell({ kind: 'signal', signal: signalOf({ state: 'withdrawn' }) });
    sent(story, 'all_clear:notify_customer');
    expect(story.state.customerToldAt).toBeNull();
  });

  test('a message that was under way while its exception was withdrawn is followed by an all-clear too', () => {
    const story = storyOf();
    story.tell({ kind: 'plan', plan: planOf() });
    story.tell({ kind: 'signal', signal: signalOf() });
    story.tell({ kind: 'signal', signal: signalOf({ state: 'withdrawn' }) });
    expect(states(story)).not.toHaveProperty('all_clear:notify_customer');
    sent(story, 'tell_customer');
    expect(states(story)).toMatchObject({ tell_customer: 'sent', 'all_clear:notify_customer': 'due' });
  });
});

describe('deciding', () => {
  const awaiting = (): Story => {
    const story = storyOf(priority);
    story.tell({ kind: 'plan', plan: planOf() });
    story.tell({ kind: 'signal', signal: signalOf() });
    return story;
  };

  test('approved in time it becomes due, with who and why', () => {
    const story = awaiting();
    const { id, exceptionId } = step(story, 'expedite_priority');
    story.tell({ kind: 'decision', decision: decisionOf({ actionId: id, exceptionId }) }, start + minuteMs);
    expect(step(story, 'expedite_priority')).toMatchObject({
      state: 'due',
      version: 2,
      decidedBy: 'kim',
      decidedReason: 'worth_it',
      dueAt: start + minuteMs,
    });
    expect(story.timers.has(`approval:${id}`)).toBe(false);
  });

  test('refused it ends, and a second word on it is reported and changes nothing', () => {
    const story = awaiting();
    const { id, exceptionId } = step(story, 'expedite_priority');
    story.tell({ kind: 'decision', decision: decisionOf({ actionId: id, exceptionId, verdict: 'refuse' }) });
    const late = story.tell({ kind: 'decision', decision: decisionOf({ actionId: id, exceptionId }) });
    expect(step(story, 'expedite_priority').state).toBe('refused');
    expect(late).toMatchObject({ actions: [], refusals: [`action ${id}: approve while refused`] });
  });

  test('when nobody approves in time the desk hears of it, and an approval after that is refused', () => {
    const story = awaiting();
    const { id, exceptionId } = step(story, 'expedite_priority');
    story.until(start + 29 * minuteMs);
    expect(step(story, 'expedite_priority').state).toBe('awaiting_approval');
    story.until(start + 30 * minuteMs);
    expect(step(story, 'expedite_priority').state).toBe('expired');
    expect(step(story, 'expedite_priority:approval_timed_out')).toMatchObject({
      type: 'escalate',
      state: 'due',
      destination: 'desk',
    });
    const late = story.tell({ kind: 'decision', decision: decisionOf({ actionId: id, exceptionId }) });
    expect(late.refusals).toHaveLength(1);
  });

  test('a recommendation that somebody followed is confirmed, not sent', () => {
    const story = storyOf();
    story.tell({ kind: 'plan', plan: planOf() });
    story.tell({ kind: 'signal', signal: signalOf() });
    const { id, exceptionId, state } = step(story, 'move_appointment');
    expect(state).toBe('proposed');
    story.tell({ kind: 'decision', decision: decisionOf({ actionId: id, exceptionId }) });
    expect(step(story, 'move_appointment')).toMatchObject({ state: 'confirmed', decidedBy: 'kim' });
  });

  test('a decision about nothing is reported', () => {
    const story = awaiting();
    const { refusals } = story.tell({ kind: 'decision', decision: decisionOf({ actionId: '__proto__' }) });
    expect(refusals).toEqual(['decision decision-1: no action __proto__']);
  });
});

describe('clocks and results', () => {
  test('nobody responds: the desk is told once for each clock that ran out', () => {
    const story = storyOf(priority);
    story.tell({ kind: 'plan', plan: planOf() });
    story.tell({ kind: 'signal', signal: signalOf() });
    story.until(start + 25 * hourMs);
    expect(states(story)).toMatchObject({ response_overdue: 'due', resolution_overdue: 'due' });
  });

  test('an acknowledgement stops the clock of the response', () => {
    const story = storyOf(priority);
    story.tell({ kind: 'plan', plan: planOf() });
    story.tell({ kind: 'signal', signal: signalOf() });
    const { id } = only(exceptions(story));
    story.tell({ kind: 'decision', decision: decisionOf({ exceptionId: id, verdict: 'acknowledge' }) });
    story.until(start + 2 * hourMs);
    expect(states(story)).not.toHaveProperty('response_overdue');
    expect(only(exceptions(story))).toMatchObject({ state: 'acknowledged', acknowledgedAt: start });
  });

  test('an action that went out mitigates; one that failed lets the step that follows it begin', () => {
    const story = storyOf(priority);
    story.tell({ kind: 'plan', plan: planOf() });
    story.tell({ kind: 'signal', signal: signalOf() });
    sent(story, 'tell_customer', 'failed');
    expect(only(exceptions(story)).state).toBe('open');
    expect(step(story, 'tell_desk').state).toBe('due');
    sent(story, 'ask_carrier');
    expect(only(exceptions(story))).toMatchObject({ state: 'mitigated', mitigatedAt: start });
  });

  test('what would come after the promise is not begun any more', () => {
    const story = storyOf();
    story.tell({ kind: 'plan', plan: planOf() });
    story.tell({ kind: 'signal', signal: signalOf() });
    story.until(promisedAt);
    expect(states(story)).toMatchObject({ tell_customer: 'expired', move_appointment: 'expired' });
  });

  test('a message is due at any hour: the step that knows the customer holds it through the quiet ones', () => {
    const night = Date.parse('2026-03-03T05:00:00Z');
    const story = storyOf();
    story.tell({ kind: 'plan', plan: planOf() });
    story.tell({ kind: 'signal', signal: signalOf() }, night);
    expect(step(story, 'tell_customer')).toMatchObject({ state: 'due', dueAt: night });
  });

  test('a timer that is early or whose reason is gone does nothing; an early one is set again', () => {
    const story = storyOf(priority);
    story.tell({ kind: 'plan', plan: planOf() });
    story.tell({ kind: 'signal', signal: signalOf() });
    const name = `approval:${step(story, 'expedite_priority').id}`;
    expect(story.tell({ kind: 'timer', name })).toMatchObject({
      actions: [],
      timers: [{ name, at: start + 30 * minuteMs }],
    });
    expect(story.tell({ kind: 'timer', name: 'approval:nobody' })).toMatchObject({ actions: [], timers: [] });
  });
});

test('a new contract judges the open anew: tier, severity, clocks and what the playbook now allows', () => {
  const story = storyOf();
  story.tell({ kind: 'plan', plan: planOf() });
  story.tell({ kind: 'signal', signal: signalOf() });
  const before = only(exceptions(story));
  const contract = contractOf({ tier: 'guaranteed', version: 7, terms: { responseMin: 5 } });
  const next = only(story.tell({ kind: 'contract', contract }, start + minuteMs).exceptions);
  expect(next).toMatchObject({
    version: 2,
    tier: 'guaranteed',
    contractVersion: 7,
    responseDueAt: start + 5 * minuteMs,
  });
  expect(next.severity).toBeGreaterThan(before.severity);
  expect(step(story, 'expedite_guaranteed').state).toBe('due');
  expect(story.timers.get(`response:${next.id}`)).toBe(start + 5 * minuteMs);
  expect(story.tell({ kind: 'contract', contract }).exceptions).toEqual([]);
});

describe('the end', () => {
  const delivered = (
    at: number,
    id = 'event-9',
    retracts: string | null = null,
  ): { kind: 'tracking'; event: ReturnType<typeof trackingOf> } => ({
    kind: 'tracking',
    event: trackingOf({ id, status: 'delivered', at, retracts }),
  });

  test('a delivery closes what is open, ends what is pending, and gives the outcome', () => {
    const story = storyOf(priority);
    story.tell({ kind: 'plan', plan: planOf() });
    story.tell({ kind: 'prediction', prediction: predictionOf({ probability: 0.8 }) });
    story.tell({ kind: 'prediction', prediction: predictionOf({ probability: 0.4 }) });
    story.tell({ kind: 'signal', signal: signalOf() });
    sent(story, 'tell_customer', 'sent', start + minuteMs);
    const { outcomes } = story.tell(delivered(promisedAt + 31 * minuteMs), promisedAt + hourMs);
    expect(only(exceptions(story))).toMatchObject({ state: 'closed', closedAt: promisedAt + hourMs });
    expect(new Set(Object.values(states(story)))).toEqual(new Set(['sent', 'cancelled']));
    expect(only(outcomes)).toMatchObject({
      version: 1,
      result: 'delivered',
      minutesLate: 31,
      breached: true,
      peakProbability: 0.8,
      predicted: true,
      customerToldAt: start + minuteMs,
      toldBeforeBreach: true,
      exceptions: [only(exceptions(story)).id],
    });
    expect(story.timers.size).toBe(0);
  });

  test('told after the promise had passed is told too late', () => {
    const story = storyOf(priority);
    story.tell({ kind: 'plan', plan: planOf() });
    story.tell({ kind: 'signal', signal: signalOf({ kind: 'detected' }) }, promisedAt);
    sent(story, 'tell_customer', 'sent', promisedAt + 1);
    const { outcomes } = story.tell(delivered(promisedAt + hourMs), promisedAt + hourMs);
    expect(only(outcomes)).toMatchObject({ customerToldAt: promisedAt + 1, toldBeforeBreach: false });
  });

  test('within grace it is late and no breach', () => {
    const story = storyOf(priority);
    story.tell({ kind: 'plan', plan: planOf() });
    const { outcomes } = story.tell(delivered(promisedAt + 30 * minuteMs));
    expect(only(outcomes)).toMatchObject({
      minutesLate: 30,
      breached: false,
      predicted: false,
      toldBeforeBreach: false,
    });
  });

  test('a correction gives the second version, the same delivery again gives none', () => {
    const story = storyOf(priority);
    story.tell({ kind: 'plan', plan: planOf() });
    story.tell(delivered(promisedAt - hourMs));
    expect(story.tell(delivered(promisedAt - hourMs)).outcomes).toEqual([]);
    const corrected = story.tell(delivered(promisedAt + hourMs, 'event-10', 'event-9'));
    expect(only(corrected.outcomes)).toMatchObject({ version: 2, minutesLate: 60, breached: true });
  });

  test('a delivery taken back leaves the shipment under way', () => {
    const story = storyOf(priority);
    story.tell({ kind: 'plan', plan: planOf() });
    story.tell(delivered(promisedAt));
    story.tell({
      kind: 'tracking',
      event: trackingOf({ id: 'event-10', status: 'information', retracts: 'event-9' }),
    });
    story.tell({ kind: 'signal', signal: signalOf() });
    expect(only(exceptions(story)).state).toBe('open');
    expect(only(story.tell(delivered(promisedAt + hourMs, 'event-11')).outcomes).version).toBe(2);
  });

  test('a delivery before its plan has its outcome when the plan comes', () => {
    const story = storyOf(priority);
    expect(story.tell(delivered(promisedAt)).outcomes).toEqual([]);
    expect(only(story.tell({ kind: 'plan', plan: planOf() }).outcomes)).toMatchObject({
      tier: 'priority',
      version: 1,
    });
  });

  test('a later promise and a later contract do not move the label', () => {
    const story = storyOf(priority);
    story.tell({ kind: 'plan', plan: planOf() });
    story.tell({ kind: 'plan', plan: planOf({ id: 'plan-2', promisedAt: promisedAt + 48 * hourMs }) });
    expect(only(story.tell(delivered(promisedAt + hourMs)).outcomes)).toMatchObject({
      promisedAt,
      breached: true,
    });
    const generous = contractOf({ version: 2, terms: { graceMin: 600 } });
    expect(story.tell({ kind: 'contract', contract: generous }).outcomes).toEqual([]);
    const corrected = story.tell(delivered(promisedAt + 2 * hourMs, 'event-10', 'event-9'));
    expect(only(corrected.outcomes)).toMatchObject({ version: 2, minutesLate: 120, breached: true });
  });

  test('damage found in the box stays until what was decided for it is done; a late delay is no news', () => {
    const story = storyOf(priority);
    story.tell({ kind: 'plan', plan: planOf() });
    story.tell(delivered(promisedAt));
    story.tell({ kind: 'signal', signal: signalOf({ kind: 'detected' }) });
    expect(exceptions(story)).toEqual([]);
    const damage = signalOf({ kind: 'detected', category: 'damage', topic: 'code' });
    expect(only(story.tell({ kind: 'signal', signal: damage }).outcomes)).toMatchObject({ version: 2 });
    sent(story, 'tell_customer');
    sent(story, 'ask_for_proof');
    sent(story, 'tell_desk');
    expect(only(exceptions(story)).state).toBe('mitigated');
    const { id, exceptionId } = step(story, 'claim');
    story.tell({ kind: 'decision', decision: decisionOf({ actionId: id, exceptionId, verdict: 'refuse' }) });
    expect(only(exceptions(story)).state).toBe('closed');
  });

  test('called off by the TMS it is no breach', () => {
    const story = storyOf(priority);
    story.tell({ kind: 'plan', plan: planOf() });
    const { outcomes } = story.tell({ kind: 'plan', plan: planOf({ id: 'plan-2', cancelled: true }) });
    expect(only(outcomes)).toMatchObject({ result: 'cancelled', breached: false, deliveredAt: null });
  });
});

test('the freight is moved once: a second exception of the shipment does not expedite again', () => {
  const story = storyOf(contractOf({ tier: 'guaranteed' }));
  story.tell({ kind: 'plan', plan: planOf() });
  story.tell({ kind: 'signal', signal: signalOf() });
  story.tell({ kind: 'signal', signal: signalOf({ category: 'delay_predicted', topic: 'carrier-eta' }) });
  expect(exceptions(story)).toHaveLength(2);
  expect(actions(story).filter(({ type }) => type === 'expedite')).toHaveLength(1);
});
