import { map } from '../../../operators/map.ts';
import { windowJoin } from '../../../operators/window-join.ts';
import type { WindowBounds } from '../../../operators/window/windowed.ts';
import type { Duration } from '../../../runtime/duration.ts';
import { pipeline } from '../../../runtime/pipeline.ts';
import { tumbling } from '../../../runtime/window-spec.ts';
import { heard, left, type Noted, out, right, type Said } from '../../support/law-topics.ts';
import type { OperatorLaws } from '../../support/laws.ts';

const met = (how: 'inner' | 'outer' | 'semi', lateness?: Duration) =>
  pipeline('met', { from: { left, right } }, (from) => {
    const rest = { name: 'met', window: tumbling('10ms'), ...(lateness === undefined ? {} : { lateness }) };
    const say = (row: Noted | null, other: Noted | null | undefined, bounds: WindowBounds): Said => ({
      at: bounds.windowEnd - 1,
      key: (row ?? other!).key,
      what: `[${bounds.windowStart};${bounds.windowEnd}) ${bounds.firing} ${row?.n ?? 'none'}${other === undefined ? '' : ` with ${other?.n ?? 'none'}`}`,
    });
    const lefts = from.left.keyBy('key');
    const rights = from.right.keyBy('key');
    const results =
      how === 'semi'
        ? windowJoin(lefts, rights, { ...rest, how, select: (row, bounds) => say(row, undefined, bounds) })
        : windowJoin(lefts, rights, { ...rest, how: how as 'outer', select: say });
    const late = map(({ at, key, n }: Noted): Said => ({ at, key, what: `late ${n} of ${at}` }));
    return [
      results.to(out),
      results.late.left.through(late).to(out),
      results.late.right.through(late).to(out),
    ];
  });

const rows = [
  heard(left, 1, 'a', 1),
  heard(right, 2, 'a', 100),
  heard(right, 3, 'a', 101),
  heard(left, 4, 'b', 2),
  heard(right, 5, 'c', 200),
  heard(left, 10, 'a', 3),
  heard(right, 11, 'a', 102),
  // Both behind the watermark 10 or 11, in [0;10), which has been said.
  heard(right, 12, 'b', 201, 6),
  heard(left, 13, 'a', 4, 7),
  heard(left, 31, 'b', 5),
  heard(right, 32, 'b', 202),
  // More than 5 late.
  heard(left, 33, 'b', 6, 14),
];

const same = { rows, endsAt: 60, poisoned: [] };

export const laws: Readonly<Record<string, OperatorLaws>> = {
  inner: {
    ...same,
    pipeline: () => met('inner'),
    expected: [
      '11 a [0;10) on time 1 with 100',
      '11 a [0;10) on time 1 with 101',
      '12 b late 201 of 6',
      '13 a late 4 of 7',
      '32 a [10;20) on time 3 with 102',
      '33 b late 6 of 14',
    ],
  },
  'outer, late rows count for 5 more': {
    ...same,
    pipeline: () => met('outer', '5ms'),
    expected: [
      '11 a [0;10) on time 1 with 100',
      '11 a [0;10) on time 1 with 101',
      '11 b [0;10) on time 2 with none',
      '11 c [0;10) on time none with 200',
      '12 b [0;10) late 2 with 201',
      '13 a [0;10) late 4 with 100',
      '13 a [0;10) late 4 with 101',
      '32 a [10;20) on time 3 with 102',
      '33 b late 6 of 14',
    ],
  },
  'semi, late rows count for 5 more': {
    ...same,
    pipeline: () => met('semi', '5ms'),
    expected: [
      '11 a [0;10) on time 1',
      '12 b [0;10) late 2',
      '13 a [0;10) late 4',
      '32 a [10;20) on time 3',
      '33 b late 6 of 14',
    ],
  },
};
