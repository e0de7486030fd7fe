import type { Clock } from '../../runtime/clock.ts';
import type { NewRecord } from '../../runtime/log/log.ts';
import { coveringOnly } from '../../domain/courtesy/digest.ts';
import { attemptRecord, type AttemptEntry, type AttemptOutcome, loseAnswer } from './attempt-ledger.ts';
import { backoffMs } from './backoff.ts';
import type { SendOutcome } from './channel.ts';
import type { Destination } from './destination.ts';
import type { DueAction } from './due-actions.ts';
import { answeredBefore, endedUnanswered, endedWithdrawn, type Finding } from './findings.ts';
import type { Inbox } from './inbox.ts';
import type { LaneJob, Turn } from './lane.ts';
import { outboxTopics } from './outbox-topics.ts';
import { sendOnce } from './send-once.ts';
import type { Timers } from './timers.ts';

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
  /** Writes a dead letter: all attempts are used up. */
  bury(due: DueAction, finding: Finding): Promise<void>;
  /** Stops the dispatcher: what went wrong lies on our side. */
  fail(error: unknown): void;
}

const done: Turn = { health: 'unsaid' };
const later: Turn = { health: 'unsaid', againAfterMs: 0 };

const healthOf = ({ kind, httpStatus }: SendOutcome): Turn['health'] => {
  if (kind === 'sent' || kind === 'refused') return 'works';
  // It answers, only not now.
  return httpStatus === 429 ? 'unsaid' : 'fails';
};

/** One action on its way out: a job of its destination's lane, one turn for each attempt. */
export const delivery = (
  due: DueAction,
  destination: Destination,
  inbox: Inbox,
  host: DeliveryHost,
): LaneJob => {
  const { history } = due;
  const named = {
    actionId: due.id,
    shipmentId: due.shipmentId,
    exceptionId: due.exceptionId,
    destination: destination.name,
  };

  const end = async (finding: Finding | undefined, health: Turn['health'] = 'unsaid'): Promise<Turn> => {
    // It has become due once more since.
    if (finding === undefined && !inbox.isWithdrawn(due)) return { health, againAfterMs: 0 };
    await host.settle(due, finding);
    return { health };
  };

  const lost = (error: string): Promise<Turn> =>
    end({ result: 'uncertain', httpStatus: history.last.httpStatus, error });

  /** How it ends before the next attempt, or undefined when it may begin by all that is durable now. */
  const obstacle = async (): Promise<(() => Promise<Turn>) | undefined> => {
    while (inbox.isBehind(due) && !host.isEnding()) await inbox.readMore(due);
    if (host.isEnding()) return () => Promise.resolve(later);
    if (inbox.isWithdrawn(due)) return () => end(endedWithdrawn(due));
    if (due.expiresAt !== null && host.clock.now() > due.expiresAt)
      return () => end(endedUnanswered(due, 'expired', 'came too late to help'));
    return undefined;
  };

  const giveUp = async (health: Turn['health'] = 'unsaid'): Promise<Turn> => {
    const finding = endedUnanswered(due, 'failed', `gave up after ${history.attempts} attempts`);
    await host.bury(due, finding);
    return end(finding, health);
  };

  const write = (entry: Omit<AttemptEntry, 'id' | keyof typeof named | 'at' | 'attempt'>) =>
    host.append(
      outboxTopics.attempts,
      attemptRecord({
        at: host.clock.now(),
        ...named,
        attempt: history.attempts,
        ...entry,
      }),
    );

  const writeAnswer = async (outcome: AttemptOutcome, answer: Partial<SendOutcome>, durationMs: number) => {
    const { httpStatus = null, error = null } = answer;
    const reached = [...(answer.reached ?? [])];
    const covers = [...history.covers];
    await write({ phase: 'answered', outcome, httpStatus, error, durationMs, covers, reached });
    history.isOpen = false;
    if (outcome === 'unknown') loseAnswer(history);
    history.reached = [...new Set([...history.reached, ...reached])];
    history.last = { outcome, httpStatus, error };
  };

  /** What a former process left without an answer. */
  const remains = (): (() => Promise<Turn>) | undefined => {
    const isLost = history.isOpen || history.maybeReceived;
    if (isLost && !destination.channel.deduplicates && !destination.repeatWhenLost)
      return () => lost('an attempt has begun, and its answer is not known');
    if (history.isOpen) loseAnswer(history);
    return history.attempts >= destination.maxAttempts ? () => giveUp() : undefined;
  };

  const conclude = async (outcome: SendOutcome): Promise<Turn> => {
    const { kind, httpStatus = null, error = null } = outcome;
    const health = healthOf(outcome);
    if (kind === 'sent') return end({ result: 'sent', httpStatus, error: null }, health);
    if (kind === 'refused') return end({ result: 'failed', httpStatus, error }, health);
    if (kind === 'unknown' && !destination.channel.deduplicates && !destination.repeatWhenLost)
      return end({ result: 'uncertain', httpStatus, error }, health);
    if (history.attempts >= destination.maxAttempts) return giveUp(health);
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
    if (host.isEnding()) return later;
    const answered = answeredBefore(due);
    if (answered !== undefined) return end(answered);
    const before = (await obstacle()) ?? remains();
    if (before !== undefined) return before();
    const content = await inbox.contentOf(due);
    if (content === undefined) return end(endedUnanswered(due, 'failed', 'the log has lost its content'));
    history.attempts += 1;
    const covers = [...inbox.coversOf(due)];
    await write({
      phase: 'begun',
      outcome: null,
      httpStatus: null,
      error: null,
      durationMs: null,
      covers,
      reached: [],
    });
    // The disk took its time: what was withdrawn meanwhile is not begun. After the loop nothing waits until `send`.
    let after = await obstacle();
    while (after === undefined && (inbox.isBehind(due) || inbox.isWithdrawn(due) || host.isEnding()))
      after = await obstacle();
    if (after !== undefined) {
      history.covers = [];
      await writeAnswer('withdrawn', {}, 0);
      return after();
    }
    history.isOpen = true;
    history.covers = inbox.coversOf(due);
    const spokenFor = new Set(history.covers.map(({ actionId }) => actionId));
    destination.counts.attempts += 1;
    const { outcome, durationMs } = await sendOnce(
      destination.channel,
      due.covers.length === 0 ? content : coveringOnly(content, (id) => spokenFor.has(id)),
      { attempt: history.attempts, reached: history.reached },
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
