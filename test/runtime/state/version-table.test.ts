import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VersionTable } from '../../../runtime/state/version-table.ts';
import { Chain } from './chain.ts';

const key = fc.oneof(fc.nat(1), fc.constant(40));
const moves = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.record({ key, put: fc.nat(4), heardAt: fc.nat(1) }) },
    { weight: 2, arbitrary: fc.record({ key, retract: fc.nat(4) }) },
    { weight: 2, arbitrary: fc.record({ key, evict: fc.nat(4) }) },
    { weight: 1, arbitrary: fc.record({ drop: key }) },
    { weight: 3, arbitrary: fc.constantFrom('delta' as const, 'all' as const, 'restart' as const) },
  ),
  { maxLength: 100, size: 'max' },
);

interface Version {
  readonly key: number;
  readonly from: number;
  readonly heardAt: number;
  readonly slot: number;
}

describe('version table', () => {
  // Seen red: versions of one time in the order of their places after a restart, not of their arrival; an order of
  // arrival that began again at 0 after a restart.
  it('answers as a search through all versions does, with restarts from deltas at any moment', () => {
    fc.assert(
      fc.property(moves, (all) => {
        let table = new VersionTable();
        let naive: Version[] = [];
        const chain = new Chain();
        let slot = 0;
        const upTo = (of: number, at: number): readonly Version[] =>
          naive
            .filter((one) => one.key === of && one.from <= at)
            .sort((a, b) => b.from - a.from || b.heardAt - a.heardAt || b.slot - a.slot);
        for (const move of all) {
          if (move === 'delta') {
            chain.delta(table);
            expect(table.dirty).toBe(false);
          } else if (move === 'all') chain.all(table);
          else if (move === 'restart') {
            chain.delta(table);
            table = chain.restoreInto(new VersionTable());
            expect(table.dirty).toBe(false);
          } else if ('put' in move) {
            slot += 1;
            table.put(move.key, move.put, move.heardAt, slot);
            naive.push({ key: move.key, from: move.put, heardAt: move.heardAt, slot });
          } else if ('retract' in move) {
            const last = upTo(move.key, move.retract)[0];
            const gone = last?.from === move.retract ? last : undefined;
            expect(table.retract(move.key, move.retract)).toBe(gone?.slot ?? -1);
            naive = naive.filter((one) => one !== gone);
          } else if ('drop' in move) {
            const last = upTo(move.drop, Infinity)[0];
            expect(table.dropNewest(move.drop)).toBe(last?.slot ?? -1);
            naive = naive.filter((one) => one !== last);
          } else {
            const gone: number[] = [];
            for (
              let one = table.evict(move.key, move.evict);
              one >= 0;
              one = table.evict(move.key, move.evict)
            ) {
              gone.push(one);
            }
            const expected = upTo(move.key, move.evict).slice(1);
            expect(gone).toEqual(expected.map((one) => one.slot));
            naive = naive.filter((one) => !expected.includes(one));
          }
          expect(table.size).toBe(naive.length);
          for (const of of [0, 1, 40, 999]) {
            expect(table.newestFrom(of)).toBe(upTo(of, Infinity)[0]?.from ?? -Infinity);
            expect(table.oldest(of)).toBe(upTo(of, Infinity).at(-1)?.slot ?? -1);
            for (let at = -1; at <= 5; at += 1) expect(table.asOf(of, at)).toBe(upTo(of, at)[0]?.slot ?? -1);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('gives all of 100,000 versions in parts of at most 65,536', () => {
    const table = new VersionTable();
    for (let n = 0; n < 100_000; n += 1) table.put(n % 500, n, n, n);
    const all = table.all();
    for (let n = 0; n < 500; n += 1) table.retract(n, 99_500 + n);
    const parts = [...all];
    expect(parts.map(({ places }) => places.length)).toEqual([65_536, 34_464]);
    const copy = new VersionTable();
    for (const part of parts) copy.restore(part);
    expect([copy.asOf(7, 99_506), copy.asOf(7, 99_507), copy.asOf(7, 6)]).toEqual([99_007, 99_507, -1]);
  });
});
