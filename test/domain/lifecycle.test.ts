import { expect, test } from 'vitest';
import { actionStates } from '../../domain/action.ts';
import { exceptionStates } from '../../domain/exception.ts';
import {
  actionEvents,
  actionTransitions,
  exceptionEvents,
  exceptionTransitions,
  liveExceptionStates,
} from '../../domain/lifecycle.ts';

const reachable = <State extends string>(
  first: readonly State[],
  table: Readonly<Record<State, Readonly<Record<string, string>>>>,
  states: readonly State[],
): Set<State> => {
  const seen = new Set(first);
  for (const state of seen) {
    for (const next of Object.values(table[state])) {
      const known = states.find((item) => item === next);
      if (known !== undefined) seen.add(known);
    }
  }
  return seen;
};

test('every state of an exception can be reached from open', () => {
  expect(reachable(['open'], exceptionTransitions, exceptionStates).size).toBe(exceptionStates.length);
});

test('every state of an action can be reached from where playbooks start', () => {
  expect(reachable(['due', 'proposed', 'awaiting_approval'], actionTransitions, actionStates).size).toBe(
    actionStates.length,
  );
});

test('nothing becomes due again once it has left, ended or been refused', () => {
  for (const state of actionStates) {
    if (state === 'proposed' || state === 'awaiting_approval') continue;
    for (const event of actionEvents) expect(actionTransitions[state][event]).not.toBe('due');
  }
});

test('what is withdrawn or closed never lives again', () => {
  for (const state of ['closed', 'withdrawn'] as const) {
    for (const event of exceptionEvents) {
      const next = exceptionTransitions[state][event];
      expect(next === 'stay' || next === 'refuse' || !liveExceptionStates.has(next)).toBe(true);
    }
  }
});

test('a result that comes after the cancellation is still the truth', () => {
  expect(actionTransitions.cancelled.result_sent).toBe('sent');
  expect(actionTransitions.awaiting_approval.result_sent).toBe('refuse');
});

const lines: string[] = [];
for (const [state, row] of Object.entries({ ...exceptionTransitions })) {
  for (const [event, next] of Object.entries(row)) lines.push(`${state} × ${event} → ${next}`);
}

test('no transition leads to the state that it comes from', () => {
  expect(lines.filter((line) => /^(\w+) × \w+ → \1$/.test(line))).toEqual([]);
});
