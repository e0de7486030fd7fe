import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Timer, TimerQueue } from '../../../runtime/state/timers.ts';

const timers = fc.record({
  at: fc.integer({ min: 0, max: 9 }),
  key: fc.constantFrom('a', 'b', 'c'),
  name: fc.constantFrom('x', 'y'),
});
const inOrder = (p: Timer, q: Timer): number =>
  p.at - q.at || (p.key < q.key ? -1 : p.key > q.key ? 1 : p.name < q.name ? -1 : p.name > q.name ? 1 : 0);

describe('timer queue', () => {
  it('gives timers in the order of time, key and name, whenever they were put in', () => {
    const moves = fc.array(fc.oneof(timers, fc.constantFrom('pop' as const, 'keep' as const)), {
      maxLength: 80,
    });
    fc.assert(
      fc.property(moves, (all) => {
        const queue = new TimerQueue();
        let naive: Timer[] = [];
        for (const move of all) {
          if (move === 'pop') {
            expect(queue.next).toEqual(naive[0]);
            expect(queue.pop()).toEqual(naive.shift());
          } else if (move === 'keep') {
            queue.keep(({ at }) => at % 2 === 0);
            naive = naive.filter(({ at }) => at % 2 === 0);
          } else {
            queue.push(move);
            naive = [...naive, move].sort(inOrder);
          }
          expect(queue.size).toBe(naive.length);
        }
        const rest: Timer[] = [];
        for (let timer = queue.pop(); timer !== undefined; timer = queue.pop()) rest.push(timer);
        expect(rest).toEqual(naive);
      }),
    );
  });
});
