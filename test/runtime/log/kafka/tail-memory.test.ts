import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TailMemory } from '../../../../runtime/log/kafka/tail-memory.ts';
import type { LogRecord } from '../../../../runtime/log/log.ts';

const recordOf = (offset: number, size: number): LogRecord => ({
  offset,
  heardAt: offset,
  producer: 'external',
  key: '',
  headers: {},
  value: new Uint8Array(size),
});

it('answers from every offset as a reader of the whole log would, or says that it cannot', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          place: fc.constantFrom('a', 'b'),
          gap: fc.nat(3),
          size: fc.nat(300),
          isLeft: fc.nat(9).map((n) => n === 0),
        }),
        {
          maxLength: 150,
        },
      ),
      fc.integer({ min: 300, max: 5_000 }),
      (steps, maxBytes) => {
        const memory = new TailMemory(maxBytes);
        const all = new Map<string, LogRecord[]>([
          ['a', []],
          ['b', []],
        ]);
        for (const place of all.keys()) memory.begin(place, 0, 0);
        for (const { place, gap, size, isLeft } of steps) {
          if (isLeft) {
            const end = memory.end(place);
            memory.leave(place);
            expect(memory.read(place, 0, Infinity)).toBeUndefined();
            // Begun again, it has what comes from then on.
            memory.begin(place, end, end);
          }
          const record = recordOf((all.get(place)!.at(-1)?.offset ?? -1) + 1 + gap, size);
          all.get(place)!.push(record);
          memory.push(place, [record]);
        }
        for (const [place, records] of all) {
          const end = (records.at(-1)?.offset ?? -1) + 1;
          expect(memory.end(place)).toBe(end);
          let held = true;
          for (let from = end; from >= 0; from--) {
            const found = memory.read(place, from, Infinity);
            // What is held is what is newest, without a hole.
            if (found === undefined) held = false;
            else {
              expect(held).toBe(true);
              expect(found).toEqual(records.filter(({ offset }) => offset >= from));
            }
          }
        }
      },
    ),
  );
});
