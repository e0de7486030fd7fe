import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IntTimerWheel } from '../../../runtime/state/int-timer-wheel.ts';
import { type Timer, TimerWheel } from '../../../runtime/state/timer-wheel.ts';

const ats = fc.oneof(
  fc.integer({ min: -3, max: 12 }),
  fc.integer({ min: 0, max: 4096 }).map((n) => n / 1024),
  fc.integer({ min: 0, max: 20 }).map((n) => n * 1000),
  fc.constantFrom(1.7e12, 1.7e12 + 2 ** -10, 8e15, -Infinity, Infinity),
);
const timers: fc.Arbitrary<Timer> = fc.record({
  at: ats,
  key: fc.constantFrom('a', 'b', 'c'),
  name: fc.constantFrom('x', 'y'),
});

const inOrder = (p: Timer, q: Timer): number => {
  if (p.at !== q.at) return p.at < q.at ? -1 : 1;
  return p.key < q.key ? -1 : p.key > q.key ? 1 : p.name < q.name ? -1 : p.name > q.name ? 1 : 0;
};

describe('timer wheel', () => {
  // Seen red: a push before the open bucket that went to a bucket of its own; a size that forgot what `keep` dropped.
  it('gives timers in the order of time, key and name, whenever they were put in', () => {
    const moves = fc.array(
      fc.oneof(
        { weight: 3, arbitrary: timers },
        { weight: 2, arbitrary: fc.constantFrom('pop' as const, 'next' as const) },
        { weight: 1, arbitrary: fc.constant('keep' as const) },
      ),
      { maxLength: 120, size: 'max' },
    );
    fc.assert(
      fc.property(moves, fc.constantFrom(0.5, 4, 1024), (all, bucketMs) => {
        const wheel = new TimerWheel(bucketMs);
        let naive: Timer[] = [];
        for (const move of all) {
          if (move === 'pop') expect(wheel.pop()).toEqual(naive.shift());
          else if (move === 'next') expect(wheel.next).toEqual(naive[0]);
          else if (move === 'keep') {
            const due = ({ at, key }: Timer): boolean => at < 1000 && key !== 'b';
            wheel.keep(due);
            naive = naive.filter(due);
          } else {
            wheel.push(move);
            naive = [...naive, move].sort(inOrder);
          }
          expect(wheel.size).toBe(naive.length);
        }
        for (const timer of naive) expect(wheel.pop()).toEqual(timer);
        expect([wheel.pop(), wheel.next, wheel.size]).toEqual([undefined, undefined, 0]);
      }),
      { numRuns: 100 },
    );
  });
});

describe('timer wheel of ids', () => {
  // Seen red: a push before the open bucket that went to a bucket of its own; a broken list of free places; timers of
  // one time in any order.
  it('takes what is due in the order of time and id', () => {
    const moves = fc.array(
      fc.oneof(
        { weight: 4, arbitrary: fc.record({ at: ats, id: fc.nat(9) }) },
        { weight: 2, arbitrary: fc.record({ now: ats, room: fc.nat(4) }) },
      ),
      { maxLength: 120, size: 'max' },
    );
    fc.assert(
      fc.property(moves, fc.constantFrom(0.5, 4, 1024), (all, bucketMs) => {
        const wheel = new IntTimerWheel(bucketMs);
        let naive: { at: number; id: number }[] = [];
        for (const move of all) {
          if ('id' in move) {
            wheel.push(move.at, move.id);
            naive = [...naive, move].sort((p, q) => (p.at === q.at ? p.id - q.id : p.at < q.at ? -1 : 1));
          } else {
            const into = new Int32Array(move.room);
            const due = naive.filter(({ at }) => at <= move.now).slice(0, move.room);
            expect(wheel.popDue(move.now, into)).toBe(due.length);
            expect([...into.subarray(0, due.length)]).toEqual(due.map(({ id }) => id));
            naive = naive.slice(due.length);
          }
          expect(wheel.size).toBe(naive.length);
          if ('id' in move && move.at === 3) expect(wheel.next).toBe(naive[0]?.at ?? Infinity);
        }
        const rest = new Int32Array(naive.length + 1);
        expect(wheel.popDue(Infinity, rest)).toBe(naive.length);
        expect([...rest.subarray(0, naive.length)]).toEqual(naive.map(({ id }) => id));
        expect(wheel.next).toBe(Infinity);
      }),
      { numRuns: 100 },
    );
  });
});
