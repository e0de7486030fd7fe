import { expect, it } from 'vitest';
import { RemoteTask } from '../../../runtime/threads/remote-task.ts';

it('needs all of its state and of its input until its thread has said more', () => {
  const planned = {
    name: 'decide/1',
    stage: { name: 'decide' },
    inputs: [{ topic: 'events', partition: 1 }],
  };
  const task = new RemoteTask({
    planned: planned as never,
    log: { end: () => 0 },
    look: () => Promise.reject(new Error('not asked')),
  });
  expect([...task.holds]).toEqual([
    ['~state/decide/1/0', 0],
    ['events/1', 0],
  ]);
  task.takeHoldings({ name: 'decide/1', holds: new Map([['events/1', 7]]), stateKeys: new Map() });
  expect([...task.holds]).toEqual([['events/1', 7]]);
});
