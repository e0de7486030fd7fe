import { table } from '../../../operators/broadcast-table.ts';
import { keyedProcess, rowsOf } from '../../../operators/keyed-process.ts';
import { pipeline } from '../../../runtime/pipeline.ts';
import { heard, left, notes, type Noted, out, refusePoison, type Said } from '../../support/law-topics.ts';
import type { OperatorLaws } from '../../support/laws.ts';

const words = (found: readonly Noted[]): string => found.map(({ n }) => n).join(' ') || 'nothing';

/**
 * A note is found by two words, its own key and the tens of its number, for as long as the number's ones say. A key
 * watches the tens of its last row and asks again 3 later.
 */
export const laws: OperatorLaws = {
  pipeline: () =>
    pipeline('notes', { from: { left, notes } }, (from) => [
      keyedProcess('notes-of-key', {
        inputs: { rows: from.left.keyBy('key') },
        tables: {
          notes: table(from.notes, {
            key: (row) => row.key,
            matches: (row) => [row.key, `tens ${Math.floor(refusePoison(row) / 10)}`],
            until: (row) => (row.n % 10 === 0 ? Infinity : row.at + (row.n % 10)),
          }),
        },
        interests: { notes: ({ tens }) => (tens === null ? [] : [`tens ${tens}`]) },
        emits: rowsOf<Said>(),
        initial: { tens: null as number | null },
        on: {
          rows: (row, context) => {
            context.set({ tens: row.n });
            context.timer('again', context.now + 3);
            const what = `sees ${words(context.matching('notes'))}`;
            context.emit({ at: row.at, key: row.key, what });
          },
        },
        onTable: {
          notes: ({ n }, context) => context.emit({ at: context.now, key: context.key, what: `hears ${n}` }),
        },
        onTimer: (_, context) => {
          const what = `again ${words(context.matching('notes'))}`;
          context.emit({ at: context.now, key: context.key, what });
        },
      }).to(out),
    ]),
  rows: [
    heard(notes, 1, 'x', 22),
    heard(left, 2, 'a', 2),
    heard(notes, 3.5, 'y', 20),
    heard(left, 4, 'b', 3),
    heard(notes, 6, 'y', 30),
    heard(left, 7, 'a', 3),
    heard(left, 9, 'b', 2),
    heard(notes, 11, 'x', 25),
    heard(notes, 11.5, 'z', 24),
    heard(left, 20, 'b', 2),
  ],
  endsAt: 40,
  expected: [
    '2 a sees 22',
    '3.5 a hears 20',
    '4 b sees nothing',
    '5 a again 20',
    '6 a hears 30',
    '6 b hears 30',
    '7 b again 30',
    '7 a sees 30',
    '9 b sees nothing',
    '10 a again 30',
    '11 b hears 25',
    '11.5 b hears 24',
    '12 b again 25 24',
    '20 b sees nothing',
    '23 b again nothing',
  ],
  poisoned: [notes],
};
