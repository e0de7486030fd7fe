import { absence } from '../../operators/absence.ts';
import { table } from '../../operators/broadcast-table.ts';
import { flatMap } from '../../operators/flat-map.ts';
import { keyedProcess, rowsOf } from '../../operators/keyed-process.ts';
import { map } from '../../operators/map.ts';
import { pipeline } from '../../runtime/pipeline.ts';
import { type Heard, heard, left, notes, out, refusePoison, right, type Said } from './law-topics.ts';

/**
 * Two hops: rows are doubled up, so that several have one log time; then two steps write to one topic, one that counts
 * per key with timers, notes and a state that grows, and one that misses rows.
 */
export const crashPipelines = () => [
  pipeline('double', { from: { left } }, (from) => [
    from.left
      .through(
        flatMap((row) => Array.from({ length: refusePoison(row) % 3 }, () => ({ ...row, n: row.n + 1 }))),
      )
      .to(right),
  ]),
  pipeline('count', { from: { right, notes } }, (from) => {
    const rows = from.right.keyBy('key');
    const counted = keyedProcess('count', {
      inputs: { rows },
      tables: { notes: table(from.notes, { key: (row) => row.key, until: (row) => row.at + row.n }) },
      interests: { notes: ({ heard: all }) => (all.length > 0 ? [`n${all.length % 2}`] : []) },
      emits: rowsOf<Said>(),
      initial: { heard: [] as readonly number[] },
      keysAtOnce: 1,
      on: {
        rows: (row, context) => {
          context.set({ heard: [...context.state.heard, row.n] });
          context.timer('silence', context.now + 6);
          const noted = context.matching('notes').map(({ n }) => n);
          const what = `${context.state.heard.join('+')} notes ${noted.join(' ')}`;
          context.emit({ at: context.now, key: context.key, what });
        },
      },
      onTable: {
        notes: ({ n }, context) =>
          context.emit({
            at: context.now,
            key: context.key,
            what: `note ${n} at ${context.state.heard.length}`,
          }),
      },
      onTimer: (_, context) => {
        context.emit({
          at: context.now,
          key: context.key,
          what: `silent after ${context.state.heard.length}`,
        });
        if (context.state.heard.length > 4) context.drop();
      },
    });
    const quiet = absence(rows, {
      name: 'quiet',
      expectedBy: ({ n }, now) => (n % 5 === 0 ? null : now + n),
    });
    return [
      counted.to(out),
      quiet
        .through(
          map(({ state, row, expectedBy }) => ({
            at: row.at,
            key: row.key,
            what: `${state} by ${expectedBy}`,
          })),
        )
        .to(out),
    ];
  }),
];

/** A small run: some rows on which a callback throws, notes that come, change and end, and a long silence at the end. */
export const crashRows = (count: number): readonly Heard[] => [
  ...Array.from({ length: count }, (_, index) =>
    index % 6 === 5
      ? heard(notes, 10 + index * 2, `n${index % 4 === 1 ? 1 : 0}`, 9)
      : heard(left, 10 + index * 2, 'abc'[index % 3]!, index),
  ),
  heard(left, 200, 'end', 0),
];
