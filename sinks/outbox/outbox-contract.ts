import type { ActionResult } from '../../domain/action.ts';
import type { DeadLetter } from '../../domain/dead-letter.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Log } from '../../runtime/log/log.ts';
import type { CircuitState } from './circuit-breaker.ts';
import type { DestinationOptions } from './destination.ts';
import type { Timers } from './timers.ts';

export interface OutboxOptions {
  readonly log: Log;
  readonly destinations: Readonly<Record<string, DestinationOptions>>;
  /** Log time; by it actions expire. */
  readonly clock: Clock;
  /** Wall time; by it one waits for receivers. */
  readonly timers?: Timers;
  readonly random: () => number;
  /** The last state that `producer` (`outbox/<partition>`) committed to the log. */
  readonly stateOf: (producer: string) => Uint8Array | undefined;
  /** At most this often is the position committed. */
  readonly commitEveryMs?: number;
  readonly onResult?: (result: ActionResult, destination: string | null) => void;
  /** An action has used up its attempts; its letter is durable. */
  readonly onDeadLetter?: (letter: DeadLetter) => void;
  /** Records that cannot be read, and the failure that stopped it. */
  readonly onProblem?: (error: unknown) => void;
  /** It has stopped by itself, and sends nothing more until it is begun anew. */
  readonly onFailure?: (error: unknown) => void;
}

export interface DestinationStats {
  readonly waiting: number;
  readonly running: number;
  readonly circuit: CircuitState;
  readonly attempts: number;
  readonly sent: number;
  readonly failed: number;
  readonly uncertain: number;
  readonly expired: number;
  readonly suppressed: number;
}

export interface OutboxStats {
  readonly due: number;
  /** Results that are on their way to the log. */
  readonly settling: number;
  /** Durable versions of actions and dispatches that it has not read: some may be due. */
  readonly unread: number;
  readonly destinations: Readonly<Record<string, DestinationStats>>;
}

export interface Outbox {
  /** Resolves when all that was due before has been taken up again. */
  start(): Promise<void>;
  /** Begins nothing any more, gives what runs `timeoutMs` for its answer, and commits the position. */
  drain(timeoutMs: number): Promise<void>;
  /**
   * Ends at once, as a crash would: what runs is given up without a word. Resolves when what was on its way to the
   * log has landed; another one may start then.
   */
  stop(): Promise<void>;
  stats(): OutboxStats;
  /** The first offsets that a restart needs, by `topic/partition`; the log must keep them. */
  holds(): ReadonlyMap<string, number>;
}
