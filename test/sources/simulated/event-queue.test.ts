import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EventQueue } from '../../../sources/simulated/event-queue.ts';

it('gives events by time, then rank, then order of coming, up to the asked time and no further', () => {
  const event = fc.record({ at: fc.integer({ min: 0, max: 20 }), rank: fc.integer({ min: 0, max: 1 }) });
  fc.assert(
    fc.property(fc.array(event), fc.integer({ min: 0, max: 25 }), (events, until) => {
      const queue = new EventQueue<number>();
      events.forEach(({ at, rank }, i) => queue.put(at, i, rank));
      const expected = events
        .map(({ at, rank }, i) => ({ at, rank, i }))
        .filter(({ at }) => at <= until)
        .toSorted((a, b) => a.at - b.at || a.rank - b.rank || a.i - b.i)
        .map(({ i }) => i);
      const taken: number[] = [];
      for (let next = queue.takeUntil(until); next !== undefined; next = queue.takeUntil(until)) {
        taken.push(next.event);
      }
      expect(taken).toEqual(expected);
      expect(queue.size).toBe(events.length - expected.length);
    }),
  );
});
