import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DenseIds } from '../../../runtime/state/dense-ids.ts';

const moves = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.constant('take' as const) },
    { weight: 3, arbitrary: fc.record({ give: fc.nat() }) },
    { weight: 2, arbitrary: fc.constantFrom('delta' as const, 'all' as const, 'restart' as const) },
  ),
  { maxLength: 80, size: 'max' },
);

describe('dense ids', () => {
  // Seen red: a delta with the free ids above the depth of now instead of the lowest since the last; ids that were free
  // when they were put back, and given again since, taken for free.
  it('are the next one or the one freed last, also after a restart from deltas at any moment', () => {
    fc.assert(
      fc.property(moves, (all) => {
        let ids = new DenseIds();
        let parts: unknown[] = [];
        const live = new Set<number>();
        const free: number[] = [];
        const changed = new Set<number>();
        let capacity = 0;
        for (const move of all) {
          if (move === 'take') {
            const id = free.pop() ?? capacity++;
            live.add(id);
            changed.add(id);
            expect(ids.take()).toBe(id);
          } else if (move === 'all') {
            ids.delta();
            parts = [structuredClone(ids.all())];
          } else if (move === 'delta' || move === 'restart') {
            parts.push(structuredClone(ids.delta()));
            if (move === 'restart') {
              expect([...ids.changed()]).toEqual([...changed].sort((one, other) => one - other));
              changed.clear();
              ids = new DenseIds();
              for (const part of parts) ids.restore(part as ReturnType<DenseIds['all']>);
            }
          } else if (live.size > 0) {
            const id = [...live][move.give % live.size]!;
            live.delete(id);
            free.push(id);
            changed.add(id);
            ids.give(id);
          }
          expect([ids.size, ids.capacity, ids.dirty]).toEqual([live.size, capacity, changed.size > 0]);
          for (let id = 0; id <= capacity; id += 1) expect(ids.isLive(id)).toBe(live.has(id));
        }
      }),
      { numRuns: 100 },
    );
  });
});
