import { asOf } from '../../../operators/as-of.ts';
import { map } from '../../../operators/map.ts';
import { pipeline } from '../../../runtime/pipeline.ts';
import { heard, left, out, right } from '../../support/law-topics.ts';
import type { OperatorLaws } from '../../support/laws.ts';

const waiting: OperatorLaws = {
  pipeline: () =>
    pipeline('as-of', { from: { left, right } }, (from) => [
      asOf(from.left.keyBy('key'), from.right.keyBy('key'), {
        name: 'with-right',
        within: '20ms',
        patience: '4ms',
        maxWaiting: 5,
      })
        .through(
          map(({ left: row, right: known }) => ({
            at: row.at,
            key: row.key,
            what: `${row.n} with ${known.n}`,
          })),
        )
        .to(out),
    ]),
  rows: [
    heard(left, 1, 'a', 1),
    heard(left, 3, 'a', 2),
    heard(left, 4, 'b', 3),
    heard(right, 6, 'a', 100),
    heard(left, 7, 'a', 4),
    heard(right, 9, 'a', 101),
    heard(right, 10, 'b', 200),
    heard(left, 12, 'a', 5),
    heard(left, 13, 'b', 6),
    // By now a was forgotten.
    heard(left, 33, 'a', 7),
    heard(right, 35, 'a', 102),
  ],
  endsAt: 90,
  // The 1 of a gave up at 5, before its right side came; the 3 of b at 8.
  expected: ['6 a 2 with 100', '7 a 4 with 100', '12 a 5 with 101', '13 b 6 with 200', '35 a 7 with 102'],
  poisoned: [],
};

const versioned = (mode: 'available' | 'ordered') => () =>
  pipeline('versions', { from: { left, right } }, (from) => [
    asOf(from.left.keyBy('key'), from.right.keyBy('key'), {
      name: 'with-version',
      within: '50ms',
      mode,
      how: 'left',
      beforeFirst: 'none',
      retracts: ({ at, n }) => (n < 0 ? at + n : null),
      ...(mode === 'available' ? { reviseFor: '8ms' as const } : {}),
    })
      .through(
        map(({ left: row, right: known, revision }) => ({
          at: row.at,
          key: row.key,
          what: `${row.n} with ${known?.n ?? 'none'}, ${revision}`,
        })),
      )
      .to(out),
  ]);

const versions = [
  heard(left, 10, 'a', 1, 9),
  heard(right, 11, 'a', 100, 10),
  heard(left, 12, 'a', 2),
  // Heard late, and the right one for the 2 at 12, not for the 1 at 9.
  heard(right, 14, 'a', 101, 12),
  // Takes back what holds from 12.
  heard(right, 16, 'a', -4, 16),
  heard(left, 17, 'b', 3),
  heard(left, 18, 'a', 4),
  // Too late for the 2.
  heard(right, 21, 'a', 102, 11),
  heard(left, 40, 'a', 5),
  heard(right, 41, 'b', 200, 40),
];

export const laws: Readonly<Record<string, OperatorLaws>> = {
  'rows that wait': waiting,
  revised: {
    rows: versions,
    endsAt: 90,
    poisoned: [],
    pipeline: versioned('available'),
    expected: [
      '10 a 1 with none, 0',
      '12 a 2 with 100, 0',
      '14 a 2 with 101, 1',
      '16 a 2 with 100, 2',
      '17 b 3 with none, 0',
      '18 a 4 with 100, 0',
      '21 a 4 with 102, 1',
      '40 a 5 with 102, 0',
    ],
  },
  ordered: {
    rows: versions,
    endsAt: 90,
    poisoned: [],
    pipeline: versioned('ordered'),
    // The version from 11 was heard when the watermark was 16 already: late, so it never held.
    expected: ['12 a 1 with none, 0', '17 a 2 with 101, 0', '41 b 3 with none, 0', '41 a 4 with 100, 0'],
  },
};
