import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { action as actionSchema } from '../../../domain/action.ts';
import type { SendOutcome } from '../../../sinks/outbox/channel.ts';
import { createOutbox } from '../../../sinks/outbox/outbox.ts';
import type { Outbox } from '../../../sinks/outbox/outbox-contract.ts';
import { MemoryLog } from '../../support/memory-log.ts';
import { manualTimers } from './manual-timers.ts';
import { decideAction, outboxTestTopics, resultsIn, writeAction } from './sample-action.ts';
import { scriptedChannel } from './scripted-channel.ts';

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('decide' as const), n: fc.nat(11) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('withdraw' as const), n: fc.nat(11) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('announce' as const), n: fc.nat(11) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('turns' as const), n: fc.nat(12) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('pass' as const), n: fc.nat(4_000) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('crash' as const), n: fc.constant(0) }) },
);
const answer = fc.constantFrom<SendOutcome | 'pending'>(
  { kind: 'sent', httpStatus: 200 },
  { kind: 'sent', httpStatus: 200 },
  { kind: 'retry', httpStatus: 503 },
  { kind: 'unknown', error: 'reset' },
  'pending',
);

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
};
const textDecoder = new TextDecoder();

/** Durable is not yet read: reading takes its time. */
class SlowLog extends MemoryLog {
  override async read(topic: string, partition: number, fromOffset: number, maxBytes?: number) {
    const records = await super.read(topic, partition, fromOffset, maxBytes);
    await turns(fromOffset % 3);
    return records;
  }
}

describe.each([true, false])('outbox laws, receiver recognises repetitions: %s', (deduplicates) => {
  it('loses nothing, begins nothing withdrawn, keeps the order, whatever answers, crashes and decisions come', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 5, maxLength: 50 }),
        fc.array(answer, { minLength: 1, maxLength: 30 }),
        async (steps, answers) => {
          const log = new SlowLog({ topics: outboxTestTopics });
          log.delayAppends = (topic) =>
            topic === 'actions' || topic === 'dispatches' ? undefined : turns(1);
          const timers = manualTimers();
          const versions = new Map<string, number>();
          const withdrawn = new Set<string>();
          const running = new Map<string, string>();
          const effects = new Map<string, number>();
          const violations: string[] = [];
          let sends = 0;

          const latestState = (id: string): string | undefined =>
            log
              .all('actions')
              .map(({ value }) => actionSchema.parse(JSON.parse(textDecoder.decode(value))))
              .filter((version) => version.id === id)
              .sort((a, b) => b.version - a.version)[0]?.state;
          const channel = scriptedChannel(async ({ action: { id, exceptionId } }) => {
            // What a channel throws is an outcome to the outbox, so the law is judged at the end.
            if (latestState(id) !== 'due') violations.push(`${id} has begun and is not due`);
            if (running.has(exceptionId))
              violations.push(`${id} has begun beside ${running.get(exceptionId)}`);
            const given = answers[sends++ % answers.length]!;
            if (given === 'pending' || given.kind !== 'retry') effects.set(id, (effects.get(id) ?? 0) + 1);
            if (given === 'pending') return new Promise<never>(() => undefined);
            running.set(exceptionId, id);
            await turns(2);
            running.delete(exceptionId);
            return given;
          }, deduplicates);

          let outbox: Outbox;
          const begin = async (): Promise<void> => {
            running.clear();
            outbox = createOutbox({
              log,
              destinations: {
                crm: {
                  channel,
                  concurrency: 3,
                  ratePerSec: 1_000,
                  maxAttempts: 50,
                  timeoutMs: 500,
                  backoff: { baseMs: 100, maxMs: 1_000 },
                  breaker: { failures: 3, openMs: 2_000 },
                },
              },
              clock: { now: () => log.closedUntil },
              timers,
              random: () => 0.5,
              stateOf: (producer) => log.statesOf(producer).at(-1),
              onProblem: (error) => {
                throw error;
              },
            });
            await outbox.start();
          };
          const write = async (n: number, state: 'due' | 'cancelled'): Promise<void> => {
            const id = `action-${n}`;
            const version = (versions.get(id) ?? 0) + 1;
            versions.set(id, version);
            const shipment = n % 3;
            // Half of what is withdrawn the customer's step never sees.
            const tell = state === 'cancelled' && n % 2 === 0 ? decideAction : writeAction;
            await tell(log, {
              id,
              version,
              state,
              shipmentId: `shipment-${shipment}`,
              exceptionId: `exception-${shipment}`,
            });
          };

          await begin();
          for (const { do: what, n } of steps) {
            const id = `action-${n}`;
            if (what === 'decide' && !versions.has(id)) await write(n, 'due');
            else if (what === 'announce' && versions.has(id) && !withdrawn.has(id)) await write(n, 'due');
            else if (what === 'withdraw' && versions.has(id) && !withdrawn.has(id)) {
              withdrawn.add(id);
              await write(n, 'cancelled');
            } else if (what === 'turns') await turns(n);
            else if (what === 'pass') timers.advance(n);
            else if (what === 'crash') {
              await outbox!.stop();
              await begin();
            }
          }
          // From now on every answer is yes.
          answers.splice(0, answers.length, { kind: 'sent', httpStatus: 200 });
          for (let quiet = 0; quiet < 5; quiet = outbox!.stats().due === 0 ? quiet + 1 : 0) {
            timers.advance(500);
            await turns(4);
          }
          await outbox!.drain(1_000);

          expect(violations).toEqual([]);
          const results = resultsIn(log);
          const ids = results.map(({ actionId }) => actionId);
          expect(new Set(ids).size, 'at most one result each').toBe(ids.length);
          for (const id of versions.keys())
            if (!withdrawn.has(id)) expect(ids, `${id} has its result`).toContain(id);
          for (const { actionId, result } of results) {
            if (result === 'sent') expect(effects.get(actionId)).toBeGreaterThan(0);
            expect(deduplicates || (effects.get(actionId) ?? 0) <= 1, 'no doubled effect').toBe(true);
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});
