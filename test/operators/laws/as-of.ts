import { asOf } from '../../../operators/as-of.ts';
import { map } from '../../../operators/map.ts';
import { pipeline } from '../../../runtime/flow.ts';
import { heard, left, out, right } from '../../support/law-topics.ts';
import type { OperatorLaws } from '../../support/laws.ts';

export const laws: OperatorLaws = {
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
