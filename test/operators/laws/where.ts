import { map } from '../../../operators/map.ts';
import { where } from '../../../operators/where.ts';
import { pipeline } from '../../../runtime/pipeline.ts';
import { heard, left, out, refusePoison } from '../../support/law-topics.ts';
import type { OperatorLaws } from '../../support/laws.ts';

export const laws: OperatorLaws = {
  pipeline: () =>
    pipeline('where', { from: { left } }, (from) => [
      from.left
        .through(
          where((row) => refusePoison(row) > 2),
          map(({ at, key, n }) => ({ at, key, what: String(n) })),
        )
        .to(out),
    ]),
  rows: [1, 3, 2, 5, 2, 4].map((n, index) => heard(left, index + 1, index % 2 === 0 ? 'a' : 'b', n)),
  endsAt: 10,
  expected: ['2 b 3', '4 b 5', '6 b 4'],
  poisoned: [left],
};
