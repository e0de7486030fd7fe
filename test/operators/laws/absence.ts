import { type Absence, absence } from '../../../operators/absence.ts';
import type { JoinMode } from '../../../operators/keyed-process.ts';
import { map } from '../../../operators/map.ts';
import { pipeline } from '../../../runtime/pipeline.ts';
import { topic } from '../../../runtime/topic.ts';
import { heard, left, type Noted, out, refusePoison, type Said } from '../../support/law-topics.ts';
import type { OperatorLaws } from '../../support/laws.ts';

/** A row's number is for how long the next one may be awaited; 0 ends the watch, below 0 it should be here already. */
const silent = (mode: JoinMode, source: typeof left) =>
  pipeline('absence', { from: { left: source } }, (from) => {
    const found = absence(from.left.keyBy('key'), {
      name: 'silent',
      expectedBy: (row, now) => (refusePoison(row) === 0 ? null : now + row.n),
      mode,
    });
    const words = map(({ state, row, expectedBy }: Absence<Noted>): Said => {
      const what = `${state} after ${row.n}, expected by ${expectedBy}`;
      return { at: row.at, key: row.key, what };
    });
    const late = map(({ at, key, n }: Noted): Said => ({ at, key, what: `late ${n} of ${at}` }));
    return [found.through(words).to(out), found.late.through(late).to(out)];
  });

/** Rows may come 5 behind. */
const disordered = topic('left', { schema: left.schema!, key: (row) => row.key, disorderMs: 5 });

const available: OperatorLaws = {
  pipeline: () => silent('available', left),
  rows: [
    heard(left, 1, 'a', 10),
    heard(left, 4, 'b', 3),
    heard(left, 8, 'a', 10),
    heard(left, 9, 'b', -1),
    heard(left, 10, 'c', -2),
    heard(left, 11, 'c', 5),
    heard(left, 12, 'c', 0),
    heard(left, 25, 'a', 6),
    heard(left, 26, 'b', 0),
    heard(left, 31, 'a', 9),
  ],
  endsAt: 50,
  expected: [
    '7 b missing after 3, expected by 7',
    '10 c missing after -2, expected by 8',
    '11 c back after 5, expected by 8',
    '18 a missing after 10, expected by 18',
    '25 a back after 6, expected by 18',
    '26 b back after 0, expected by 8',
    '31 a missing after 6, expected by 31',
    '31 a back after 9, expected by 31',
    '40 a missing after 9, expected by 40',
  ],
  poisoned: [left],
};

const ordered: OperatorLaws = {
  pipeline: () => silent('ordered', disordered),
  rows: [
    heard(left, 1, 'a', 10),
    heard(left, 9, 'b', 4),
    // Heard after the time it was expected by, and it happened before.
    heard(left, 12, 'a', 10, 8),
    heard(left, 14, 'b', 2, 13),
    heard(left, 15, 'c', -2, 14),
    heard(left, 20, 'a', 6, 17),
    heard(left, 24, 'c', 3),
    heard(left, 25, 'b', 0, 18),
    heard(left, 26, 'b', 0, 20),
    heard(left, 40, 'c', 0),
  ],
  endsAt: 90,
  expected: [
    // With the row of 24 the watermark passes 18; a was heard of in time.
    '24 b missing after 4, expected by 13',
    '24 b back after 2, expected by 13',
    '24 c missing after -2, expected by 12',
    '24 b missing after 2, expected by 15',
    '25 b late 0 of 18',
    '40 b back after 0, expected by 15',
    '40 a missing after 6, expected by 23',
    '40 c back after 3, expected by 12',
    '40 c missing after 3, expected by 27',
  ],
  poisoned: [],
};

export const laws: Readonly<Record<string, OperatorLaws>> = { available, ordered };
