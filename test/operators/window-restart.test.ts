import { expect, it } from 'vitest';
import { aggregate } from '../../operators/aggregate.ts';
import { count } from '../../operators/aggregates/count.ts';
import { map } from '../../operators/map.ts';
import { pipeline } from '../../runtime/pipeline.ts';
import { everyRows, tumbling } from '../../runtime/window-spec.ts';
import { type KernelRow, runKernel } from '../support/kernel-run.ts';
import { left, out, type Said } from '../support/law-topics.ts';

const row = (heardAt: number, key: string, at = heardAt): KernelRow => ({
  topic: 'left',
  heardAt,
  row: { at, key, n: 0 } as KernelRow['row'],
});

// The oracles found these two; each is kept as it was found.

it('a pane that is let go when a run begins again takes no key from another pane', () => {
  const windows = pipeline('windows', { from: { left } }, (from) => [
    from.left
      .keyBy('key')
      .window(tumbling('10ms'))
      .through(aggregate('counts', { rows: count() }, { lateness: '5ms' }))
      .through(map(({ key, windowStart, rows }): Said => ({ at: 0, key, what: `${windowStart} ${rows}` })))
      .to(out),
  ]);
  const rows = [row(155, 'a'), row(161, 'a'), row(166, 'a'), row(169, 'c'), row(170, 'a')];
  const { answers } = runKernel(windows, rows, { endsAt: 180, restarts: new Map([[3, 'deltas']]) });
  const said = answers.map((answer) => answer.row as Said).map(({ key, what }) => `${key} ${what}`);
  expect(said).toEqual(['a 150 1', 'a 160 2', 'c 160 1']);
});

it('a group of rows that was over when it began waits for the next rise of the watermark, also after a restart', () => {
  const groups = pipeline('groups', { from: { left } }, (from) => [
    from.left
      .keyBy('key')
      .window(everyRows(2, { ttl: '3ms' }))
      .through(aggregate('counts', { rows: count() }))
      .through(map(({ key, firing, rows }): Said => ({ at: 0, key, what: `${firing} ${rows}` })))
      .to(out),
  ]);
  const rows = [row(104, 'b'), row(105, 'a', 100), row(106, 'a', 101)];
  const run = (restarts: ReadonlyMap<number, 'deltas'>) =>
    runKernel(groups, rows, { endsAt: 200, restarts }).answers;
  expect(run(new Map([[2, 'deltas']]))).toEqual(run(new Map()));
});
