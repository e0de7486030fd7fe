import { rx } from '../../../operators/rx.ts';
import { pipeline } from '../../../runtime/pipeline.ts';
import { heard, left, out, refusePoison } from '../../support/law-topics.ts';
import type { OperatorLaws } from '../../support/laws.ts';

const same = {
  rows: [2, 0, 1, 3].map((n, index) => heard(left, index + 1, index < 2 ? 'a' : 'b', n)),
  endsAt: 10,
  poisoned: [left],
};

export const laws: Readonly<Record<string, OperatorLaws>> = {
  'filter, map and tap': {
    ...same,
    pipeline: () =>
      pipeline('rx', { from: { left } }, (from) => [
        from.left
          .through(
            rx.filter((row) => row.n !== 1),
            rx.tap(refusePoison),
            rx.map(({ at, key, n }) => ({ at, key, what: String(n * 2) })),
          )
          .to(out),
      ]),
    expected: ['1 a 4', '2 a 0', '4 b 6'],
  },
  'concatMap and mergeMap': {
    ...same,
    pipeline: () =>
      pipeline('rx', { from: { left } }, (from) => [
        from.left
          .through(
            rx.concatMap((row) =>
              Array.from({ length: refusePoison(row) }, (_, index) => ({ ...row, index })),
            ),
            rx.mergeMap(function* ({ at, key, n, index }) {
              if (index < 2) yield { at, key, what: `${n}.${index}` };
            }),
          )
          .to(out),
      ]),
    expected: ['1 a 2.0', '1 a 2.1', '3 b 1.0', '4 b 3.0', '4 b 3.1'],
  },
};
