import { describe, expect, it } from 'vitest';
import { LOG_TIME_STEP, LogTime } from '../../../runtime/log/log-time.ts';

describe('log time, while the clock of the machine jumps', () => {
  const timeOn = (startAt: number) => {
    const clock = { at: startAt };
    const time = new LogTime();
    time.runOn({ now: () => clock.at });
    return { clock, time };
  };

  it('set back: stamps rise by the smallest step, and nothing that has passed comes again', () => {
    const { clock, time } = timeOn(7_000);
    expect(time.stamp(undefined)).toBe(7_000);
    time.close();
    clock.at = 1_000;
    expect(time.advance()).toBe(false);
    expect([time.stamp(undefined), time.stamp(undefined)]).toEqual([
      7_000 + LOG_TIME_STEP,
      7_000 + 2 * LOG_TIME_STEP,
    ]);
    time.close();
    expect(time.closedUntil).toBe(7_000 + 2 * LOG_TIME_STEP);
  });

  it('goes on with the clock once that has caught up', () => {
    const { clock, time } = timeOn(7_000);
    time.stamp(undefined);
    clock.at = 6_999;
    expect(time.advance()).toBe(false);
    clock.at = 7_050;
    expect(time.advance()).toBe(true);
    expect([time.last, time.closedUntil]).toEqual([7_050, 7_050]);
  });

  it('set forward: time is there at once, and a restart with the right clock does not undo it', () => {
    const { clock, time } = timeOn(7_000);
    clock.at = 90_000_000;
    expect(time.advance()).toBe(true);
    expect(time.closedUntil).toBe(90_000_000);
    const next = new LogTime();
    next.saw(time.last);
    next.runOn({ now: () => 8_000 });
    expect(next.stamp(undefined)).toBe(90_000_000 + LOG_TIME_STEP);
  });
});
