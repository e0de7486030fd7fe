import { setMaxListeners } from 'node:events';
import { type ActionResult, NEVER_LEFT } from '../../domain/action.ts';
import { stableId } from '../../domain/stable-id.ts';
import { ForewarnError } from '../../runtime/forewarn-error.ts';
import type { Appended, AppendOptions, NewRecord } from '../../runtime/log/log.ts';
import { appendSurely } from './append-surely.ts';
import type { CoveredRef } from './attempt-ledger.ts';
import { deadAction } from './dead-action.ts';
import { delivery, type DeliveryHost } from './delivery.ts';
import { createDestination, type Destination } from './destination.ts';
import type { DueAction } from './due-actions.ts';
import { endedUnanswered, endedWithdrawn, type Finding, findingsOf } from './findings.ts';
import { createInbox, type Inbox } from './inbox.ts';
import type { LaneJob } from './lane.ts';
import type { Outbox, OutboxOptions } from './outbox-contract.ts';
import { decodePosition, type OutboxPosition } from './outbox-position.ts';
import { DEAD_LETTERS, outboxTopics } from './outbox-topics.ts';
import { keepPositions, producerOf, type PositionKeeper } from './position-keeper.ts';
import { createFollower } from './follower.ts';
import { systemTimers } from './timers.ts';

interface Job {
  readonly destination: Destination;
  readonly job: LaneJob;
}

const encoder = new TextEncoder();

/** As what the log knows the dispatcher, and what it goes on reading: of all partitions, wherever their tasks are. */
const FOLLOWER = 'outbox';
const followedFrom = (position: OutboxPosition, partition: number): readonly [string, number][] => [
  [`${outboxTopics.actions}/${partition}`, position.actions],
  [`${outboxTopics.dispatches}/${partition}`, position.dispatches],
];

/**
 * Executes what was decided: reads `dispatches`, sends every one that is due to its destination, and writes
 * `action-attempts` and `action-results`. Guarantee: no action is lost, and none is begun after its withdrawal is
 * durable in `actions`, which it reads beside them; a digest speaks only for those that are still due, and each has its
 * own result. One is repeated only after an attempt without a known answer, always under the same idempotency key, and
 * where the channel cannot recognise that it becomes `uncertain` instead. An action with a result is never executed
 * again. Within a destination the actions of one exception go one after the other. What used up its attempts is a dead
 * letter too.
 */
export const createOutbox = (options: OutboxOptions): Outbox => {
  const { log, clock, random, timers = systemTimers } = options;
  const destinations = new Map(
    Object.entries(options.destinations).map(([name, destination]) => [
      name,
      createDestination(name, destination, timers),
    ]),
  );
  let inbox: Inbox | undefined;
  const jobs = new Map<DueAction, Job>();
  /** Their result is on its way to the log. */
  const settling = new Set<DueAction>();
  /** On their way to the log: they may land even after `stop`. */
  const appending = new Set<Promise<Appended>>();
  const stopped = new AbortController();
  // Every attempt that runs listens, and there may be as many as all destinations allow.
  setMaxListeners(0, stopped.signal);
  let earliestExpiry = Infinity;
  let isEnding = false;
  let unsubscribe: (() => void) | undefined;
  let positions: PositionKeeper | undefined;

  const problem = (error: unknown): void => options.onProblem?.(error);

  /** What cannot be written down cannot be gone on with; a restart takes it up again. */
  const fail = (error: unknown): void => {
    if (stopped.signal.aborted) return;
    problem(error);
    void stop();
    options.onFailure?.(error);
  };

  const append = async (
    topic: string,
    record: NewRecord,
    appendOptions: AppendOptions,
  ): Promise<Appended> => {
    if (stopped.signal.aborted) throw new ForewarnError('FW705', 'the outbox is stopped');
    const appended = appendSurely(log, topic, record, appendOptions, {
      timers,
      random,
      stopped: stopped.signal,
    });
    appending.add(appended);
    try {
      return await appended;
    } catch (error) {
      fail(error);
      throw error;
    } finally {
      appending.delete(appended);
    }
  };

  /** Tells what became of an action; told again, it is recognised. */
  const tellResult = async (about: CoveredRef, due: DueAction, finding: Finding): Promise<number> => {
    const { result, httpStatus, error } = finding;
    const row: ActionResult = {
      id: stableId('result', about.actionId, result),
      at: clock.now(),
      heardAt: clock.now(),
      ...about,
      result,
      attempts: due.history.attempts,
      httpStatus,
      error,
    };
    const record = { key: about.shipmentId, value: encoder.encode(JSON.stringify(row)) };
    const documentId = `result:${about.actionId}:${result}`;
    const { offset } = await append(outboxTopics.results, record, { documentId });
    options.onResult?.(row, due.destination);
    return offset;
  };

  const settle = async (due: DueAction, finding: Finding | undefined): Promise<void> => {
    const destination = jobs.get(due)?.destination;
    jobs.delete(due);
    settling.add(due);
    try {
      await tell(due, finding, destination);
    } finally {
      settling.delete(due);
    }
  };

  const tell = async (
    due: DueAction,
    finding: Finding | undefined,
    destination: Destination | undefined,
  ): Promise<void> => {
    const box = inbox!;
    if (finding === undefined) return box.settle(due, undefined);
    // Its own result comes last: after a crash between them it is still due, and all are told again.
    if (due.covers.length > 0)
      await Promise.all(
        findingsOf(due, finding, box.coversOf(due)).map(async ([covered, found]) =>
          box.settleCovered(covered, await tellResult(covered, due, found)),
        ),
      );
    const { id: actionId, shipmentId, exceptionId } = due;
    box.settle(due, await tellResult({ actionId, shipmentId, exceptionId }, due, finding));
    if (destination !== undefined && finding.result !== 'confirmed') destination.counts[finding.result] += 1;
  };

  const bury = async (due: DueAction, finding: Finding): Promise<void> => {
    const letter = deadAction(due, await inbox!.contentOf(due), finding, clock.now());
    const record = { key: letter.feed, value: encoder.encode(JSON.stringify(letter)) };
    const { duplicate } = await append(DEAD_LETTERS, record, { documentId: letter.id });
    if (!duplicate) options.onDeadLetter?.(letter);
  };

  const host: DeliveryHost = {
    clock,
    timers,
    random,
    isEnding: () => isEnding,
    stopped: stopped.signal,
    append: (topic, record) => append(topic, record, {}),
    settle,
    bury,
    fail,
  };

  /** Settles aside of a lane's turn; a failure to write has been reported by then. */
  const settleNow = (due: DueAction, finding: Finding | undefined): void => {
    settle(due, finding).catch(() => undefined);
  };

  /** The customer's step withholds it, said only of what is still due; or held it until it was called off. */
  const suppress = async (
    due: DueAction,
    because: NonNullable<DueAction['silentBecause']>,
  ): Promise<void> => {
    const box = inbox!;
    while (box.isBehind(due) && !isEnding) await box.readMore(due);
    if (isEnding) return;
    const finding: Finding = { result: 'suppressed', httpStatus: null, error: because };
    await settle(due, because !== NEVER_LEFT && box.isWithdrawn(due) ? undefined : finding);
  };

  const onDue = (due: DueAction): void => {
    if (settling.has(due)) return;
    if (due.silentBecause !== null) {
      // A failure to read or write is reported where it is met.
      suppress(due, due.silentBecause).catch(fail);
      return;
    }
    earliestExpiry = Math.min(earliestExpiry, due.expiresAt ?? Infinity);
    if (jobs.has(due)) return;
    const destination = due.destination === null ? undefined : destinations.get(due.destination);
    if (destination === undefined) {
      const error =
        due.destination === null
          ? 'it names no destination'
          : `destination "${due.destination}" is not configured`;
      settleNow(due, { result: 'failed', httpStatus: null, error });
      return;
    }
    const job = delivery(due, destination, inbox!, host);
    jobs.set(due, { destination, job });
    destination.lane.add(job);
  };

  const onWithdrawn = (due: DueAction): void => {
    const known = jobs.get(due);
    if (known === undefined || !known.destination.lane.remove(known.job)) return;
    settleNow(due, endedWithdrawn(due));
  };

  /** What waits longer than it may; what has its turn just now looks for itself. */
  const expire = (): void => {
    const now = clock.now();
    if (now <= earliestExpiry) return;
    earliestExpiry = Infinity;
    for (const [due, { destination, job }] of jobs) {
      const expiresAt = due.expiresAt ?? Infinity;
      if (now > expiresAt && destination.lane.remove(job))
        settleNow(due, endedUnanswered(due, 'expired', 'came too late to help'));
      else earliestExpiry = Math.min(earliestExpiry, expiresAt);
    }
  };

  const catchUp = async (): Promise<void> => {
    const { partitions } = inbox!;
    while (partitions.some(({ isBehind }) => isBehind) && !isEnding)
      await Promise.all(partitions.map((partition) => partition.readMore()));
    if (!isEnding) expire();
  };

  const follower = createFollower({ catchUp, isStopped: () => isEnding, onFailure: fail });

  const stop = async (): Promise<void> => {
    isEnding = true;
    unsubscribe?.();
    stopped.abort();
    for (const { lane, channel } of destinations.values()) {
      void lane.halt();
      channel.close?.();
    }
    await Promise.allSettled([...appending, positions?.stop(), log.follow?.(FOLLOWER, new Map())]);
  };

  return {
    start: async () => {
      const count = log.partitionsOf(outboxTopics.actions);
      for (const topic of Object.values(outboxTopics)) {
        if (log.partitionsOf(topic) === count) continue;
        throw new ForewarnError(
          'FW204',
          `topic "${topic}" has ${log.partitionsOf(topic)} partitions and "actions" ${count}; make them equal`,
        );
      }
      const began = Array.from({ length: count }, (_, partition) =>
        decodePosition(options.stateOf(producerOf(partition)), producerOf(partition)),
      );
      inbox = createInbox({ log, from: began, onDue, onWithdrawn, onProblem: problem });
      const { partitions } = inbox;
      // What was found out it writes itself: that it reads only here.
      await log.follow?.(FOLLOWER, new Map(began.flatMap(followedFrom)));
      positions = keepPositions(log, partitions, began, timers);
      for (const partition of partitions) await partition.recall();
      unsubscribe = log.onAdvance(follower.wake);
      await catchUp();
      if (!isEnding) positions.every(options.commitEveryMs ?? 1_000, fail);
    },
    drain: async (timeoutMs) => {
      isEnding = true;
      unsubscribe?.();
      await positions?.stop();
      const cancelTimeout = timers.after(timeoutMs, () => stopped.abort());
      await Promise.all([...destinations.values()].map(({ lane }) => lane.halt()));
      cancelTimeout();
      if (!stopped.signal.aborted) await follower.idle();
      await positions?.commit();
      await stop();
    },
    stop,
    stats: () => ({
      settling: settling.size,
      due: (inbox?.partitions ?? []).reduce((sum, { size }) => sum + size, 0),
      unread: (inbox?.partitions ?? []).reduce((sum, { unread }) => sum + unread, 0),
      destinations: Object.fromEntries(
        [...destinations].map(([name, { lane, circuit, counts }]) => [
          name,
          {
            waiting: lane.waiting,
            running: lane.running,
            circuit: circuit.state(timers.now()),
            ...counts,
          },
        ]),
      ),
    }),
    holds: () =>
      new Map(
        (positions?.committed ?? []).flatMap((position, partition) =>
          (['actions', 'dispatches', 'results', 'attempts'] as const).map((part): [string, number] => [
            `${outboxTopics[part]}/${partition}`,
            position[part],
          ]),
        ),
      ),
  };
};
