import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DirtyBits } from '../../../runtime/state/dirty-bits.ts';

const places = fc.array(fc.oneof(fc.nat(70), fc.nat(5000)), { maxLength: 60 });

describe('dirty bits', () => {
  // Seen red: words that did not grow; the highest place of a word, whose bit is the sign, taken for another.
  it('give the marked places in ascending order, once', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ places, inLoop: fc.boolean() }), { maxLength: 8 }), (rounds) => {
        const bits = new DirtyBits();
        for (const { places: marked, inLoop } of rounds) {
          if (inLoop && marked.length > 0) {
            const words = bits.marking(Math.max(...marked) + 1);
            for (const place of marked) words[place >>> 5]! |= 1 << place;
          } else for (const place of marked) bits.mark(place);
          expect(bits.any).toBe(marked.length > 0);
          expect([...bits.take()]).toEqual([...new Set(marked)].sort((one, other) => one - other));
          expect(bits.any).toBe(false);
        }
      }),
    );
  });
});
