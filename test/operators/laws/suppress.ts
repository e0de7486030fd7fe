import { map } from '../../../operators/map.ts';
import { suppress, type SuppressOptions } from '../../../operators/suppress.ts';
import { pipeline } from '../../../runtime/pipeline.ts';
import { heard, left, type Noted, out, refusePoison } from '../../support/law-topics.ts';
import type { OperatorLaws } from '../../support/laws.ts';

const cooling = (options: Omit<SuppressOptions<Noted>, 'name' | 'for'>) =>
  pipeline('suppress', { from: { left } }, (from) => [
    from.left
      .keyBy('key')
      .through(suppress({ name: 'cooling', for: '10ms', ...options }))
      .through(map(({ at, key, n }) => ({ at, key, what: String(n) })))
      .to(out),
  ]);

const same = {
  rows: [
    heard(left, 1, 'a', 1),
    heard(left, 2, 'b', 5),
    heard(left, 4, 'a', 2),
    heard(left, 6, 'b', 4),
    heard(left, 7, 'a', 1),
    heard(left, 11, 'a', 3),
    heard(left, 12, 'a', 2),
    heard(left, 25, 'b', 1),
  ],
  endsAt: 60,
};
const isHigher = (before: Noted, row: Noted): boolean => refusePoison(row) > before.n;

export const laws: Readonly<Record<string, OperatorLaws>> = {
  'once in a while': {
    ...same,
    pipeline: () => cooling({}),
    expected: ['1 a 1', '2 b 5', '11 a 3', '25 b 1'],
    poisoned: [],
  },
  'unless news': {
    ...same,
    pipeline: () => cooling({ unless: isHigher }),
    expected: ['1 a 1', '2 b 5', '4 a 2', '11 a 3', '25 b 1'],
    poisoned: [],
  },
  'then the last': {
    ...same,
    pipeline: () => cooling({ thenLast: true }),
    // The cool-down of a ends at 11 with the row of 7 and begins again; the one of 11 gives way to that of 12.
    expected: ['1 a 1', '2 b 5', '11 a 1', '12 b 4', '21 a 2', '25 b 1'],
    poisoned: [],
  },
  'unless news, then the last': {
    ...same,
    pipeline: () => cooling({ unless: isHigher, thenLast: true }),
    expected: ['1 a 1', '2 b 5', '4 a 2', '11 a 3', '12 b 4', '21 a 2', '25 b 1'],
    poisoned: [],
  },
};
