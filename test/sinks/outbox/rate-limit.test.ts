import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rateLimit } from '../../../sinks/outbox/rate-limit.ts';

/** Takes as fast as it may, after each of the pauses; answers with the times. */
const takeAll = (ratePerSec: number, burst: number, pausesMs: readonly number[]): number[] => {
  const limit = rateLimit({ ratePerSec, burst });
  const times: number[] = [];
  let now = 0;
  for (const pause of pausesMs) {
    now += pause;
    now += limit.waitMs(now);
    expect(limit.waitMs(now)).toBe(0);
    limit.take(now);
    times.push(now);
  }
  return times;
};

describe('rateLimit', () => {
  it('lets a burst go at once and then keeps the rate', () => {
    expect(takeAll(2, 3, [0, 0, 0, 0, 0])).toEqual([0, 0, 0, 500, 1_000]);
  });

  it('saves up no more than a burst', () => {
    expect(takeAll(10, 2, [0, 0, 60_000, 0, 0])).toEqual([0, 0, 60_000, 60_000, 60_100]);
  });

  it('never lets more through than burst and rate allow, in any span of time', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 1, max: 20 }),
        fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 60 }),
        (ratePerSec, burst, pausesMs) => {
          const times = takeAll(ratePerSec, burst, pausesMs);
          for (let from = 0; from < times.length; from++)
            for (let to = from; to < times.length; to++) {
              const allowed = burst + ((times[to]! - times[from]!) * ratePerSec) / 1_000;
              expect(to - from + 1).toBeLessThanOrEqual(allowed + 1e-6);
            }
        },
      ),
    );
  });
});
