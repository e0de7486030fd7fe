import { riskAlone } from '../../../runtime/scorer-service.ts';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { map } from '../../../operators/map.ts';
import { score } from '../../../operators/score.ts';
import { pipeline } from '../../../runtime/pipeline.ts';
import type { ScorerService } from '../../../runtime/scorer-service.ts';
import { heard, left, out, refusePoison } from '../../support/law-topics.ts';
import type { OperatorLaws } from '../../support/laws.ts';

const answering = (turns: (asked: number) => number): ScorerService => {
  let asked = 0;
  return {
    modelVersion: 'halves@1',
    threshold: 0.5,
    columns: 2,
    score: async (matrix, rows) => {
      asked += 1;
      for (let turn = turns(asked); turn > 0; turn--) await nextTurn();
      const halves = Float32Array.from({ length: rows }, (_, row) => matrix[row * 2]! / matrix[row * 2 + 1]!);
      return riskAlone('halves@1', 0.5, halves);
    },
  };
};

export const laws: OperatorLaws = {
  pipeline: () =>
    pipeline('score', { from: { left } }, (from) => [
      from.left
        .through(
          score({
            name: 'risk',
            model: 'halves',
            columns: 2,
            features: (row, target, offset) => target.set([refusePoison(row), 2], offset),
            fallback: () => -1,
          }),
          map(({ row, probability, answered, modelVersion, features }) => ({
            at: row.at,
            key: row.key,
            what: `${probability} ${answered} ${modelVersion} [${features.join(' ')}]`,
          })),
        )
        .to(out),
    ]),
  rows: [1, 3, 2, 5, 8, 4, 7].map((n, index) => heard(left, index + 1, index % 3 === 0 ? 'a' : 'b', n)),
  endsAt: 10,
  expected: [1, 3, 2, 5, 8, 4, 7].map(
    (n, index) => `${index + 1} ${index % 3 === 0 ? 'a' : 'b'} ${n / 2} model halves@1 [${n} 2]`,
  ),
  poisoned: [left],
  scorer: () => answering(() => 0),
  // The later it is asked, the sooner it answers: what is under way at once comes back in the other order.
  slowScorer: () => answering((asked) => Math.max(1, 12 - 3 * asked)),
};
