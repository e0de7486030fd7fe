import type { Clock } from '../../runtime/clock.ts';
import type { NewRecord } from '../../runtime/log/log.ts';
import type { ActionResult } from '../../domain/action.ts';
import { attemptRecord, type AttemptEntry, type AttemptOutcome } from './attempt-ledger.ts';
import { backoffMs } from './backoff.ts';
import type { SendOutcome } from './channel.ts';
import type { Destination } from './destination.ts';
import { outboxTopics, type DueAction, type DueActions } from './due-actions.ts';
import type { LaneJob, Turn } from './lane.ts';
import { sendOnce } from './send-once.ts';
import type { Timers } from './timers.ts';

/** What is told to the pipeline about an action; undefined when there is nothing to tell. */
export interface Finding {
  readonly result: ActionResult['result'];
  readonly httpStatus: number | null;
  readonly error: string | null;
}

/** What a delivery needs of the dispatcher that it belongs to. */
export interface DeliveryHost {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: () => number;
  /** No attempt begins any more. */
  readonly isEnding: () => boolean;
  /** Aborts when attempts that run shall be given up without a word, as in a crash. */
  readonly stopped: AbortSignal;
  append(topic: string, record: NewRecord): Promise<unknown>;
  settle(due: DueAction, finding: Finding | undefined): Promise<void>;
  /** Stops the dispatcher: what went wrong lies on our side. */
  fail(error: unknown): void;
}

const done: Turn = { health: 'unsaid' };

const healthOf = ({ kind, httpStatus }: SendOutcome): Turn['health'] => {
  if (kind === 'sent' || kind === 'refused') return 'works';
  // It answers, only not now.
  return httpStatus === 429 ? 'unsaid' : 'fails';
};

/** What can be said of an action that ends without an answer of its own: it may have arrived after all. */
export const endedUnanswered = (
  { history }: DueAction,
  result: 'failed' | 'expired',
  error: string,
): Finding => ({
  result: history.maybeReceived || history.isOpen ? 'uncertain' : result,
  httpStatus: history.last.httpStatus,
  error: history.last.error === null ? error : `${error}; last: ${history.last.error}`,
});

/** One action on its way out: a job of its destination's lane, one turn for each attempt. */
export const delivery = (
  due: DueAction,
  destination: Destination,
  partition: DueActions,
  host: DeliveryHost,
): LaneJob => {
  const { history } = due;

  const end = async (finding: Finding | undefined, health: Turn['health'] = 'unsaid'): Promise<Turn> => {
    // It has become due once more since.
    if (finding === undefined && !due.isWithdrawn) return { health, againAfterMs: 0 };
    await host.settle(due, finding);
    return { health };
  };

  const lost = (error: string): Promise<Turn> =>
    end({ result: 'uncertain', httpStatus: history.last.httpStatus, error });

  /** How it ends before the next attempt, or undefined when it may begin by all that is durable now. */
  const obstacle = async (): Promise<(() => Promise<Turn>) | undefined> => {
    while (partition.isBehind && !host.isEnding()) await partition.readMore();
    if (host.isEnding()) return () => Promise.resolve({ health: 'unsaid', againAfterMs: 0 });
    if (due.isWithdrawn)
      return () =>
        history.maybeReceived || history.isOpen
          ? lost('withdrawn after an attempt whose answer was lost')
          : end(undefined);
    if (due.expiresAt !== null && host.clock.now() > due.expiresAt)
      return () => end(endedUnanswered(due, 'expired', 'came too late to help'));
    return undefined;
  };

  const write = (entry: Pick<AttemptEntry, 'phase' | 'outcome' | 'httpStatus' | 'error' | 'durationMs'>) =>
    host.append(
      outboxTopics.attempts,
      attemptRecord({
        at: host.clock.now(),
        actionId: due.id,
        shipmentId: due.shipmentId,
        exceptionId: due.exceptionId,
        destination: destination.name,
        attempt: history.attempts,
        ...entry,
      }),
    );

  const writeAnswer = async (outcome: AttemptOutcome, answer: Partial<SendOutcome>, durationMs: number) => {
    const { httpStatus = null, error = null } = answer;
    await write({ phase: 'answered', outcome, httpStatus, error, durationMs });
    history.isOpen = false;
    history.maybeReceived ||= outcome === 'unknown';
    history.last = { outcome, httpStatus, error };
  };

  /** What a former process left: an answer that it did not tell any more, or an attempt without an answer. */
  const remains = (): (() => Promise<Turn>) | undefined => {
    const { outcome, httpStatus, error } = history.last;
    if (!history.isOpen && outcome === 'sent') return () => end({ result: 'sent', httpStatus, error: null });
    if (!history.isOpen && outcome === 'refused') return () => end({ result: 'failed', httpStatus, error });
    const isLost = history.isOpen || history.maybeReceived;
    if (isLost && !destination.channel.deduplicates && !destination.repeatWhenLost)
      return () => lost('an attempt has begun, and its answer is not known');
    if (history.isOpen) history.maybeReceived = true;
    if (history.attempts >= destination.maxAttempts)
      return () => end(endedUnanswered(due, 'failed', `gave up after ${history.attempts} attempts`));
    return undefined;
  };

  const conclude = async (outcome: SendOutcome): Promise<Turn> => {
    const { kind, httpStatus = null, error = null } = outcome;
    const health = healthOf(outcome);
    if (kind === 'sent') return end({ result: 'sent', httpStatus, error: null }, health);
    if (kind === 'refused') return end({ result: 'failed', httpStatus, error }, health);
    if (kind === 'unknown' && !destination.channel.deduplicates && !destination.repeatWhenLost)
      return end({ result: 'uncertain', httpStatus, error }, health);
    if (history.attempts >= destination.maxAttempts) {
      const finding = endedUnanswered(due, 'failed', `gave up after ${history.attempts} attempts`);
      return end(finding, health);
    }
    const asked =
      outcome.retryAfterMs === undefined
        ? undefined
        : Math.min(outcome.retryAfterMs, destination.maxRetryAfterMs);
    const jittered = backoffMs(history.attempts, destination.backoff, host.random);
    return {
      health,
      againAfterMs: Math.max(jittered, asked ?? 0),
      ...(asked === undefined ? {} : { pauseMs: asked }),
    };
  };

  const turn = async (): Promise<Turn> => {
    const before = (await obstacle()) ?? remains();
    if (before !== undefined) return before();
    const content = await partition.contentOf(due);
    if (content === undefined) return end(endedUnanswered(due, 'failed', 'the log has lost its content'));
    history.attempts += 1;
    await write({ phase: 'begun', outcome: null, httpStatus: null, error: null, durationMs: null });
    // The disk took its time: what was withdrawn meanwhile is not begun. After the loop nothing waits until `send`.
    let after = await obstacle();
    while (after === undefined && (partition.isBehind || due.isWithdrawn || host.isEnding()))
      after = await obstacle();
    if (after !== undefined) {
      await writeAnswer('withdrawn', {}, 0);
      return after();
    }
    history.isOpen = true;
    destination.counts.attempts += 1;
    const { outcome, durationMs } = await sendOnce(
      destination.channel,
      content,
      { attempt: history.attempts, mayHaveIt: history.maybeReceived },
      destination.timeoutMs,
      host.timers,
      host.stopped,
    );
    if (host.stopped.aborted) return done;
    await writeAnswer(outcome.kind, outcome, durationMs);
    return conclude(outcome);
  };

  return {
    order: due.exceptionId,
    turn: () =>
      turn().catch((error: unknown): Turn => {
        host.fail(error);
        return { health: 'unsaid', againAfterMs: 0 };
      }),
  };
};
