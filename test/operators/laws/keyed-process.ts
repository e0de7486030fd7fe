import { table } from '../../../operators/broadcast-table.ts';
import { keyedProcess, rowsOf } from '../../../operators/keyed-process.ts';
import { pipeline } from '../../../runtime/pipeline.ts';
import { heard, left, notes, out, refusePoison, right, type Said } from '../../support/law-topics.ts';
import type { OperatorLaws } from '../../support/laws.ts';

/**
 * Sums what is heard of a key, says so 5 after its last row and then forgets it. A right row of 0 forgets at once, one
 * below 0 sets a timer in the past. Each key hears of the note that bears its sum's parity.
 */
const sums: OperatorLaws = {
  pipeline: () =>
    pipeline('keyed', { from: { left, right, notes } }, (from) => [
      keyedProcess('sum', {
        inputs: { left: from.left.keyBy('key'), right: from.right.keyBy('key') },
        tables: {
          notes: table(from.notes, { key: (row) => row.key, until: (row) => row.at + refusePoison(row) }),
        },
        interests: { notes: ({ sum }) => [sum % 2 === 0 ? 'even' : 'odd'] },
        emits: rowsOf<Said>(),
        initial: { sum: 0 },
        on: {
          left: (row, context) => {
            const sum = context.state.sum + refusePoison(row);
            context.set({ sum });
            context.timer('silence', context.now + 5);
            const known = context.matching('notes').map(({ n }) => n);
            context.emit({ at: row.at, key: row.key, what: `sum ${sum} notes [${known.join(' ')}]` });
          },
          right: (row, context) => {
            if (refusePoison(row) === 0) context.drop();
            else context.timer('past', context.now + row.n);
          },
        },
        onTable: {
          notes: (note, context) => {
            const what = `note ${note.n} at ${context.state.sum}`;
            context.emit({ at: context.now, key: context.key, what });
          },
        },
        onTimer: (name, context) => {
          const known = context.lookup('notes', 'even')?.n ?? 'none';
          context.emit({
            at: context.now,
            key: context.key,
            what: `${name} ${context.state.sum} even ${known}`,
          });
          if (name === 'silence') context.drop();
        },
      }).to(out),
    ]),
  rows: [
    heard(left, 1, 'a', 1),
    heard(notes, 2, 'odd', 30),
    heard(left, 3, 'b', 2),
    heard(notes, 4, 'even', 5),
    heard(left, 4.5, 'd', 0),
    heard(right, 5, 'a', -3),
    heard(left, 6, 'a', 3),
    heard(right, 7.5, 'b', 0),
    heard(left, 10, 'a', 1),
    heard(notes, 11.5, 'even', 50),
    heard(left, 14, 'b', 4),
    heard(left, 16, 'c', 7),
  ],
  endsAt: 40,
  expected: [
    '1 a sum 1 notes []',
    '2 a note 30 at 1',
    '3 b sum 2 notes []',
    '4 b note 5 at 2',
    '4.5 d sum 0 notes [5]',
    '5 a past 1 even 5',
    '6 a silence 1 even 5',
    '6 a sum 3 notes [30]',
    '9.5 d silence 0 even none',
    '10 a sum 4 notes []',
    '11.5 a note 50 at 4',
    '14 b sum 4 notes [50]',
    '15 a silence 4 even 50',
    '16 c sum 7 notes [30]',
    '19 b silence 4 even 50',
    '21 c silence 7 even 50',
  ],
  poisoned: [left, right, notes],
};

/**
 * A note is answered by one key a share, each a step of log time after the one before; a second note waits until the
 * first was answered by all. A key that is dropped meanwhile, or wants to hear of notes no more, does not answer and
 * takes up no share.
 */
const shares: OperatorLaws = {
  pipeline: () =>
    pipeline('shares', { from: { left, notes } }, (from) => [
      keyedProcess('heard', {
        inputs: { left: from.left.keyBy('key') },
        tables: { notes: table(from.notes, { key: (row) => row.key }) },
        interests: { notes: ({ sum }) => (sum < 0 ? [] : ['note']) },
        keysAtOnce: 1,
        emits: rowsOf<Said>(),
        initial: { sum: 0 },
        on: {
          left: (row, context) => {
            if (row.n === 0) context.drop();
            else context.set({ sum: context.state.sum + row.n });
          },
        },
        onTable: {
          notes: ({ n }, context) => {
            context.set({ sum: context.state.sum + n });
            const what = `note ${n} makes ${context.state.sum}`;
            context.emit({ at: context.now, key: context.key, what });
          },
        },
      }).to(out),
    ]),
  rows: [
    heard(left, 1, 'a', 1),
    heard(left, 2, 'b', 2),
    heard(left, 3, 'c', 3),
    heard(left, 4, 'd', 4),
    heard(notes, 5, 'note', 10),
    heard(notes, 5 + 1 / 1_024, 'note', 100),
    heard(left, 5 + 2 / 1_024, 'd', 0),
    heard(left, 5 + 3 / 1_024, 'b', -100),
    heard(left, 6, 'a', 1),
    heard(notes, 7, 'note', 1_000),
  ],
  endsAt: 9,
  expected: [
    '5 a note 10 makes 11',
    '5.0009765625 b note 10 makes 12',
    '5.001953125 c note 10 makes 13',
    '5.00390625 a note 100 makes 111',
    '5.0048828125 c note 100 makes 113',
    '7 a note 1000 makes 1112',
    '7.0009765625 c note 1000 makes 1113',
  ],
  // A row put between these would push them past the shares.
  poisoned: [],
};

/**
 * A note is answered by the greatest sum first, whoever heard of it first, one key a share. A key that has nothing to say
 * to it takes up none.
 */
const urgent: OperatorLaws = {
  pipeline: () =>
    pipeline('urgent', { from: { left, notes } }, (from) => [
      keyedProcess('heard', {
        inputs: { left: from.left.keyBy('key') },
        tables: { notes: table(from.notes, { key: (row) => row.key }) },
        interests: { notes: () => ['note'] },
        urgency: { notes: ({ sum }) => sum },
        keysAtOnce: 1,
        emits: rowsOf<Said>(),
        initial: { sum: 0 },
        on: { left: (row, context) => context.set({ sum: context.state.sum + row.n }) },
        onTable: {
          notes: ({ n }, { now, key, state: { sum }, emit }) => {
            if (sum !== 9) emit({ at: now, key, what: `note ${n} at ${sum}` });
          },
        },
      }).to(out),
    ]),
  rows: [
    heard(left, 1, 'a', 1),
    heard(left, 2, 'b', 9),
    heard(left, 3, 'c', 1),
    heard(left, 4, 'd', 5),
    heard(left, 5, 'e', 7),
    heard(notes, 10, 'note', 1),
    heard(left, 12, 'a', 7),
    heard(notes, 13, 'note', 2),
  ],
  endsAt: 20,
  expected: [
    '10 e note 1 at 7',
    '10.0009765625 d note 1 at 5',
    '10.001953125 a note 1 at 1',
    '10.0029296875 c note 1 at 1',
    '13 a note 2 at 8',
    '13.0009765625 e note 2 at 7',
    '13.001953125 d note 2 at 5',
    '13.0029296875 c note 2 at 1',
  ],
  // A row put between these would push them past the shares.
  poisoned: [],
};

export const laws = { sums, 'by shares': shares, 'most urgent first': urgent };
