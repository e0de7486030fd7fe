import { stateless } from '../../../operators/stateless.ts';
import { pipeline } from '../../../runtime/pipeline.ts';
import { heard, left, type Noted, out, refusePoison, type Said } from '../../support/law-topics.ts';
import type { OperatorLaws } from '../../support/laws.ts';

/** A step of one's own, made of the loop: halves what is even, and lets nothing else pass. */
const halves = stateless<Noted, Said>('halves', '', (row, push) => {
  const n = refusePoison(row);
  if (n % 2 === 0) push({ at: row.at, key: row.key, what: String(n / 2) });
});

export const laws: OperatorLaws = {
  pipeline: () => pipeline('halves', { from: { left } }, (from) => [from.left.through(halves).to(out)]),
  rows: [4, 7, 6, 2].map((n, index) => heard(left, index + 1, 'a', n)),
  endsAt: 10,
  expected: ['1 a 2', '3 a 3', '4 a 1'],
  poisoned: [left],
};
