import { intervalJoin } from '../../../operators/interval-join.ts';
import { map } from '../../../operators/map.ts';
import type { JoinMode } from '../../../operators/keyed-process.ts';
import { pipeline } from '../../../runtime/pipeline.ts';
import { heard, left, type Noted, out, right, type Said } from '../../support/law-topics.ts';
import type { OperatorLaws } from '../../support/laws.ts';

const joined = (mode: JoinMode, how: 'inner' | 'left') =>
  pipeline('joined', { from: { left, right } }, (from) => {
    const select = (row: Noted, other: Noted | null): Said => ({
      at: row.at,
      key: row.key,
      what: `${row.n} with ${other?.n ?? 'none'}`,
    });
    const keyed = [from.left.keyBy('key'), from.right.keyBy('key')] as const;
    const options = {
      name: 'pairs',
      before: '4ms',
      after: '2ms',
      where: (row: Noted, other: Noted) => row.n + other.n !== 108,
      select,
      mode,
    } as const;
    const pairs =
      how === 'left'
        ? intervalJoin(...keyed, { ...options, how })
        : intervalJoin(...keyed, { ...options, how });
    const late = map(({ at, key, n }: Noted): Said => ({ at, key, what: `late ${n} of ${at}` }));
    return [pairs.to(out), pairs.late.left.through(late).to(out), pairs.late.right.through(late).to(out)];
  });

const rows = [
  heard(left, 1, 'a', 1),
  heard(right, 2, 'a', 100),
  heard(right, 3, 'b', 200),
  heard(left, 4, 'a', 2),
  heard(left, 5, 'c', 9),
  // Both at 7, of one key: 7 − 4 ≤ 3 reaches neither of the first two.
  heard(left, 7, 'b', 3),
  heard(right, 8, 'b', 201, 7),
  heard(right, 9, 'a', 101),
  heard(left, 10, 'a', 4),
  // The watermark is 9: late.
  heard(left, 11, 'b', 5, 6),
  heard(right, 12, 'a', 102),
  heard(left, 13, 'a', 6),
  heard(right, 14, 'b', 202, 8),
  heard(left, 30, 'b', 7),
  heard(right, 31, 'b', 203),
];

const available = [
  '2 a 1 with 100',
  '4 a 2 with 100',
  '7 b 3 with 200',
  '8 b 3 with 201',
  '10 a 4 with 101',
  '11 b late 5 of 6',
  '12 a 4 with 102',
  '13 a 6 with 101',
  '14 b late 202 of 8',
  '31 b 7 with 203',
];
// When the watermark comes to 4, 7, 9, 10, 12 and 30.
const ordered = [
  '4 a 1 with 100',
  '8 a 2 with 100',
  '10 b 3 with 200',
  '10 b 3 with 201',
  '11 b late 5 of 6',
  '13 a 4 with 101',
  '14 b late 202 of 8',
  '31 a 4 with 102',
  '31 a 6 with 101',
];
/** The 9 of c may have met somebody until 7, and the watermark has passed that when the row at 10 is there. */
const withAlone = (lines: readonly string[], before: string): readonly string[] =>
  lines.flatMap((line) => (line === before ? ['10 c 9 with none', line] : [line]));

const same = { rows, endsAt: 60, poisoned: [] };

export const laws: Readonly<Record<string, OperatorLaws>> = {
  available: { ...same, pipeline: () => joined('available', 'inner'), expected: available },
  'available, left': {
    ...same,
    pipeline: () => joined('available', 'left'),
    expected: withAlone(available, '11 b late 5 of 6'),
  },
  ordered: { ...same, pipeline: () => joined('ordered', 'inner'), expected: ordered },
  'ordered, left': {
    ...same,
    pipeline: () => joined('ordered', 'left'),
    expected: withAlone(ordered, '11 b late 5 of 6'),
  },
};
