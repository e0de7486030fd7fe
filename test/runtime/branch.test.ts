import { map } from '../../operators/map.ts';
import { where } from '../../operators/where.ts';
import { pipeline } from '../../runtime/pipeline.ts';
import { heard, left, type Noted, out, refusePoison, type Said } from '../support/law-topics.ts';
import { operatorLaws } from '../support/laws.ts';

const words = (of: string) => map(({ at, key, n }: Noted): Said => ({ at, key, what: `${of} ${n}` }));

operatorLaws('branch', {
  pipeline: () =>
    pipeline('branch', { from: { left } }, (from) => {
      const { small, even } = from.left
        .through(where((row) => refusePoison(row) > 0))
        .branch({ small: where((row) => row.n < 4), even: where((row) => row.n % 2 === 0) });
      return [small.through(words('small')).to(out), even.through(words('even')).to(out)];
    }),
  // 2 goes both ways, 5 none.
  rows: [1, 2, 5, 4, 3, 0].map((n, index) => heard(left, index + 1, index % 2 === 0 ? 'a' : 'b', n)),
  endsAt: 10,
  expected: ['1 a small 1', '2 b small 2', '2 b even 2', '4 b even 4', '5 a small 3'],
  poisoned: [left],
});
