import { describe, expect, it } from 'vitest';
import { beside } from '../../operators/beside.ts';
import { map } from '../../operators/map.ts';
import { pipeline } from '../../runtime/pipeline.ts';
import { answerIn, hear, newLog, startRun } from '../support/law-run.ts';
import { heard, left, type Noted, out } from '../support/law-topics.ts';
import { tempFolder } from '../support/temp-folder.ts';

type Ask = (rows: readonly Noted[]) => Promise<readonly number[]> | undefined;

const said = async (ask: Ask, atBarrier: 'waits' | 'leaves', atMost?: number) => {
  const log = newLog();
  const definition = pipeline('beside', { from: { left } }, (from) => [
    from.left
      .through(
        beside({
          name: 'b',
          detail: '',
          wants: () => true,
          ask,
          atBarrier,
          ...(atMost === undefined ? {} : { atMost }),
        }),
        map(({ row, said: what }) => ({ at: row.at, key: row.key, what: `${row.n} ${what}` })),
      )
      .to(out),
  ]);
  const run = await startRun([definition], log, { stateFolder: await tempFolder() });
  for (let n = 1; n <= 3; n++) await hear(log, [heard(left, n, 'a', n)]);
  await run.settle(3);
  await run.stop();
  return (await answerIn(log)).rows;
};

describe('beside', () => {
  it('takes rows along at a barrier when nobody has answered: a shadow that hangs holds up nobody', async () => {
    expect(await said(() => new Promise(() => undefined), 'leaves')).toEqual([
      '1 a 1 null',
      '2 a 2 null',
      '3 a 3 null',
    ]);
  });

  it('waits at a barrier where it must', async () => {
    const slow: Ask = async (rows) => {
      await new Promise((resolve) => setTimeout(resolve, 30));
      return rows.map(({ n }) => n * 10);
    };
    expect(await said(slow, 'waits')).toEqual(['1 a 1 10', '2 a 2 20', '3 a 3 30']);
  });

  it('says null where the question failed or there was nobody to ask', async () => {
    expect(await said(() => Promise.reject(new Error('gone')), 'waits')).toHaveLength(3);
    expect(await said(() => undefined, 'leaves')).toEqual(['1 a 1 null', '2 a 2 null', '3 a 3 null']);
  });
});
