import { map } from '../../../operators/map.ts';
import { pattern, type PatternOptions } from '../../../operators/pattern.ts';
import { pipeline } from '../../../runtime/pipeline.ts';
import { topic } from '../../../runtime/topic.ts';
import { heard, left, type Noted, out, refusePoison, type Said } from '../../support/law-topics.ts';
import type { OperatorLaws } from '../../support/laws.ts';

const PICKED_UP = 1;
const DELIVERED = 2;
const EXCEPTION = 3;

type Options = Pick<PatternOptions<unknown, true>, 'mode' | 'after'>;

const sequence = (options: Options) =>
  pipeline('pattern', { from: { left: disordered } }, (from) => {
    const found = pattern(from.left.keyBy('key'), {
      name: 'troubled',
      steps: [
        { name: 'pickedUp', where: (row) => row.n === PICKED_UP },
        { not: 'delivered', where: (row) => row.n === DELIVERED },
        {
          name: 'exception',
          where: (row, { pickedUp }) => row.n === EXCEPTION && row.at >= pickedUp!.at,
          within: '10ms',
        },
      ],
      within: '1s',
      timeouts: true,
      ...options,
    });
    const words = map((result: (typeof found)['rowType'] & {}): Said => {
      const { rows, startedAt, endedAt } = result;
      const from0 = rows.pickedUp!;
      const what =
        result.outcome === 'matched'
          ? `${from0.at} then ${result.rows.exception.at}`
          : `${from0.at} without ${result.waitedFor}`;
      return { at: from0.at, key: from0.key, what: `${what}, ${startedAt} to ${endedAt}` };
    });
    const late = map(({ at, key, n }: Noted): Said => ({ at, key, what: `late ${n} of ${at}` }));
    return [found.through(words).to(out), found.late.through(late).to(out)];
  });

/** Rows may come 5 behind. */
const disordered = topic('left', { schema: left.schema!, key: (row) => row.key, disorderMs: 5 });

const rows = [
  heard(left, 1, 'a', PICKED_UP),
  heard(left, 3, 'b', PICKED_UP),
  heard(left, 4, 'a', PICKED_UP),
  heard(left, 6, 'a', EXCEPTION),
  heard(left, 7, 'b', EXCEPTION, 6),
  // Delivered before the exception of b, and heard after it.
  heard(left, 8, 'b', DELIVERED, 5),
  heard(left, 9, 'c', PICKED_UP),
  heard(left, 14, 'c', EXCEPTION, 9),
  heard(left, 20, 'a', PICKED_UP),
  heard(left, 21, 'a', DELIVERED),
  heard(left, 22, 'a', EXCEPTION),
  heard(left, 25, 'b', PICKED_UP),
  heard(left, 31, 'c', EXCEPTION, 19),
  heard(left, 35, 'b', EXCEPTION),
  heard(left, 50, 'c', 0),
];

const silence = () =>
  pipeline('silence', { from: { left } }, (from) => {
    const found = pattern(from.left.keyBy('key'), {
      name: 'stuck',
      steps: [
        { name: 'pickedUp', where: (row) => refusePoison(row) === PICKED_UP },
        { not: 'exception', where: (row) => row.n === EXCEPTION, within: '3ms' },
        { name: 'again', where: (row) => row.n === PICKED_UP, within: '20ms' },
        { not: 'delivered', where: (row) => row.n === DELIVERED, within: '10ms' },
      ],
      within: '25ms',
    });
    const words = map((result: (typeof found)['rowType'] & {}): Said => {
      const { pickedUp, again } = result.rows;
      return {
        at: again.at,
        key: again.key,
        what: `${pickedUp.at} and ${again.at}, until ${result.endedAt}`,
      };
    });
    return [found.through(words).to(out)];
  });

export const laws: Readonly<Record<string, OperatorLaws>> = {
  'available, skip past last': {
    pipeline: () => sequence({}),
    rows,
    endsAt: 90,
    expected: [
      '6 a 1 then 6, 1 to 6',
      '7 b 3 then 6, 3 to 7',
      '14 c 9 then 9, 9 to 14',
      '35 b 25 without exception, 25 to 35',
    ],
    poisoned: [],
  },
  'available, next row': {
    pipeline: () => sequence({ after: 'next row' }),
    rows,
    endsAt: 90,
    expected: [
      '6 a 1 then 6, 1 to 6',
      '6 a 4 then 6, 4 to 6',
      '7 b 3 then 6, 3 to 7',
      '14 c 9 then 9, 9 to 14',
      '35 b 25 without exception, 25 to 35',
    ],
    poisoned: [],
  },
  ordered: {
    pipeline: () => sequence({ mode: 'ordered' }),
    rows,
    endsAt: 90,
    expected: [
      // The watermark passes 6 with the row of 20.
      '20 a 1 then 6, 1 to 6',
      '20 c 9 then 9, 9 to 9',
      '31 c late 3 of 19',
      '50 b 25 without exception, 25 to 35',
    ],
    poisoned: [],
  },
  'not until the end': {
    pipeline: silence,
    rows: [
      heard(left, 1, 'a', PICKED_UP),
      heard(left, 3, 'a', PICKED_UP),
      // Refused before the second, but only for 3.
      heard(left, 4, 'b', PICKED_UP),
      heard(left, 6, 'b', EXCEPTION),
      heard(left, 7, 'c', PICKED_UP),
      heard(left, 10, 'c', EXCEPTION),
      heard(left, 11, 'b', PICKED_UP),
      heard(left, 12, 'a', DELIVERED),
      heard(left, 26, 'c', PICKED_UP),
      heard(left, 32, 'c', DELIVERED),
    ],
    endsAt: 90,
    // a was delivered 9 after; c's 25 were over at 32, before the row of that time.
    expected: ['32 c 7 and 26, until 32'],
    poisoned: [left],
  },
};
