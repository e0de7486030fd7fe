import { absence } from '../../operators/absence.ts';
import { keyedProcess, rowsOf } from '../../operators/keyed-process.ts';
import { map } from '../../operators/map.ts';
import { where } from '../../operators/where.ts';
import { pipeline } from '../../runtime/pipeline.ts';
import { heard, left, out, right, type Said } from '../support/law-topics.ts';
import { operatorLaws } from '../support/laws.ts';

// Rows of one topic that reach a step by two ways, and timers of one step that reach another beside rows: whatever the
// batches, each row is followed by what became of it before the next row comes. It failed as long as a beat was handed
// on input by input instead of being put together first.
operatorLaws('a step that one topic reaches by two ways, and by the timers of another step', {
  pipeline: () =>
    pipeline('diamond', { from: { left, right } }, (from) => {
      const rows = from.left.keyBy('key');
      const odd = from.left.through(where(({ n }) => n % 2 === 1)).keyBy('key');
      const silent = absence(rows, { name: 'silent', expectedBy: ({ at }) => at + 3 });
      return [
        keyedProcess('all', {
          inputs: { rows, odd, silent, other: from.right.keyBy('key') },
          emits: rowsOf<Said>(),
          initial: '',
          on: {
            rows: ({ at, key, n }, { emit }) => emit({ at, key, what: `row ${n}` }),
            odd: ({ at, key, n }, { emit }) => emit({ at, key, what: `odd ${n}` }),
            silent: ({ row, state, noticedAt }, { emit }) =>
              emit({ at: noticedAt, key: row.key, what: `${state} ${row.n}` }),
            other: ({ at, key, n }, { emit }) => emit({ at, key, what: `other ${n}` }),
          },
        })
          .through(map((row) => row))
          .to(out),
      ];
    }),
  rows: [
    heard(left, 1, 'a', 1),
    heard(left, 2, 'a', 2),
    heard(right, 4, 'a', 3),
    heard(right, 5, 'a', 4),
    heard(right, 6, 'a', 5),
    heard(left, 7, 'a', 7),
  ],
  endsAt: 20,
  expected: [
    '1 a row 1',
    '1 a odd 1',
    '2 a row 2',
    '4 a other 3',
    '5 a missing 2',
    '5 a other 4',
    '6 a other 5',
    '7 a row 7',
    '7 a odd 7',
    '7 a back 7',
    '10 a missing 7',
  ],
  poisoned: [],
});
