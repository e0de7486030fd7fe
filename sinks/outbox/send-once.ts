import type { Dispatch } from '../../domain/dispatch.ts';
import type { Channel, SendContext, SendOutcome } from './channel.ts';
import type { Timers } from './timers.ts';

export interface Sent {
  readonly outcome: SendOutcome;
  readonly durationMs: number;
}

/**
 * One attempt with an end: after `timeoutMs`, or when `stopped` aborts, its outcome is `unknown`, whether the channel
 * heeds its signal or not.
 */
export const sendOnce = async (
  channel: Channel,
  action: Dispatch,
  about: Omit<SendContext, 'signal'>,
  timeoutMs: number,
  timers: Timers,
  stopped: AbortSignal,
): Promise<Sent> => {
  const begunMs = timers.now();
  const ending = new AbortController();
  const abort = (): void => ending.abort();
  const cancelTimeout = timers.after(timeoutMs, abort);
  stopped.addEventListener('abort', abort, { once: true });
  const lost = new Promise<SendOutcome>((resolve) => {
    ending.signal.addEventListener('abort', () => {
      const error = stopped.aborted ? 'stopped before the answer came' : `no answer within ${timeoutMs} ms`;
      // One turn later, so that a channel that knows more about its end can say so.
      setImmediate(resolve, { kind: 'unknown', error });
    });
  });
  try {
    const sending = channel
      .send(action, { ...about, signal: ending.signal })
      .catch((cause: unknown): SendOutcome => ({ kind: 'unknown', error: String(cause) }));
    const outcome = await Promise.race([sending, lost]);
    return { outcome, durationMs: timers.now() - begunMs };
  } finally {
    cancelTimeout();
    stopped.removeEventListener('abort', abort);
  }
};
