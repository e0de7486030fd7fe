import type { Timers } from './timers.ts';

/** Resolves after so long, or at once when there is no time left to wait. */
export const waitUnlessStopped = (
  ms: number,
  { timers, stopped }: { readonly timers: Timers; readonly stopped: AbortSignal },
): Promise<void> =>
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
