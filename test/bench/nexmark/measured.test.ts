import { expect, it } from 'vitest';
import { mismatch } from '../../../bench/nexmark/check.ts';
import { Measured } from '../../../bench/nexmark/measured.ts';
import type { Run } from '../../../bench/nexmark/run.ts';

const run = (of: Partial<Run>): Run => ({
  who: 'RxJS',
  q: 'q5',
  mode: 'mem',
  run: 0,
  events: 100,
  secs: 1,
  eps: 100,
  rows: 3,
  sum: 7,
  rssMiB: 50,
  cpuSecs: 1,
  ...of,
});

it('takes warm runs apart from the cold one, and the median of the rounds', () => {
  const measured = new Measured();
  measured.add(0, [run({ eps: 1 }), run({ run: 1, eps: 10 }), run({ run: 2, eps: 30, rssMiB: 70 })]);
  measured.add(1, [run({ eps: 5 }), run({ run: 1, eps: 20 })]);
  measured.add(2, [run({ eps: 3 }), run({ run: 1, eps: 40 })]);
  expect(measured.figure('RxJS', 'q5', 'mem', ({ warm }) => warm)).toBe(20);
  expect(measured.figure('RxJS', 'q5', 'mem', ({ cold }) => cold)).toBe(3);
  expect(measured.figure('RxJS', 'q5', 'mem', ({ rssMiB }) => rssMiB)).toBe(50);
  expect(measured.figure('RxJS', 'q7', 'mem', ({ warm }) => warm)).toBeNull();
  expect(measured.has('RxJS', 'mem')).toBe(true);
  expect(measured.has('RxJS', 'file')).toBe(false);
});

it('takes ratios within each round', () => {
  const measured = new Measured();
  for (const [round, [mine, theirs]] of [
    [0, [2, 4]],
    [1, [300, 400]],
    [2, [1, 4]],
  ] as const) {
    measured.add(round, [run({ eps: mine })]);
    measured.add(round, [run({ who: 'hand loop', eps: theirs })]);
  }
  expect(measured.ratio('RxJS', 'q5', 'mem', ({ warm }) => warm)).toBe(0.5);
  expect(measured.ratio('flink', 'q5', 'mem', ({ warm }) => warm)).toBeNull();
});

it('says what is wrong with rows that are not the oracle’s', () => {
  expect(mismatch(run({}), { events: 100, rows: 3, sum: 7 })).toBeNull();
  expect(mismatch(run({ run: 2 }), { events: 100, rows: 4, sum: 8 })).toBe(
    'RxJS, q5, mem, run 2: 3 instead of 4 (rows), 7 instead of 8 (sum)',
  );
});
