/** Time as everything of ours sees it: milliseconds since 1970-01-01 UTC. Injected, never read in passing. */
export interface Clock {
  now(): number;
}

export const wallClock: Clock = { now: () => Date.now() };

export interface WorldSpeed {
  /** Until then time runs `warmSpeedUp` times as fast as the base, afterwards `speedUp` times. */
  readonly warmUntil: number;
  readonly warmSpeedUp: number;
  readonly speedUp: number;
}

/**
 * The clock of a simulated world, from `startAt` on: fast while the world fills, then slow enough to watch.
 * startAt 0 h, warmUntil 48 h, 3,600 and 120: after 48 s of `base` it says 48 h, after 78 s 49 h.
 */
export const worldClock = (
  base: Clock,
  startAt: number,
  { warmUntil, warmSpeedUp, speedUp }: WorldSpeed,
): Clock => {
  const begun = base.now();
  const warmFor = Math.max(0, warmUntil - startAt) / warmSpeedUp;
  return {
    now: () => {
      const passed = base.now() - begun;
      return passed < warmFor
        ? startAt + passed * warmSpeedUp
        : Math.max(startAt, warmUntil) + (passed - warmFor) * speedUp;
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
