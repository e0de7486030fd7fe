import { flatMap } from '../../../operators/flat-map.ts';
import { pipeline } from '../../../runtime/pipeline.ts';
import { heard, left, out, refusePoison } from '../../support/law-topics.ts';
import type { OperatorLaws } from '../../support/laws.ts';

export const laws: OperatorLaws = {
  pipeline: () =>
    pipeline('flat-map', { from: { left } }, (from) => [
      from.left
        .through(
          flatMap((row) =>
            Array.from({ length: refusePoison(row) }, (_, index) => ({
              at: row.at,
              key: row.key,
              what: `${row.n}.${index}`,
            })),
          ),
        )
        .to(out),
    ]),
  rows: [2, 0, 1, 3].map((n, index) => heard(left, index + 1, index < 2 ? 'a' : 'b', n)),
  endsAt: 10,
  expected: ['1 a 2.0', '1 a 2.1', '3 b 1.0', '4 b 3.0', '4 b 3.1', '4 b 3.2'],
  poisoned: [left],
};
