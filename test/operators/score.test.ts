import { describe, expect, it } from 'vitest';
import { map } from '../../operators/map.ts';
import { score } from '../../operators/score.ts';
import { pipeline } from '../../runtime/pipeline.ts';
import { riskAlone, type ScorerService } from '../../runtime/scorer-service.ts';
import { answerIn, hear, newLog, startRun } from '../support/law-run.ts';
import { heard, left, out } from '../support/law-topics.ts';
import { tempFolder } from '../support/temp-folder.ts';

const scored = (fallback: (n: number) => number) =>
  pipeline('score', { from: { left } }, (from) => [
    from.left
      .through(
        score({
          name: 'risk',
          model: 'm',
          columns: 1,
          features: (row, target, offset) => void (target[offset] = row.n),
          fallback: ({ n }) => fallback(n),
        }),
        map(({ row, probability, answered }) => ({
          at: row.at,
          key: row.key,
          what: `${row.n} ${probability} ${answered}`,
        })),
      )
      .to(out),
  ]);

const risk = (values: Float32Array) => riskAlone('m@1', 0.5, values);

const service = (answer: ScorerService['score']): ScorerService => ({
  modelVersion: 'm@1',
  threshold: 0.5,
  columns: 1,
  score: answer,
});

const answerOf = async (
  scorer: ScorerService,
  count: number,
  fallback = (n: number): number => n / 10,
  settleEach = false,
) => {
  const log = newLog();
  const run = await startRun([scored(fallback)], log, { stateFolder: await tempFolder(), scorer, credit: 2 });
  for (let n = 1; n <= count; n++) {
    await hear(log, [heard(left, n, 'a', n)]);
    if (settleEach) await run.settle(n);
  }
  await run.settle(count);
  await run.stop();
  return answerIn(log);
};

describe('score', () => {
  it('lets the fallback speak for every row when the scorer fails', async () => {
    const { rows, letters } = await answerOf(
      service(() => Promise.reject(new Error('worker died'))),
      3,
    );
    expect(rows).toEqual(['1 a 1 0.1 fallback', '2 a 2 0.2 fallback', '3 a 3 0.3 fallback']);
    expect(letters).toEqual([]);
  });

  it('says for each row who answered when the scorer fails now and then', async () => {
    let asked = 0;
    const { rows } = await answerOf(
      service(async (matrix, count) => {
        asked += 1;
        if (asked % 2 === 0) throw new Error('worker died');
        return risk(Float32Array.from(matrix.subarray(0, count), (n) => n * 2));
      }),
      4,
      undefined,
      true,
    );
    expect(rows).toEqual(['1 a 1 2 model', '2 a 2 0.2 fallback', '3 a 3 6 model', '4 a 4 0.4 fallback']);
  });

  it('gives up the row on which the fallback throws, and no other', async () => {
    const { rows, letters } = await answerOf(
      service(() => Promise.reject(new Error('late'))),
      4,
      (n) => {
        if (n === 2) throw new Error('no answer for 2');
        return n / 10;
      },
    );
    expect(rows).toEqual(['1 a 1 0.1 fallback', '3 a 3 0.3 fallback', '4 a 4 0.4 fallback']);
    expect(letters).toEqual(['2 score no answer for 2 {"at":2,"key":"a","n":2}']);
  });

  it('has no more batches under way than there is credit', async () => {
    let underWay = 0;
    let most = 0;
    const { rows } = await answerOf(
      service(async (matrix, count) => {
        most = Math.max(most, ++underWay);
        await new Promise((resolve) => setImmediate(resolve));
        underWay -= 1;
        return risk(matrix.slice(0, count));
      }),
      2_000,
    );
    expect(rows).toHaveLength(2_000);
    expect(most).toBeLessThanOrEqual(2);
  });
});
