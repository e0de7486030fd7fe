import { ForewarnError } from '../../runtime/forewarn-error.ts';
import type { Appended, AppendOptions, Log, NewRecord } from '../../runtime/log/log.ts';
import { backoffMs } from './backoff.ts';
import type { Timers } from './timers.ts';
import { waitUnlessStopped } from './wait-unless-stopped.ts';

const backoff = { baseMs: 100, maxMs: 5_000 };

export interface Patience {
  readonly timers: Timers;
  readonly random: () => number;
  /** Aborts when there is no time left to wait. */
  readonly stopped: AbortSignal;
}

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
      await waitUnlessStopped(backoffMs(attempt, backoff, patience.random), patience);
    }
  }
};
