import type { Timers } from '../../../sinks/outbox/timers.ts';

export interface ManualTimers extends Timers {
  /** Lets that much time pass; what falls due is called in its order. */
  advance(ms: number): void;
  /** Goes to the next call that waits; false when none does. */
  advanceToNext(): boolean;
  readonly pending: number;
}

export const manualTimers = (): ManualTimers => {
  const calls = new Set<{ at: number; call: () => void }>();
  let now = 0;
  const next = () => [...calls].sort((a, b) => a.at - b.at)[0];
  const advance = (ms: number): void => {
    const until = now + ms;
    for (let due = next(); due !== undefined && due.at <= until; due = next()) {
      calls.delete(due);
      now = due.at;
      due.call();
    }
    now = until;
  };
  return {
    now: () => now,
    after: (ms, call) => {
      const entry = { at: now + ms, call };
      calls.add(entry);
      return () => calls.delete(entry);
    },
    advance,
    advanceToNext: () => {
      const due = next();
      if (due !== undefined) advance(due.at - now);
      return due !== undefined;
    },
    get pending() {
      return calls.size;
    },
  };
};
