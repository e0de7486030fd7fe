import { describe, expect, it } from 'vitest';
import { absence } from '../../operators/absence.ts';
import { aggregate } from '../../operators/aggregate.ts';
import { count } from '../../operators/aggregates/count.ts';
import { dedupe } from '../../operators/dedupe.ts';
import { map } from '../../operators/map.ts';
import { pattern } from '../../operators/pattern.ts';
import { suppress } from '../../operators/suppress.ts';
import type { Keyed, Output } from '../../runtime/flow.ts';
import { pipeline } from '../../runtime/pipeline.ts';
import { topic } from '../../runtime/topic.ts';
import { tumbling } from '../../runtime/window-spec.ts';
import { type KernelRow, runKernel } from '../support/kernel-run.ts';
import { left, type Noted, out, type Said } from '../support/law-topics.ts';

const words = (what: string): Said => ({ at: 0, key: '', what });

/** `[heard at, key, number, event time]`, and what is said of them. */
const saidOf = (
  define: (keyed: Keyed<Noted, string, 'key'>) => Output,
  rows: readonly (readonly [heardAt: number, key: string, n: number, at?: number])[],
  disorderMs = 0,
): readonly string[] => {
  const source = topic('left', { schema: left.schema!, key: 'key', disorderMs });
  const built = pipeline('example', { from: { source } }, (from) => [define(from.source.keyBy('key'))]);
  const heard = rows.map(([heardAt, key, n, at = heardAt]): KernelRow => ({
    topic: 'left',
    heardAt,
    row: { at, key, n } as KernelRow['row'],
  }));
  const { answers, failures } = runKernel(built, heard, { endsAt: 100 });
  const said = answers.map(({ heardAt, row }) => `${heardAt} ${(row as Said).what}`);
  return [...said, ...failures.map(({ reason }) => reason)];
};

describe('the example of each operator holds', () => {
  it('dedupe', () => {
    const first = (keyed: Keyed<Noted, string, 'key'>): Output =>
      keyed
        .through(
          dedupe({ name: 'first', within: '10ms' }),
          map(({ key }) => words(key)),
        )
        .to(out);
    const rows = [1, 5, 10, 11, 12].map((heardAt) => [heardAt, 'a', 0] as const);
    expect(saidOf(first, [rows[0]!, rows[1]!, [8, 'b', 0], ...rows.slice(2)])).toEqual([
      '1 a',
      '8 b',
      '11 a',
    ]);
  });

  it('dedupe: the number 7 and the word "7" are two ids', () => {
    const first = (keyed: Keyed<Noted, string, 'key'>): Output =>
      keyed
        .through(dedupe({ name: 'first', by: ({ n }) => (n === 7 ? '7' : 7), within: '10ms' }))
        .through(map(({ n }) => words(`${n}`)))
        .to(out);
    expect(
      saidOf(
        first,
        [7, 8, 7, 9].map((n, index) => [index + 1, 'a', n] as const),
      ),
    ).toEqual(['1 7', '2 8']);
  });

  it('suppress', () => {
    const cooling = (thenLast: boolean) => (keyed: Keyed<Noted, string, 'key'>) =>
      keyed
        .through(
          suppress({ name: 'cooling', for: '10ms', thenLast }),
          map(({ n }) => words(`the row of ${n}`)),
        )
        .to(out);
    const rows = [1, 4, 11, 12].map((heardAt) => [heardAt, 'a', heardAt] as const);
    expect(saidOf(cooling(false), rows)).toEqual(['1 the row of 1', '11 the row of 11']);
    expect(saidOf(cooling(true), rows)).toEqual(['1 the row of 1', '11 the row of 4', '21 the row of 12']);
  });

  it('pattern', () => {
    const [PICKED_UP, DELIVERED, EXCEPTION] = [1, 2, 3];
    const troubled = (keyed: Keyed<Noted, string, 'key'>): Output =>
      pattern(keyed, {
        name: 'troubled',
        steps: [
          { name: 'pickedUp', where: ({ n }) => n === PICKED_UP },
          { not: 'delivered', where: ({ n }) => n === DELIVERED },
          { name: 'exception', where: ({ n }) => n === EXCEPTION },
        ],
        within: '10ms',
        timeouts: true,
      })
        .through(map(({ outcome, startedAt, endedAt }) => words(`${outcome}, ${startedAt} to ${endedAt}`)))
        .to(out);
    expect(
      saidOf(troubled, [
        [1, 'a', PICKED_UP],
        [4, 'a', EXCEPTION],
        [20, 'a', PICKED_UP],
        [22, 'a', DELIVERED],
        [24, 'a', EXCEPTION],
        [30, 'a', PICKED_UP],
        [40, 'a', EXCEPTION],
      ]),
    ).toEqual(['4 matched, 1 to 4', '40 timed out, 30 to 40']);
    const stuck = (keyed: Keyed<Noted, string, 'key'>): Output =>
      pattern(keyed, {
        name: 'stuck',
        steps: [
          { name: 'pickedUp', where: ({ n }) => n === PICKED_UP },
          { not: 'delivered', where: ({ n }) => n === DELIVERED },
        ],
        within: '10ms',
      })
        .through(map(({ startedAt, endedAt }) => words(`${startedAt} to ${endedAt}`)))
        .to(out);
    expect(saidOf(stuck, [[50, 'a', PICKED_UP]])).toEqual(['60 50 to 60']);
  });

  it('absence', () => {
    const silent = (mode: 'available' | 'ordered') => (keyed: Keyed<Noted, string, 'key'>) =>
      absence(keyed, { name: 'silent', expectedBy: (_, now) => now + 10, mode })
        .through(map(({ state, noticedAt }) => words(`${state} at ${noticedAt}`)))
        .to(out);
    const available = [1, 8, 25].map((heardAt) => [heardAt, 'a', 0] as const);
    expect(saidOf(silent('available'), available)).toEqual([
      '18 missing at 18',
      '25 back at 25',
      '35 missing at 35',
    ]);
    const slow = [
      [1, 'a', 0, 1],
      [20, 'a', 0, 8],
      [21, 'a', 0, 17],
    ] as const;
    expect(saidOf(silent('ordered'), slow, 5)).toEqual([]);
    expect(saidOf(silent('available'), slow)).not.toEqual([]);
  });
  it('pattern, what comes after a match', () => {
    const [A, B] = [1, 2];
    const found =
      (after: 'skip past last' | 'next row', isRefused: boolean) => (keyed: Keyed<Noted, string, 'key'>) =>
        pattern(keyed, {
          name: 'sought',
          steps: [
            { name: 'a', where: ({ n }) => n === A },
            isRefused ? { not: 'b', where: ({ n }) => n === B } : { name: 'b', where: ({ n }) => n === B },
          ],
          within: '10ms',
          after,
        })
          .through(map(({ startedAt }) => words(`from ${startedAt}`)))
          .to(out);
    const aab = [
      [1, 'k', A],
      [5, 'k', A],
      [8, 'k', B],
    ] as const;
    expect(saidOf(found('skip past last', false), aab)).toEqual(['8 from 1']);
    expect(saidOf(found('next row', false), aab)).toEqual(['8 from 1', '8 from 5']);
    for (const after of ['skip past last', 'next row'] as const)
      expect(saidOf(found(after, true), aab.slice(0, 2))).toEqual(['11 from 1', '15 from 5']);
  });

  it('windows with lateness', () => {
    const counts = (keyed: Keyed<Noted, string, 'key'>): Output =>
      keyed
        .window(tumbling('10ms'))
        .through(aggregate('counts', { rows: count() }, { lateness: '5ms' }))
        .through(map(({ windowStart, firing, rows }) => words(`${windowStart}: ${rows} ${firing}`)))
        .to(out);
    const rows = [1, 9, 12, 8, 16, 7].map((at, index) => [20 + index, 'a', 0, at] as const);
    expect(saidOf(counts, rows)).toEqual(['22 0: 2 on time', '23 0: 3 late']);
  });
});

describe('what is refused', () => {
  const elsewhere = topic('elsewhere', { schema: left.schema!, key: 'key' });
  const by =
    (
      define: (keyed: Keyed<Noted, string, 'key'>) => Output,
      options: { readonly at?: null; readonly disorderMs?: number } = {},
    ) =>
    () => {
      const source = topic('left', { schema: left.schema!, key: 'key', ...options });
      return pipeline('refused', { from: { source } }, (from) => [define(from.source.keyBy('key'))]);
    };
  const steps = [
    { name: 'one', where: () => true },
    { name: 'two', where: () => true },
  ] as const;

  it('a de-duplication window too small', () => {
    const define = (keyed: Keyed<Noted, string, 'key'>): Output =>
      keyed.through(dedupe({ name: 'first', within: '1s' })).to(elsewhere);
    expect(by(define, { disorderMs: 1_001 })).toThrow(
      'FW212 pipeline "refused" step "first": repetitions are recognised within 1s, and rows of topic "left" may come 1001ms out of order',
    );
    expect(by(define, { disorderMs: 1_000 })).not.toThrow();
    expect(
      by((keyed) => keyed.through(dedupe({ name: 'first', within: '0s' as '1s' })).to(elsewhere)),
    ).toThrow(/^FW203 duration "0s"/);
  });

  it('a cool-down of nothing', () => {
    expect(
      by((keyed) => keyed.through(suppress({ name: 'cooling', for: '0s' as '1s' })).to(elsewhere)),
    ).toThrow(/^FW203 duration "0s"/);
  });

  it('a pattern that no rows can match', () => {
    const refused = (
      options: Partial<Parameters<typeof pattern<Noted, string, 'key', never>>[1]>,
    ): (() => unknown) =>
      by((keyed) =>
        pattern(keyed, { name: 'sought', steps, within: '1h', ...options } as never).to(elsewhere as never),
      );
    expect(refused({ steps: [{ not: 'two', where: () => true }, ...steps] as never })).toThrow(
      'FW217 pattern "sought": it begins with "not two"',
    );
    expect(refused({ steps: [steps[0]] as never })).toThrow('FW217 pattern "sought": it has 1 steps');
    expect(refused({ steps: [steps[0], steps[0]] as never })).toThrow(
      'FW217 pattern "sought": two steps are named "one"',
    );
    expect(refused({ steps: [{ ...steps[0], within: '1h' }, steps[1]] as never })).toThrow(
      'FW217 pattern "sought": its first step "one" has a "within"',
    );
    expect(refused({ maxOpen: Infinity })).toThrow('FW217 pattern "sought": maxOpen is Infinity');
  });

  it('event time where rows have none', () => {
    const ordered = (keyed: Keyed<Noted, string, 'key'>): Output =>
      absence(keyed, { name: 'silent', expectedBy: () => null, mode: 'ordered' }).to(elsewhere as never);
    expect(by(ordered, { at: null })).toThrow('FW210 pipeline "refused" step "silent"');
    const found = (keyed: Keyed<Noted, string, 'key'>): Output =>
      pattern(keyed, { name: 'sought', steps, within: '1h', mode: 'ordered' }).to(elsewhere as never);
    expect(by(found, { at: null })).toThrow('FW210 pipeline "refused" step "sought"');
  });
});

describe('what goes to dead letters', () => {
  it('a row that begins one match too many, with nothing else lost', () => {
    const sought = (keyed: Keyed<Noted, string, 'key'>): Output =>
      pattern(keyed, {
        name: 'sought',
        steps: [
          { name: 'one', where: ({ n }) => n < 9 },
          { name: 'two', where: ({ n }) => n === 9 },
        ],
        within: '90ms',
        maxOpen: 2,
        after: 'next row',
      })
        .through(map(({ rows }) => words(`${rows.one.n} then ${rows.two.n}`)))
        .to(out);
    expect(
      saidOf(
        sought,
        [1, 2, 3, 9].map((n) => [n, 'a', n] as const),
      ),
    ).toEqual(['9 1 then 9', '9 2 then 9', 'RangeError: 2 matches of "sought" have begun; no more are kept']);
  });

  it('a row without an id', () => {
    const first = (keyed: Keyed<Noted, string, 'key'>): Output =>
      keyed
        .through(dedupe({ name: 'first', by: ({ n }) => (n === 0 ? (null as never) : n), within: '10ms' }))
        .through(map(({ n }) => words(`${n}`)))
        .to(out);
    expect(
      saidOf(
        first,
        [0, 1, 0].map((n, index) => [index + 1, 'a', n] as const),
      ),
    ).toEqual([
      '2 1',
      'TypeError: its id is null, neither a string nor a number',
      'TypeError: its id is null, neither a string nor a number',
    ]);
  });
});
