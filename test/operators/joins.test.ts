import { describe, expect, it } from 'vitest';
import { asOf } from '../../operators/as-of.ts';
import { intervalJoin } from '../../operators/interval-join.ts';
import { lookup } from '../../operators/lookup.ts';
import { map } from '../../operators/map.ts';
import { windowJoin } from '../../operators/window-join.ts';
import { pipeline } from '../../runtime/pipeline.ts';
import { tumbling } from '../../runtime/window-spec.ts';
import { type KernelRow, type KernelRun, type KernelSettings, runKernel } from '../support/kernel-run.ts';
import { left, out, right, type SideRow } from './oracle/join-input.ts';

const row = (topic: 'left' | 'right', at: number, n: number, key = 'a'): KernelRow => ({
  topic,
  heardAt: at,
  row: { at, key, id: 0, n } as SideRow,
});
const what = (text: string) => ({ at: 0, what: text });

const near = (select: (row: SideRow, other: SideRow) => { at: number; what: string }, before?: '10ms') =>
  pipeline('near', { from: { left, right } }, (from) => [
    intervalJoin(from.left.keyBy('key'), from.right.keyBy('key'), {
      name: 'near',
      ...(before === undefined ? {} : { before }),
      select,
    }).to(out),
  ]);

// Seen red: with `before` inferred as 0 where nothing is said, with a failed pair that takes the whole row with it, with
// rows that only the tail lets go of; as of a version with timers that were not set anew after a restart, rows that
// stayed when their key was forgotten, versions told apart by their slots alone, ids freed within a beat, and versions
// that stayed for ever.
describe('joins', () => {
  it('refuse what has no bound or no meaning before anything runs', () => {
    expect(() => near(() => what(''))).toThrow(/FW206 .*"near".*neither "before" nor "after"/);
    expect(() =>
      pipeline('anti', { from: { left, right } }, (from) => [
        windowJoin(from.left.keyBy('key'), from.right.keyBy('key'), {
          name: 'alone',
          window: tumbling('10ms'),
          how: 'anti',
          lateness: '5ms',
          select: () => what(''),
        }).to(out),
      ]),
    ).toThrow(/FW206 .*"alone".*take results of "anti" back/);
    expect(() =>
      pipeline('as-of', { from: { left, right } }, (from) => [
        asOf(from.left.keyBy('key'), from.right.keyBy('key'), {
          name: 'once',
          within: '1h',
          mode: 'ordered',
          reviseFor: '1m',
        }).to(out as never),
      ]),
    ).toThrow(/FW206 .*"once".*answers once/);
    expect(() =>
      pipeline('look-up', { from: { left } }, (from) => [
        from.left
          .through(
            lookup({
              name: 'outside',
              key: ({ key }) => key,
              ask: async () => new Map<string, number>(),
              timeout: '1s',
              capacity: 0,
              fallback: () => null,
            }),
          )
          .to(out as never),
      ]),
    ).toThrow(/FW206 .*"outside".*capacity is 0/);
  });

  it('give up the pair on which a callback throws, and no other pair of its rows', () => {
    const pairs = near((one, other) => {
      if (other.n === 13) throw new Error('thirteen');
      return what(`${one.n} with ${other.n}`);
    }, '10ms');
    const rows = [
      row('right', 1, 12),
      row('right', 2, 13),
      row('right', 3, 14),
      row('left', 4, 1),
      row('left', 5, 2),
    ];
    const { answers, failures } = runKernel(pairs, rows, { endsAt: 10 });
    expect(answers.map((answer) => (answer.row as { what: string }).what)).toEqual([
      '1 with 12',
      '1 with 14',
      '2 with 12',
      '2 with 14',
    ]);
    expect(failures.map(({ row: pair }) => pair)).toEqual([
      { left: rows[3]!.row, right: rows[1]!.row },
      { left: rows[4]!.row, right: rows[1]!.row },
    ]);
  });

  it('keep no more than the rows that another may reach, even behind one that lies far ahead', () => {
    const rows: KernelRow[] = [];
    for (let at = 0; at < 40_000; at++)
      rows.push(row(at % 2 === 0 ? 'left' : 'right', at, at, `k${at % 997}`));
    // Heard first of all, by a channel of its own: the others lie behind it in the ring, and do not wait for it.
    const far = { at: 1e9, key: 'z', id: 0, n: -1 } satisfies SideRow;
    const ahead: KernelRow = { topic: 'left', partition: 1, heardAt: 0, row: far };
    const { sizes } = runKernel(
      near((one) => what(`${one.n}`), '10ms'),
      [ahead, ...rows],
      { endsAt: 50_000, partitions: { left: 2 } },
    );
    const kept = [...sizes].filter(([name]) => !name.includes('keys')).map(([, size]) => size);
    for (const size of kept) expect(size).toBeLessThan(2_048);
  });

  it('as of a version: forget every key whose time is over, with its versions and the rows that wait', () => {
    const missed: number[] = [];
    const known = pipeline('known', { from: { left, right } }, (from) => [
      asOf(from.left.keyBy('key'), from.right.keyBy('key'), {
        name: 'known',
        within: '20ms',
        reviseFor: '1h',
        missed: ({ n }) => {
          if (n === 1) throw new Error('one');
          missed.push(n);
        },
      })
        .through(map((answer) => what(`${answer.left.n} with ${answer.right.n}`)))
        .to(out),
    ]);
    // Each key has a version at 5n + 4 and one at 5n + 12, and a row at 5n + 8; every fifth has the row alone.
    const rows = Array.from({ length: 40 }, (_, n) =>
      [4, 8, 12].flatMap((past, side) =>
        n % 5 === 1 && side !== 1 ? [] : [row(side === 1 ? 'left' : 'right', n * 5 + past, n, `k${n}`)],
      ),
    )
      .flat()
      .sort((a, b) => a.heardAt - b.heardAt);
    const run = (settings: Partial<KernelSettings>) => runKernel(known, rows, { endsAt: 228, ...settings });
    const { answers, failures, sizes } = run({});
    expect(answers).toHaveLength(32);
    expect(missed).toEqual(Array.from({ length: 7 }, (_, n) => 6 + n * 5));
    expect(failures).toEqual([{ row: { at: 13, key: 'k1', id: 0, n: 1 }, reason: 'Error: one' }]);
    expect(Object.fromEntries(sizes)).toEqual({
      'known\u0000keys': 0,
      'known\u0000versions': 0,
      'known\u0000rows': 0,
      'known\u0000heard': 0,
      'known\u0000kept': 0,
    });
    const restarts = new Map(
      rows.map((_, at) => [at, at % 7 === 0 ? ('all' as const) : ('deltas' as const)]),
    );
    const half = run({ endsAt: 210 });
    expect(run({ endsAt: 210, rowsInBeat: 3, restarts })).toEqual(half);
    // Of the last four keys one was heard last at 188, and so is forgotten since 208.
    expect(half.sizes.get('known\u0000keys')).toBe(3);
    expect(half.sizes.get('known\u0000rows')).toBe(half.sizes.get('known\u0000versions'));
  });

  const versions = pipeline('versions', { from: { left, right } }, (from) => [
    asOf(from.left.keyBy('key'), from.right.keyBy('key'), {
      name: 'with-version',
      within: '20ms',
      reviseFor: '1h',
      retracts: ({ n, id }) => (n < 0 ? id : null),
    })
      .through(map((answer) => what(`${answer.left.n} with ${answer.right.n}, ${answer.revision}`)))
      .to(out),
  ]);
  const said = ({ answers }: KernelRun): readonly unknown[] => answers.map((answer) => answer.row);

  it('as of a version: revise an answer whose version went, also when the next one lies in its place', () => {
    const takenBack: KernelRow = {
      topic: 'right',
      heardAt: 6,
      row: { at: 6, key: 'a', id: 4, n: -1 } as SideRow,
    };
    const again: KernelRow = {
      topic: 'right',
      heardAt: 7,
      row: { at: 4, key: 'a', id: 0, n: 11 } as SideRow,
    };
    const rows = [row('right', 4, 10), row('left', 5, 1), takenBack, again];
    const answer = [what('1 with 10, 0'), what('1 with 11, 1')];
    expect(said(runKernel(versions, rows, { endsAt: 8 }))).toEqual(answer);
  });

  it('as of a version: give no key what another knew that was forgotten and heard again in one beat', () => {
    const rows = [
      row('right', 1, 10),
      row('left', 30, 1, 'b'),
      row('right', 31, 11),
      row('left', 32, 2, 'c'),
      row('left', 33, 3),
    ];
    expect(said(runKernel(versions, rows, { endsAt: 34, rowsInBeat: 3 }))).toEqual([what('3 with 11, 0')]);
  });

  it('as of a version: keep the versions of the last "within" and the one that held before them', () => {
    const rows = Array.from({ length: 1_000 }, (_, at) => row('right', at, at));
    const { sizes } = runKernel(versions, rows, { endsAt: 1_000 });
    expect(sizes.get('with-version\u0000versions')).toBe(21);
    expect(sizes.get('with-version\u0000rows')).toBe(21);
  });
});
