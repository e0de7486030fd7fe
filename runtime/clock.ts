import type { Timers } from './step.ts';

/** Time as everything of ours sees it: milliseconds since 1970-01-01 UTC. Injected, never read in passing. */
export interface Clock {
  now(): number;
}

export const wallClock: Clock = { now: () => Date.now() };

export const wallTimers: Timers = {
  after: (ms, act) => {
    const timer = setTimeout(act, ms);
    return () => clearTimeout(timer);
  },
};

export interface WorldSpeed {
  /** Until then time runs `warmSpeedUp` times as fast as the base, afterwards `speedUp` times. */
  readonly warmUntil: number;
  readonly warmSpeedUp: number;
  readonly speedUp: number;
}

/**
 * The clock of a simulated world, from `startAt` on: fast while the world fills, then slow enough to watch. It waits
 * where `limit` says, so that on a slow machine the world slows down and its documents do not all come late.
 * startAt 0 h, warmUntil 48 h, 3,600 and 120: after 48 s of `base` it says 48 h, after 78 s 49 h.
 */
export const worldClock = (base: Clock, startAt: number, speed: WorldSpeed, limit: () => number): Clock => {
  let time = startAt;
  let before = base.now();
  return {
    now: () => {
      const now = base.now();
      const warm = Math.min(now - before, Math.max(0, speed.warmUntil - time) / speed.warmSpeedUp);
      const moved = time + warm * speed.warmSpeedUp + (now - before - warm) * speed.speedUp;
      time = Math.max(time, Math.min(moved, limit()));
      before = now;
      return time;
    },
  };
};

/** A clock that stands still until it is set; it never goes back. For recorded input and for tests. */
export interface ManualClock extends Clock {
  set(t: number): void;
}

export const manualClock = (startAt = 0): ManualClock => {
  let time = startAt;
  return {
    now: () => time,
    set: (t) => {
      time = Math.max(time, t);
    },
  };
};
