import { serialize } from 'node:v8';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyedState, type StateDelta } from '../../../runtime/state/keyed-state.ts';
import { patched, patchOf } from '../../../runtime/state/patch.ts';
import { decodeSnapshot } from '../../../runtime/state/task-snapshot.ts';
import { Chain } from './chain.ts';

const names = fc.constantFrom('a', 'b', 'c', '1', '__proto__');
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(0, -0, 1, NaN, null, undefined, 'x'),
    fc.array(fc.nat(2), { maxLength: 2 }),
    fc.dictionary(names, tie('tree'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));
const values = fc.dictionary(names, tree, { maxKeys: 4, noNullPrototype: true });
/** What tells objects apart that `toEqual` does not: the order of members, which the next step sees. */
const orders = (value: unknown): unknown =>
  typeof value !== 'object' || value === null
    ? value
    : Object.entries(value).map(([name, member]) => [name, orders(member)]);

describe('a patch', () => {
  it('makes of the value before the value after, its members in the same order', () => {
    fc.assert(
      fc.property(values, values, fc.boolean(), (before, other, shares) => {
        const after = shares ? { ...before, ...other } : other;
        const patch = patchOf(before, after);
        if (patch === undefined) return;
        const made = patch === null ? before : patched(structuredClone(before), structuredClone(patch));
        expect(orders(made)).toEqual(orders(after));
      }),
      { numRuns: 2_000 },
    );
  });

  it('has only the members that are others than before', () => {
    const plan = { legs: [1, 2] };
    const before = { plan, severity: 50, terms: { tier: 0, value: 2 }, actions: { x: { state: 'due' } } };
    const after = {
      plan,
      severity: 62,
      terms: { tier: 12, value: 2 },
      actions: { ...before.actions, y: { state: 'due' } },
    };
    expect(patchOf(before, after)).toEqual([
      { severity: 62 },
      { terms: [{ tier: 12 }, null, null], actions: [{ y: { state: 'due' } }, null, null] },
      null,
    ]);
    expect(patchOf(before, { ...before, terms: { ...before.terms } })).toBeNull();
  });

  it('is none where members changed their places', () => {
    expect(patchOf({ a: 1, b: 2 }, { b: 2, a: 1 })).toBeUndefined();
  });
});

const moves = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.tuple(fc.constantFrom('k', 'l', 7), values) },
    { weight: 2, arbitrary: fc.record({ remove: fc.constantFrom('k', 'l', 7) }) },
    { weight: 3, arbitrary: fc.constantFrom('delta' as const, 'all' as const, 'restart' as const) },
  ),
  { maxLength: 60, size: 'max' },
);

describe('keyed state', () => {
  it('comes back as it was, with restarts from deltas at any moment', () => {
    fc.assert(
      fc.property(moves, (all) => {
        let state = new KeyedState<Readonly<Record<string, unknown>>>();
        const naive = new Map<string | number, Readonly<Record<string, unknown>>>();
        const chain = new Chain();
        for (const move of all) {
          if (move === 'delta') chain.delta(state);
          else if (move === 'all') chain.all(state);
          else if (move === 'restart') {
            chain.delta(state);
            state = chain.restoreInto(new KeyedState());
          } else if ('remove' in move) {
            state.delete(move.remove);
            naive.delete(move.remove);
          } else {
            const [key, value] = move;
            const next = { ...naive.get(key), ...value };
            state.set(key, next);
            naive.set(key, next);
          }
          for (const key of ['k', 'l', 7]) expect(orders(state.get(key))).toEqual(orders(naive.get(key)));
        }
      }),
    );
  });

  it('takes up a checkpoint of format 2, which had every changed entry whole', () => {
    const old = { format: 2, epoch: 7, positions: {}, eventTime: { watermark: 0, inputs: {} } };
    const states = { keys: { set: [['k', { a: 1 }]], deleted: ['l'] } };
    const read = decodeSnapshot(serialize({ ...old, states }));
    const state = new KeyedState<unknown>();
    state.restore({ set: [['l', { a: 0 }]], deleted: [] });
    state.restore(read.states['keys'] as StateDelta);
    expect([...state.entries()]).toEqual([['k', { a: 1 }]]);
    expect(read.format).toBe(3);
  });
});
