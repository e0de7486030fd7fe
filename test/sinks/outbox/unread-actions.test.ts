import { expect, it } from 'vitest';
import { createOutbox } from '../../../sinks/outbox/outbox.ts';
import { MemoryLog } from '../../support/memory-log.ts';
import { manualTimers } from './manual-timers.ts';
import { outboxTestTopics, writeAction } from './sample-action.ts';
import { scriptedChannel } from './scripted-channel.ts';
import { until } from './until.ts';

it('does not seem to be done while a durable action has not been read', async () => {
  const log = new MemoryLog({ topics: outboxTestTopics });
  const outbox = createOutbox({
    log,
    destinations: { crm: { channel: scriptedChannel(() => ({ kind: 'sent', httpStatus: 200 })) } },
    clock: { now: () => log.closedUntil },
    timers: manualTimers(),
    random: () => 0.5,
    stateOf: () => undefined,
  });
  await outbox.start();
  const left: number[] = [];
  const stopListening = log.onAdvance(() => {
    const { due, unread } = outbox.stats();
    left.push(due + unread);
  });
  await writeAction(log);
  // The action, then its dispatch beside it.
  expect(left).toEqual([1, 1]);
  stopListening();
  await until(() => outbox.stats().due + outbox.stats().unread === 0);
  await outbox.drain(1_000);
});
