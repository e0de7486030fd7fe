import { dedupe, type DedupeOptions } from '../../../operators/dedupe.ts';
import { map } from '../../../operators/map.ts';
import { pipeline } from '../../../runtime/pipeline.ts';
import { heard, left, type Noted, out, refusePoison } from '../../support/law-topics.ts';
import type { OperatorLaws } from '../../support/laws.ts';

const first = (by?: NonNullable<DedupeOptions<Noted>['by']>) =>
  pipeline('dedupe', { from: { left } }, (from) => [
    from.left
      .keyBy('key')
      .through(dedupe({ name: 'first', within: '10ms', ...(by === undefined ? {} : { by }) }))
      .through(map(({ at, key, n }) => ({ at, key, what: String(n) })))
      .to(out),
  ]);

const same = {
  rows: [
    heard(left, 1, 'a', 1),
    heard(left, 2, 'a', 2),
    heard(left, 3, 'b', 1),
    heard(left, 5, 'a', 1),
    // Sent again later, with the event time of the first.
    heard(left, 10, 'a', 1, 1),
    heard(left, 11, 'a', 1),
    heard(left, 12, 'a', 2),
    heard(left, 12.5, 'b', 1),
    heard(left, 20, 'a', 1),
    heard(left, 40, 'b', 1),
  ],
  endsAt: 60,
};

export const laws: Readonly<Record<string, OperatorLaws>> = {
  'by a field': {
    ...same,
    pipeline: () => first('n'),
    expected: ['1 a 1', '2 a 2', '3 b 1', '11 a 1', '12 a 2', '40 b 1'],
    poisoned: [],
  },
  'by what a function says': {
    ...same,
    pipeline: () => first((row) => `${refusePoison(row) % 2}`),
    expected: ['1 a 1', '2 a 2', '3 b 1', '11 a 1', '12 a 2', '40 b 1'],
    poisoned: [left],
  },
  'by the key': {
    ...same,
    pipeline: () => first(),
    expected: ['1 a 1', '3 b 1', '11 a 1', '40 b 1'],
    poisoned: [],
  },
};
