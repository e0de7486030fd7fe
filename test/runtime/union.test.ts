import { keyedProcess, rowsOf } from '../../operators/keyed-process.ts';
import { map } from '../../operators/map.ts';
import { where } from '../../operators/where.ts';
import { pipeline } from '../../runtime/pipeline.ts';
import { heard, left, type Noted, out, refusePoison, right, type Said } from '../support/law-topics.ts';
import { operatorLaws } from '../support/laws.ts';

const words = (of: string) => map(({ at, key, n }: Noted): Said => ({ at, key, what: `${of} ${n}` }));

operatorLaws('union of two topics', {
  pipeline: () =>
    pipeline('union', { from: { left, right } }, (from) => [
      from.left
        .through(words('left'))
        .union(
          from.right.through(
            where((row) => refusePoison(row) > 2),
            words('right'),
          ),
        )
        .to(out),
    ]),
  rows: [
    heard(right, 1, 'a', 3),
    heard(left, 2, 'a', 1),
    heard(right, 3, 'b', 2),
    heard(right, 4, 'a', 5),
    heard(left, 5, 'b', 2),
    heard(left, 6, 'a', 3),
    heard(right, 7, 'b', 4),
  ],
  endsAt: 20,
  expected: ['1 a right 3', '2 a left 1', '4 a right 5', '5 b left 2', '6 a left 3', '7 b right 4'],
  poisoned: [right],
});

operatorLaws('union of two ways from one topic', {
  pipeline: () =>
    pipeline('union', { from: { left } }, (from) => {
      const big = from.left.through(
        where((row) => row.n > 2),
        words('big'),
      );
      const even = from.left.through(
        where((row) => refusePoison(row) % 2 === 0),
        words('even'),
      );
      return [even.union(big).to(out)];
    }),
  rows: [1, 2, 3, 4, 6].map((n, index) => heard(left, index + 1, 'a', n)),
  endsAt: 10,
  expected: ['2 a even 2', '3 a big 3', '4 a even 4', '4 a big 4', '5 a even 6', '5 a big 6'],
  poisoned: [],
});

// Seen red: with rows of a beat taken input by input.
operatorLaws('union before a step that remembers', {
  pipeline: () =>
    pipeline('union', { from: { left, right } }, (from) => [
      keyedProcess('after', {
        inputs: { rows: from.right.union(from.left).keyBy('key') },
        emits: rowsOf<Said>(),
        initial: 0,
        on: {
          rows: (row, context) => {
            context.emit({ at: row.at, key: row.key, what: `${refusePoison(row)} after ${context.state}` });
            context.set(row.n);
          },
        },
      }).to(out),
    ]),
  rows: [
    heard(left, 1, 'a', 3),
    heard(right, 2, 'a', 1),
    heard(right, 3, 'b', 2),
    heard(left, 4, 'a', 5),
    heard(right, 5, 'b', 4),
    heard(right, 6, 'a', 6),
  ],
  endsAt: 20,
  expected: [
    '1 a 3 after 0',
    '2 a 1 after 3',
    '3 b 2 after 0',
    '4 a 5 after 1',
    '5 b 4 after 2',
    '6 a 6 after 5',
  ],
  poisoned: [left, right],
});
