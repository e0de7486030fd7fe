import { setImmediate as nextTurn } from 'node:timers/promises';
import { lookup } from '../../../operators/lookup.ts';
import { map } from '../../../operators/map.ts';
import { pipeline } from '../../../runtime/pipeline.ts';
import { heard, left, out, refusePoison } from '../../support/law-topics.ts';
import type { OperatorLaws } from '../../support/laws.ts';

/** The later it is asked, the sooner it answers: what is under way at once comes back in the other order. */
const halves = () => {
  let asked = 0;
  return async (keys: readonly string[]): Promise<ReadonlyMap<string, number>> => {
    asked += 1;
    for (let turn = Math.max(1, 6 - 2 * asked); turn > 0; turn--) await nextTurn();
    return new Map(keys.filter((key) => key !== '4').map((key) => [key, Number(key) / 2]));
  };
};

const looked = (cache?: { readonly atMost: number; readonly for: '3ms' }) =>
  pipeline('look-up', { from: { left } }, (from) => [
    from.left
      .through(
        lookup({
          name: 'halves',
          key: (row) => String(refusePoison(row)),
          ask: halves(),
          capacity: 2,
          keysAtOnce: 2,
          timeout: '10s',
          fallback: () => null,
          ...(cache === undefined ? {} : { cache }),
        }),
        map(({ row, value }) => ({ at: row.at, key: row.key, what: `${row.n}: ${value}` })),
      )
      .to(out),
  ]);

const numbers = [1, 3, 3, 5, 8, 4, 3, 1];
const rows = numbers.map((n, index) => heard(left, index + 1, index % 3 === 0 ? 'a' : 'b', n));
// The service knows nothing of 4.
const expected = numbers.map(
  (n, index) => `${index + 1} ${index % 3 === 0 ? 'a' : 'b'} ${n}: ${n === 4 ? null : n / 2}`,
);
const same = { rows, endsAt: 10, expected, poisoned: [left] };

export const laws: Readonly<Record<string, OperatorLaws>> = {
  'asked each time': { ...same, pipeline: () => looked() },
  'with a cache': { ...same, pipeline: () => looked({ atMost: 2, for: '3ms' }) },
};
