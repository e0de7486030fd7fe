import { ForewarnError } from '../../runtime/forewarn-error.ts';
import type { Appended, AppendOptions, Log, NewRecord } from '../../runtime/log/log.ts';
import { backoffMs } from './backoff.ts';
import type { Timers } from './timers.ts';

const backoff = { baseMs: 100, maxMs: 5_000 };

export interface Patience {
  readonly timers: Timers;
  readonly random: () => number;
  /** Aborts when there is no time left to wait. */
  readonly stopped: AbortSignal;
}

const wait = (ms: number, { timers, stopped }: Patience): Promise<void> =>
  new Promise((resolve) => {
    const cancel = timers.after(ms, () => {
      stopped.removeEventListener('abort', giveUp);
      resolve();
    });
    const giveUp = (): void => {
      cancel();
      resolve();
    };
    stopped.addEventListener('abort', giveUp, { once: true });
  });

/** Appends, and again while the line is full: what was found out must not be lost. Rejects when it never can. */
export const appendSurely = async (
  log: Log,
  topic: string,
  record: NewRecord,
  options: AppendOptions,
  patience: Patience,
): Promise<Appended> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await log.append(topic, record, options);
    } catch (error) {
      if (!(error instanceof ForewarnError) || error.code !== 'FW310' || patience.stopped.aborted)
        throw error;
      await wait(backoffMs(attempt, backoff, patience.random), patience);
    }
  }
};
