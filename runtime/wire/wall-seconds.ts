/** How fast the time of a simulated world goes. */
export interface WorldPace {
  readonly startAt: number;
  readonly warmUpDays: number;
  readonly warmSpeedUp: number;
  readonly speedUp: number;
}

/**
 * Wall seconds since a log time: a simulated day that passes in minutes is measured as the minutes that it took.
 * speedUp 120: 10 minutes of the world ago → 5.
 */
export const wallSeconds =
  (now: () => number, pace: WorldPace | undefined): ((heardAt: number) => number) =>
  (heardAt) => {
    const at = now();
    const isWarming = pace !== undefined && at < pace.startAt + pace.warmUpDays * 86_400_000;
    const speedUp = pace === undefined ? 1 : isWarming ? pace.warmSpeedUp : pace.speedUp;
    return Math.max(0, at - heardAt) / 1_000 / speedUp;
  };
