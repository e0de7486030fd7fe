import { describe, expect, it } from 'vitest';
import type { StatefulStep, StateGraph } from '../../../runtime/savepoint/graph.ts';
import { planFor } from '../../../runtime/savepoint/plan.ts';

const step = (name: string, over: Partial<StatefulStep> = {}): StatefulStep => ({
  pipeline: 'watch',
  stage: 'watch',
  name,
  verb: 'process',
  detail: '',
  shape: '',
  keys: ['shipmentId'],
  format: 1,
  parts: ['keys'],
  ...over,
});
const graph = (steps: readonly StatefulStep[], partitions = 2): StateGraph => ({
  stages: [
    { name: 'watch', partitions, reads: ['tracking'], writes: ['signals'] },
    { name: 'watch-2', partitions, reads: ['signals'], writes: ['exceptions'] },
  ],
  steps: [...steps],
});
const fates = (before: StateGraph, now: StateGraph) =>
  planFor({ name: 'before', graph: before }, now).steps.map(({ fate, step: name }) => `${fate} ${name}`);
const told = (before: StatefulStep, now: readonly StatefulStep[], partitions = 2) =>
  planFor({ name: 'before', graph: graph([before]) }, graph(now, partitions)).steps[0]!;

describe('plan', () => {
  it('keeps what does the same under the same name, whatever is held in it now', () => {
    expect(fates(graph([step('a'), step('b')]), graph([step('b'), step('a', { parts: [] })]))).toEqual([
      'keeps a',
      'keeps b',
    ]);
  });

  it('keeps what is kept under other parameters, and says so', () => {
    expect(told(step('a', { detail: 'within 7d' }), [step('a', { detail: 'within 1d' })])).toMatchObject({
      fate: 'keeps',
      reason: 'it was "within 7d" and is "within 1d" from now on',
    });
  });

  it('tells what is gone, what is new, and counts', () => {
    const plan = planFor(
      { name: 'before', graph: graph([step('a', { verb: 'window' })]) },
      graph([step('b')]),
    );
    expect(plan.steps.map(({ fate, step: name }) => `${fate} ${name}`)).toEqual(['loses a', 'new b']);
    expect(plan.steps[0]!.reason).toBe('it is gone');
    expect(plan.counts).toEqual({ keeps: 0, loses: 1, cannot: 0, new: 1 });
  });

  it('says which new step looks like the new name: of several that do the same the most alike', () => {
    const { reason, mend } = told(step('missing-scan'), [
      step('silence'),
      step('missing-scans'),
      step('missing-scam', { keys: ['carrier'] }),
    ]);
    expect(reason).toBe('it is gone; "missing-scans" looks like its new name');
    expect(mend).toMatch(/^call "missing-scans" "missing-scan" again/);
    expect(told(step('missing-scan'), [step('quiet')]).reason).toContain('"quiet" looks like');
  });

  it('says when a step has moved to another stage', () => {
    expect(told(step('a'), [step('a', { stage: 'watch-2' })])).toMatchObject({
      fate: 'loses',
      reason: 'it runs in stage "watch-2" now, and state belongs to the tasks of a stage',
    });
  });

  it.each([
    [{ verb: 'window' }, /its verb was "process" and is "window"/],
    [{ keys: ['customerId'] }, /keyed by shipmentId and is keyed by customerId/],
    [{ keys: ['shipmentId', ''] }, /keyed by shipmentId, nothing$/],
    [{ shape: 'ordered' }, /its state is made for no parameters and would be read for "ordered"$/],
    [{ format: 2 }, /its state had format 1 and has 2/],
  ] as const)('cannot read what is something else: %j', (over, reason) => {
    const {
      fate,
      reason: said,
      mend,
    } = told(step('a'), [
      step('a', { ...over, keys: [...((over as Partial<StatefulStep>).keys ?? ['shipmentId'])] }),
    ]);
    expect(fate).toBe('cannot');
    expect(said).toMatch(reason);
    expect(mend).toMatch(/another name/);
  });

  it('cannot go on with another number of partitions', () => {
    const { fate, reason, mend } = told(step('a'), [step('a')], 4);
    expect(fate).toBe('cannot');
    expect(reason).toMatch(/stage "watch" had 2 partitions and has 4/);
    expect(mend).toMatch(/set log.partitions back to 2/);
  });
});
