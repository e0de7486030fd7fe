import { map } from '../../../operators/map.ts';
import { top } from '../../../operators/top.ts';
import { pipeline } from '../../../runtime/pipeline.ts';
import { tumbling } from '../../../runtime/window-spec.ts';
import { heard, left, out } from '../../support/law-topics.ts';
import type { OperatorLaws } from '../../support/laws.ts';

export const laws: OperatorLaws = {
  pipeline: () =>
    pipeline('top', { from: { left } }, (from) => [
      from.left
        .keyBy('key')
        .window(tumbling('10ms'))
        .through(top('best', 'n', { k: 1, keepTiesUpTo: 3 }))
        .through(map(({ at, key, n }) => ({ at, key, what: `${n} of ${at}` })))
        .to(out),
    ]),
  rows: [
    heard(left, 1, 'a', 5),
    heard(left, 3, 'a', 9),
    heard(left, 4, 'a', 9),
    heard(left, 5, 'b', 1),
    heard(left, 12, 'a', 2),
    heard(left, 25, 'b', 7),
  ],
  endsAt: 30,
  expected: ['12 a 9 of 3', '12 a 9 of 4', '12 b 1 of 5', '25 a 2 of 12'],
  poisoned: [],
};
