import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs } from '../../../sinks/outbox/backoff.ts';

describe('backoffMs', () => {
  it('doubles its upper end up to the maximum', () => {
    const almostOne = () => 0.999_999;
    const waits = [1, 2, 3, 4, 5].map((attempt) =>
      backoffMs(attempt, { baseMs: 1_000, maxMs: 10_000 }, almostOne),
    );
    expect(waits).toEqual([999, 1_999, 3_999, 7_999, 9_999]);
  });

  it('is spread over the whole range from 0, for any attempt', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5_000 }),
        fc.integer({ min: 1, max: 100_000 }),
        fc.integer({ min: 1, max: 10_000_000 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (attempt, baseMs, maxMs, drawn) => {
          const ceiling = Math.min(maxMs, baseMs * 2 ** (attempt - 1));
          const wait = backoffMs(attempt, { baseMs, maxMs }, () => drawn);
          expect(wait).toBe(Math.floor(drawn * ceiling));
          expect(wait).toBeLessThan(ceiling);
          expect(wait).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });
});
