import { describe, expect, it } from 'vitest';
import { asOf } from '../../operators/as-of.ts';
import { intervalJoin } from '../../operators/interval-join.ts';
import { lookup } from '../../operators/lookup.ts';
import { windowJoin } from '../../operators/window-join.ts';
import { pipeline } from '../../runtime/pipeline.ts';
import { tumbling } from '../../runtime/window-spec.ts';
import { type KernelRow, runKernel } from '../support/kernel-run.ts';
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

// Seen red: with `before` inferred as 0 where nothing is said, with a failed pair that takes the whole row with it, and
// with rows that only the tail lets go of.
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
});
