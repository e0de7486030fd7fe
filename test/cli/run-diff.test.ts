import { expect, it } from 'vitest';
import type { DecidedAction, DecidedException, DecidedRun } from '../../cli/decided-run.ts';
import { formatDiff } from '../../cli/format-diff.ts';
import { diffRuns, isSame } from '../../cli/run-diff.ts';

const exception = (id: string, over: Partial<DecidedException> = {}): DecidedException => ({
  id,
  shipmentId: `S-${id}`,
  category: 'delay',
  kind: 'detected',
  state: 'open',
  severity: 60,
  cause: 'weather',
  party: 'carrier',
  playbook: 'delay@1',
  raisedAt: 0,
  versions: 1,
  ...over,
});
const action = (id: string, over: Partial<DecidedAction> = {}): DecidedAction => ({
  id,
  exceptionId: 'a',
  shipmentId: 'S-a',
  type: 'notify_customer',
  playbook: 'delay',
  step: 'tell_customer',
  authority: 'auto',
  state: 'due',
  destination: 'desk',
  versions: 1,
  ...over,
});
const run = (
  exceptions: readonly DecidedException[],
  actions: readonly DecidedAction[] = [],
): DecidedRun => ({
  format: 1,
  codeVersion: '0',
  rules: 'r',
  model: 'm',
  documents: 1,
  from: null,
  to: null,
  exceptions: [...exceptions],
  actions: [...actions],
});

it('finds nothing between a run and itself', () => {
  const same = diffRuns(run([exception('a')], [action('x')]), run([exception('a')], [action('x')]));
  expect(isSame(same)).toBe(true);
  expect(formatDiff(same, 5)).toBe('nothing differs');
});

it('tells added, removed and changed apart, by id, with counts by category and type', () => {
  const before = run(
    [exception('a'), exception('b'), exception('c', { category: 'damage' }), exception('same')],
    [action('x')],
  );
  const now = run(
    [
      exception('a', { severity: 75, versions: 3 }),
      exception('d', { category: 'weather' }),
      exception('c', { category: 'damage' }),
      exception('same'),
    ],
    [action('y', { type: 'escalate' })],
  );
  const diff = diffRuns(before, now);
  expect(isSame(diff)).toBe(false);
  expect(diff.exceptions.added.map(({ id }) => id)).toEqual(['d']);
  expect(diff.exceptions.removed.map(({ id }) => id)).toEqual(['b']);
  expect(diff.exceptions.changed.map(({ now: { id }, changes }) => [id, changes])).toEqual([
    [
      'a',
      [
        { field: 'severity', before: 60, now: 75 },
        { field: 'versions', before: 1, now: 3 },
      ],
    ],
  ]);
  expect(diff.exceptions.counts).toEqual({
    delay: { added: 0, removed: 1, changed: 1, all: 2 },
    weather: { added: 1, removed: 0, changed: 0, all: 1 },
  });
  expect(diff.actions.counts).toEqual({
    escalate: { added: 1, removed: 0, changed: 0, all: 1 },
    notify_customer: { added: 0, removed: 1, changed: 0, all: 0 },
  });
  const text = formatDiff(diff, 5);
  expect(text).toContain('exceptions: 1 added, 1 removed, 1 changed');
  expect(text).toContain(
    '  ~ delay of S-a, detected, severity 75, open (a): severity 60 → 75, versions 1 → 3',
  );
  expect(text).toContain('  + escalate for S-a by delay/tell_customer, auto, due (y)');
  expect(formatDiff(diff, 0)).toContain('  + … and 1 more');
});
