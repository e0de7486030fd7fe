import { setImmediate as nextTurn } from 'node:timers/promises';
import { beside } from '../../../operators/beside.ts';
import { map } from '../../../operators/map.ts';
import { pipeline } from '../../../runtime/pipeline.ts';
import { heard, left, type Noted, out, refusePoison } from '../../support/law-topics.ts';
import type { OperatorLaws } from '../../support/laws.ts';

/** The later it is asked, the sooner it answers: what is under way at once comes back in the other order. */
const halves = () => {
  let asked = 0;
  return async (rows: readonly Noted[]): Promise<readonly number[]> => {
    asked += 1;
    for (let turn = Math.max(1, 6 - 2 * asked); turn > 0; turn--) await nextTurn();
    return rows.map(({ n }) => n / 2);
  };
};

const numbers = [1, 3, 2, 5, 8, 4, 7];

export const laws: OperatorLaws = {
  pipeline: () =>
    pipeline('beside', { from: { left } }, (from) => [
      from.left
        .through(
          beside({
            name: 'halves',
            detail: 'half of what is odd',
            wants: (row) => refusePoison(row) % 2 === 1,
            ask: halves(),
            atBarrier: 'waits',
          }),
          map(({ row, said }) => ({ at: row.at, key: row.key, what: `${row.n}: ${said}` })),
        )
        .to(out),
    ]),
  rows: numbers.map((n, index) => heard(left, index + 1, index % 3 === 0 ? 'a' : 'b', n)),
  endsAt: 10,
  expected: numbers.map(
    (n, index) => `${index + 1} ${index % 3 === 0 ? 'a' : 'b'} ${n}: ${n % 2 === 1 ? n / 2 : null}`,
  ),
  poisoned: [left],
};
