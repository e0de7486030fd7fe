import { absence } from '../../../operators/absence.ts';
import { map } from '../../../operators/map.ts';
import { pipeline } from '../../../runtime/flow.ts';
import { heard, left, out, refusePoison } from '../../support/law-topics.ts';
import type { OperatorLaws } from '../../support/laws.ts';

/** A row's number is for how long the next one may be awaited; 0 ends the watch, below 0 it should be here already. */
export const laws: OperatorLaws = {
  pipeline: () =>
    pipeline('absence', { from: { left } }, (from) => [
      absence(from.left.keyBy('key'), {
        name: 'silent',
        expectedBy: (row, now) => (refusePoison(row) === 0 ? null : now + row.n),
      })
        .through(
          map(({ state, row, expectedBy }) => ({
            at: row.at,
            key: row.key,
            what: `${state} after ${row.n}, expected by ${expectedBy}`,
          })),
        )
        .to(out),
    ]),
  rows: [
    heard(left, 1, 'a', 10),
    heard(left, 4, 'b', 3),
    heard(left, 8, 'a', 10),
    heard(left, 9, 'b', -1),
    heard(left, 10, 'c', -2),
    heard(left, 11, 'c', 5),
    heard(left, 12, 'c', 0),
    heard(left, 25, 'a', 6),
    heard(left, 26, 'b', 0),
    heard(left, 31, 'a', 9),
  ],
  endsAt: 50,
  expected: [
    '7 b missing after 3, expected by 7',
    '10 c missing after -2, expected by 8',
    '11 c back after 5, expected by 8',
    '18 a missing after 10, expected by 18',
    '25 a back after 6, expected by 18',
    '26 b back after 0, expected by 8',
    '31 a missing after 6, expected by 31',
    '31 a back after 9, expected by 31',
    '40 a missing after 9, expected by 40',
  ],
  poisoned: [left],
};
