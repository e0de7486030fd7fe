import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Slab } from '../../runtime/slab.ts';

it('keeps every text as it was put, whatever is put after it', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.nat(60_000).map((length) => 'ü€𝄞x'.repeat(length / 5)),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(text, fc.nat(16)), { maxLength: 60 }), (all) => {
      const slab = new Slab();
      const put = all.map(([one, head]) => slab.put(one, head).fill(7, 0, head));
      expect(put.map((bytes, at) => bytes.toString('utf8', all[at]![1]))).toEqual(all.map(([one]) => one));
    }),
    { numRuns: 50 },
  );
});
