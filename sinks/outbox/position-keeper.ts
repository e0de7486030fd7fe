import type { Log } from '../../runtime/log/log.ts';
import type { DueActions } from './due-actions.ts';
import { encodePosition, type OutboxPosition } from './outbox-position.ts';
import type { Timers } from './timers.ts';

/** Commits to the log how far the partitions have come, so that a restart need not read everything again. */
export interface PositionKeeper {
  /** As last committed, by partition. */
  readonly committed: readonly OutboxPosition[];
  commit(): Promise<void>;
  /** Commits at most this often until `stop`. */
  every(ms: number, onError: (error: unknown) => void): void;
  /** Resolves when the last commit that it began is over. */
  stop(): Promise<void>;
}

/** Attempts alone move nothing: they go on with what is due. */
const parts = ['actions', 'dispatches', 'results'] as const;

export const producerOf = (partition: number): string => `outbox/${partition}`;

/** A position may be older than the truth, never ahead of it: whatever it leaves out is found in the log again. */
export const keepPositions = (
  log: Log,
  partitions: readonly DueActions[],
  from: readonly OutboxPosition[],
  timers: Timers,
): PositionKeeper => {
  const committed = [...from];
  let cancel: (() => void) | undefined;
  let isStopped = false;

  let committing = Promise.resolve();

  const commitAll = async (): Promise<void> => {
    for (const [at, partition] of partitions.entries()) {
      const last = committed[at];
      const offsets = partition.position();
      if (last === undefined || parts.every((part) => offsets[part] === last[part])) continue;
      const position: OutboxPosition = { ...last, ...offsets, epoch: last.epoch + 1 };
      await log.commit({
        producer: producerOf(at),
        epoch: position.epoch,
        frontier: log.closedUntil,
        writes: [],
        state: encodePosition(position),
        isWhole: true,
      });
      committed[at] = position;
    }
  };
  /** One after the other: each epoch is made of the one before. */
  const commit = (): Promise<void> => {
    const next = committing.then(commitAll);
    committing = next.catch(() => undefined);
    return next;
  };

  const every = (ms: number, onError: (error: unknown) => void): void => {
    cancel = timers.after(ms, () => {
      commit().then(() => {
        if (!isStopped) every(ms, onError);
      }, onError);
    });
  };

  return {
    committed,
    commit,
    every,
    stop: () => {
      isStopped = true;
      cancel?.();
      return committing;
    },
  };
};
