import { map } from '../../../operators/map.ts';
import { pipeline } from '../../../runtime/pipeline.ts';
import { heard, left, out, refusePoison } from '../../support/law-topics.ts';
import type { OperatorLaws } from '../../support/laws.ts';

export const laws: OperatorLaws = {
  pipeline: () =>
    pipeline('map', { from: { left } }, (from) => [
      from.left
        .through(map((row) => ({ at: row.at, key: row.key, what: String(refusePoison(row) * 2) })))
        .to(out),
    ]),
  rows: [1, 3, 2, 5].map((n, index) => heard(left, index + 1, 'a', n)),
  endsAt: 10,
  expected: ['1 a 2', '2 a 6', '3 a 4', '4 a 10'],
  poisoned: [left],
};
