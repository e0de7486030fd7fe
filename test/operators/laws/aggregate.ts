import { aggregate } from '../../../operators/aggregate.ts';
import { collect } from '../../../operators/aggregates/collect.ts';
import { count } from '../../../operators/aggregates/count.ts';
import { sum } from '../../../operators/aggregates/sum.ts';
import { map } from '../../../operators/map.ts';
import { pipeline } from '../../../runtime/pipeline.ts';
import { everyRows, hopping, session, tumbling, type WindowSpec } from '../../../runtime/window-spec.ts';
import type { WindowOptions } from '../../../operators/window/windowed.ts';
import { heard, left, type Noted, out, type Said } from '../../support/law-topics.ts';
import type { OperatorLaws } from '../../support/laws.ts';

const windows = (spec: WindowSpec, options: WindowOptions = {}) =>
  pipeline('windows', { from: { left } }, (from) => {
    const results = from.left
      .keyBy('key')
      .window(spec)
      .through(
        aggregate(
          'by-window',
          { rows: count(), total: sum('n'), seen: collect('n', { atMost: 9, past: 'fail' }) },
          options,
        ),
      );
    const words = map(
      ({
        key,
        windowStart,
        windowEnd,
        firing,
        rows,
        total,
        seen,
      }: (typeof results)['rowType'] & {}): Said => ({
        at: windowEnd - 1,
        key,
        what: `[${windowStart};${windowEnd}) ${firing} ${rows} ${total} ${seen.join('+')}`,
      }),
    );
    const late = map(({ at, key, n }: Noted): Said => ({ at, key, what: `late ${n} of ${at}` }));
    return [results.through(words).to(out), results.late.through(late).to(out)];
  });

const rows = [
  heard(left, 1, 'a', 1),
  heard(left, 2, 'b', 2),
  heard(left, 9, 'a', 4),
  heard(left, 10, 'a', 8),
  // Behind the watermark 10, in [0;10).
  heard(left, 11, 'a', 16, 8),
  heard(left, 14, 'b', 32),
  heard(left, 25, 'a', 64),
  heard(left, 26, 'b', 128, 7),
  heard(left, 40, 'a', 256),
];

const same = { rows, endsAt: 50, poisoned: [] };

export const laws: Readonly<Record<string, OperatorLaws>> = {
  tumbling: {
    ...same,
    pipeline: () => windows(tumbling('10ms')),
    expected: [
      '10 a [0;10) on time 2 5 1+4',
      '10 b [0;10) on time 1 2 2',
      '11 a late 16 of 8',
      '25 a [10;20) on time 1 8 8',
      '25 b [10;20) on time 1 32 32',
      '26 b late 128 of 7',
      '40 a [20;30) on time 1 64 64',
    ],
  },
  'tumbling, late rows count for 5 more': {
    ...same,
    pipeline: () => windows(tumbling('10ms'), { lateness: '5ms' }),
    expected: [
      '10 a [0;10) on time 2 5 1+4',
      '10 b [0;10) on time 1 2 2',
      '11 a [0;10) late 3 21 1+16+4',
      '25 a [10;20) on time 1 8 8',
      '25 b [10;20) on time 1 32 32',
      '26 b late 128 of 7',
      '40 a [20;30) on time 1 64 64',
    ],
  },
  'hopping, with early results': {
    ...same,
    pipeline: () => windows(hopping('20ms', '10ms'), { early: '5ms' }),
    expected: [
      '5 a [-10;10) early 1 1 1',
      '5 a [0;20) early 1 1 1',
      '5 b [-10;10) early 1 2 2',
      '5 b [0;20) early 1 2 2',
      '10 a [-10;10) early 2 5 1+4',
      '10 a [0;20) early 2 5 1+4',
      '10 a [-10;10) on time 2 5 1+4',
      '10 b [-10;10) on time 1 2 2',
      '15 a [0;20) early 4 29 1+16+4+8',
      '15 a [10;30) early 1 8 8',
      '15 b [0;20) early 2 34 2+32',
      '15 b [10;30) early 1 32 32',
      '25 a [0;20) on time 4 29 1+16+4+8',
      '25 b [0;20) on time 2 34 2+32',
      '26 b late 128 of 7',
      '30 a [10;30) early 2 72 8+64',
      '30 a [20;40) early 1 64 64',
      '40 a [10;30) on time 2 72 8+64',
      '40 b [10;30) on time 1 32 32',
      '40 a [20;40) on time 1 64 64',
      '45 a [30;50) early 1 256 256',
      '45 a [40;60) early 1 256 256',
    ],
  },
  session: {
    ...same,
    pipeline: () => windows(session('6ms')),
    expected: [
      '9 a [1;7) on time 1 1 1',
      '9 b [2;8) on time 1 2 2',
      '25 a [8;16) on time 3 28 16+4+8',
      '25 b [14;20) on time 1 32 32',
      '26 b late 128 of 7',
      '40 a [25;31) on time 1 64 64',
    ],
  },
  'session, late rows and early results': {
    ...same,
    pipeline: () => windows(session('6ms'), { lateness: '30ms', early: '5ms' }),
    expected: [
      '5 a [1;7) early 1 1 1',
      '5 b [2;8) early 1 2 2',
      '9 a [1;7) on time 1 1 1',
      '9 b [2;8) on time 1 2 2',
      '10 a [9;15) early 1 4 4',
      '15 a [8;16) early 3 28 16+4+8',
      '15 b [14;20) early 1 32 32',
      '25 a [8;16) on time 3 28 16+4+8',
      '25 b [14;20) on time 1 32 32',
      '26 b [2;13) late 2 130 2+128',
      '30 a [25;31) early 1 64 64',
      '40 a [25;31) on time 1 64 64',
      '45 a [40;46) early 1 256 256',
    ],
  },
  count: {
    ...same,
    pipeline: () => windows(everyRows(2, { ttl: '20ms' })),
    expected: [
      '9 a [1;10) on time 2 5 1+4',
      '11 a [8;11) on time 2 24 16+8',
      '14 b [2;15) on time 2 34 2+32',
      '40 a [25;41) on time 2 320 64+256',
      '40 b [7;8) early 1 128 128',
    ],
  },
};
