import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RunIndex } from '../../../runtime/log/run-index.ts';

interface Run {
  readonly base: number;
  readonly count: number;
  readonly position: number;
}

/** Runs as a journal writes them: some of no records, one after the other. */
const runsOf = (sizes: readonly { readonly count: number; readonly gap: number }[]): readonly Run[] => {
  let base = 0;
  let position = 8;
  return sizes.map(({ count, gap }) => {
    const run = { base, count, position };
    base += count;
    position += count * 10 + gap + 1;
    return run;
  });
};
const sizes = fc.array(fc.record({ count: fc.nat(5), gap: fc.nat(30) }), { maxLength: 200 });

describe('run index', () => {
  it('finds the run of every offset that is kept, and the first one for what is gone', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), (all, dropAt) => {
        const runs = runsOf(all);
        const index = new RunIndex();
        runs.forEach(({ base, count, position }) => index.push(base, count, position, count * 10, 0));
        const end = runs.reduce((sum, { count }) => sum + count, 0);
        expect(index.end).toBe(end);
        const drop = runs.length === 0 ? 0 : runs[dropAt % runs.length]!.position;
        index.dropBefore(drop);
        const kept = runs.filter(({ position }) => position >= drop);
        expect(index.begin).toBe(kept[0]?.base ?? 0);
        for (let offset = 0; offset < end; offset++) {
          const holds = kept.find(({ base, count }) => base <= offset && offset < base + count);
          const wanted = holds ?? kept[0]!;
          expect(index.run(index.find(offset)).position).toBe(wanted.position);
          expect(index.positionOf(offset)).toBe(wanted.position);
        }
        expect(index.find(end)).toBe(-1);
        expect(index.positionOf(end)).toBe(Infinity);
      }),
    );
  });

  it('stays right when it gives back the room of what was dropped', () => {
    const index = new RunIndex();
    for (let run = 0; run < 5_000; run++) index.push(run * 2, 2, run * 100, 20, run % 3);
    index.dropBefore(400_000);
    expect(index.size).toBe(1_000);
    expect(index.begin).toBe(8_000);
    expect(index.run(index.find(9_001))).toEqual({
      base: 9_000,
      count: 2,
      position: 450_000,
      bytes: 20,
      producer: 4_500 % 3,
    });
    index.push(10_000, 1, 500_000, 10, 1);
    expect(index.end).toBe(10_001);
  });

  it('holds nothing back while it is empty', () => {
    expect(new RunIndex().positionOf(-1)).toBe(Infinity);
    expect(new RunIndex().begin).toBe(0);
  });
});
