import { acknowledgement } from '../../../../domain/acknowledgement.ts';
import { actionResult, type ActionResult } from '../../../../domain/action.ts';
import { stableId } from '../../../../domain/stable-id.ts';
import type { Clock } from '../../../../runtime/clock.ts';
import { ForewarnError } from '../../../../runtime/forewarn-error.ts';
import type { Log, LogRecord } from '../../../../runtime/log/log.ts';
import { partitionNumbers } from '../../../../runtime/log/partition-numbers.ts';
import { appendSurely } from '../../append-surely.ts';
import { createFollower } from '../../follower.ts';
import { systemTimers, type Timers } from '../../timers.ts';
import { InterchangeRegister, interchangesTopic, readInterchange } from './interchange-register.ts';
import { decodeInterchangeState, encodeInterchangeState, interchangeProducer } from './interchange-state.ts';
import { OpenInterchanges, type OpenInterchange } from './open-interchanges.ts';

const acknowledgementsTopic = 'acknowledgements';
const resultsTopic = 'action-results';
/** An acknowledgement that is later than this is waited for no more. */
const GIVEN_UP_MS = 30 * 86_400_000;

export interface InterchangesOptions {
  readonly log: Log;
  /** Log time. */
  readonly clock: Clock;
  readonly timers?: Timers;
  readonly random: () => number;
  /** What was committed last. */
  readonly state: Uint8Array | undefined;
  readonly commitEveryMs?: number;
  readonly onProblem: (error: unknown) => void;
}

export interface InterchangeStats {
  readonly open: number;
  /** Of these, past the time by which the partner should have acknowledged. */
  readonly overdue: number;
  readonly confirmed: number;
  readonly rejected: number;
  /** Acknowledgements of numbers that nothing waits under. */
  readonly unknown: number;
  readonly givenUp: number;
}

export interface Interchanges {
  readonly register: InterchangeRegister;
  /** Resolves when every number that was given out is known; before the first is asked for. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Resolves when everything that is durable now has been reconciled. */
  caughtUp(): Promise<void>;
  stats(): InterchangeStats;
  /** Sent, and not acknowledged in time; the oldest first. */
  overdue(): readonly OpenInterchange[];
  /** The first offsets that a restart needs, by `topic/partition`; the log must keep them. */
  holds(): ReadonlyMap<string, number>;
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();
const parsed = (record: LogRecord): unknown => JSON.parse(decoder.decode(record.value));

/**
 * Control numbers, and what became of them. Follows `edi-interchanges`, `action-results` and `acknowledgements`, outside
 * of the tasks, and appends for each interchange one result of its action: `confirmed` when the partner accepted it, with
 * or without errors, `failed` when it rejected it. A verdict that comes before the dispatcher's own result waits for it,
 * so that `sent` never follows `failed`. Guarantee: at least once, under a document id that makes it once.
 */
export const createInterchanges = (options: InterchangesOptions): Interchanges => {
  const { log, clock, timers = systemTimers, random } = options;
  const state = decodeInterchangeState(options.state);
  const register = new InterchangeRegister(log, clock, state.last);
  const open = new OpenInterchanges(state.open);
  const positions = new Map(Object.entries(state.positions));
  let committed = new Map(positions);
  let { epoch } = state;
  const counts = { confirmed: 0, rejected: 0, unknown: 0, givenUp: 0 };
  const stopped = new AbortController();
  let unsubscribe: (() => void) | undefined;
  let cancelCommit: (() => void) | undefined;
  let committing: Promise<void> = Promise.resolve();

  const isBehind = (topic: string): boolean =>
    partitionNumbers(log, topic).some(
      (partition) => (positions.get(`${topic}/${partition}`) ?? 0) < log.end(topic, partition),
    );

  /** All that is durable of a topic now. */
  const follow = async (topic: string, take: (record: LogRecord) => void | Promise<void>): Promise<void> => {
    for (let partition = 0; partition < log.partitionsOf(topic); partition++) {
      const key = `${topic}/${partition}`;
      const end = log.end(topic, partition);
      for (let next = positions.get(key) ?? 0; next < end && !stopped.signal.aborted;) {
        const records = await log.read(topic, partition, next);
        if (records.length === 0) break;
        for (const record of records) {
          try {
            await take(record);
          } catch (cause) {
            if (cause instanceof ForewarnError) throw cause;
            const place = `topic "${topic}" partition ${partition} offset ${record.offset}`;
            options.onProblem(
              new ForewarnError('FW402', `${place} cannot be read; it is passed over`, { cause }),
            );
          }
          next = record.offset + 1;
          positions.set(key, next);
        }
      }
    }
  };

  const followed = (): ReadonlyMap<string, number> =>
    new Map(
      [interchangesTopic, resultsTopic, acknowledgementsTopic].flatMap((topic) =>
        partitionNumbers(log, topic).map((partition): [string, number] => {
          const key = `${topic}/${partition}`;
          return [key, positions.get(key) ?? 0];
        }),
      ),
    );

  const conclude = async (one: OpenInterchange): Promise<void> => {
    if (one.verdict === null) return;
    const { result, error } = one.verdict;
    const now = clock.now();
    const row: ActionResult = {
      id: stableId('result', one.actionId, result),
      at: now,
      heardAt: now,
      actionId: one.actionId,
      shipmentId: one.shipmentId,
      exceptionId: one.exceptionId,
      result,
      attempts: 0,
      httpStatus: null,
      error,
    };
    await appendSurely(
      log,
      resultsTopic,
      { key: one.shipmentId, value: encoder.encode(JSON.stringify(row)) },
      { documentId: `acknowledged:${one.actionId}:${result}` },
      { timers, random, stopped: stopped.signal },
    );
    open.close(one);
    counts[result === 'confirmed' ? 'confirmed' : 'rejected'] += 1;
  };

  const takeAcknowledgement = async (record: LogRecord): Promise<void> => {
    const row = acknowledgement.parse(parsed(record));
    const found = open.acknowledged(row);
    if (found === undefined) return;
    if (found !== 'unknown') {
      await conclude(found);
      return;
    }
    counts.unknown += 1;
    const who = `${row.sender.qualifier}:${row.sender.id}`;
    options.onProblem(
      new ForewarnError(
        'FW411',
        `acknowledgement of group ${row.groupControl} by ${who}: no 214 with this control number waits for one; ask the partner which interchange it means`,
      ),
    );
  };

  const catchUp = async (): Promise<void> => {
    const topics = [interchangesTopic, resultsTopic, acknowledgementsTopic];
    while (topics.some(isBehind) && !stopped.signal.aborted) {
      // What is acknowledged was sent before, so its number is found by then.
      const acknowledged = log.end(acknowledgementsTopic, 0);
      await follow(interchangesTopic, (record) => open.sent(readInterchange(record)));
      await follow(resultsTopic, async (record) => {
        const ended = open.ended(actionResult.parse(parsed(record)));
        if (ended !== undefined) await conclude(ended);
      });
      if (acknowledged > (positions.get(`${acknowledgementsTopic}/0`) ?? 0))
        await follow(acknowledgementsTopic, takeAcknowledgement);
    }
    for (const one of open.list) {
      if (clock.now() <= one.acknowledgeBy + GIVEN_UP_MS) break;
      open.close(one);
      counts.givenUp += 1;
    }
  };

  const follower = createFollower({
    catchUp,
    isStopped: () => stopped.signal.aborted,
    onFailure: (error) => {
      if (stopped.signal.aborted) return;
      // What cannot be written down cannot be gone on with; a restart takes it up again.
      options.onProblem(error);
      stopped.abort();
    },
  });

  const commit = async (): Promise<void> => {
    if ([...positions].every(([key, offset]) => committed.get(key) === offset)) return;
    const now = new Map(positions);
    epoch += 1;
    await log.commit({
      producer: interchangeProducer,
      epoch,
      frontier: log.closedUntil,
      writes: [],
      state: encodeInterchangeState({
        format: 1,
        epoch,
        positions: Object.fromEntries(now),
        last: register.last,
        open: open.list.map((one) => ({ ...one })),
      }),
      isWhole: true,
    });
    committed = now;
  };
  const commitEvery = (ms: number): void => {
    cancelCommit = timers.after(ms, () => {
      // Between two advances state and positions belong together.
      committing = follower
        .idle()
        .then(commit)
        .then(() => {
          if (!stopped.signal.aborted) commitEvery(ms);
        }, options.onProblem);
    });
  };

  const overdue = (): readonly OpenInterchange[] =>
    open.list.filter(({ acknowledgeBy, verdict }) => verdict === null && acknowledgeBy < clock.now());

  return {
    register,
    start: async () => {
      const at = `${interchangesTopic}/0`;
      await follow(interchangesTopic, (record) => {
        const interchange = readInterchange(record);
        register.recall(interchange);
        open.sent(interchange);
      });
      positions.set(at, log.end(interchangesTopic, 0));
      await log.follow?.(interchangeProducer, followed());
      unsubscribe = log.onAdvance(follower.wake);
      follower.wake();
      await follower.idle();
      commitEvery(options.commitEveryMs ?? 1_000);
    },
    stop: async () => {
      unsubscribe?.();
      cancelCommit?.();
      await follower.idle();
      await committing;
      await log.follow?.(interchangeProducer, new Map());
      if (!stopped.signal.aborted) await commit();
      stopped.abort();
    },
    caughtUp: async () => {
      follower.wake();
      await follower.idle();
    },
    stats: () => ({ open: open.list.length, overdue: overdue().length, ...counts }),
    overdue,
    holds: () => committed,
  };
};
