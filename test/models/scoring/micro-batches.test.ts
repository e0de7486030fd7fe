import { describe, expect, it } from 'vitest';
import { MicroBatches, type MicroBatchOptions, TooSlow } from '../../../models/scoring/micro-batches.ts';
import { batchState } from '../../../models/scoring/score-task.ts';

interface Sent {
  readonly rows: number;
  readonly matrix: readonly number[];
  readonly state: Int32Array;
  readonly answer: () => void;
  readonly fail: (begun: boolean) => void;
}

/** Batches of one column; a worker that answers when it is told to, each row with its own number doubled. */
const batchesOf = (options: Partial<MicroBatchOptions> = {}) => {
  const sent: Sent[] = [];
  const batches = new MicroBatches({
    columns: 1,
    rowsAtOnce: 4,
    gatherMs: 0,
    batchesOut: 1,
    waitingRows: 100,
    timeoutMs: 20_000,
    send: async (matrix, rows, state) =>
      new Promise((resolve, reject) => {
        sent.push({
          rows,
          matrix: [...matrix],
          state,
          answer: () => {
            state[0] = batchState.begun;
            resolve(matrix.map((value) => value * 2));
          },
          fail: (begun) => {
            if (begun) state[0] = batchState.begun;
            reject(new Error('died'));
          },
        });
      }),
    ...options,
  });
  const ask = async (...values: readonly number[]): Promise<readonly number[]> => {
    const { values: all, from } = await batches.ask(Float32Array.from(values), values.length);
    return [...all.subarray(from, from + values.length)];
  };
  return { sent, batches, ask };
};

const turn = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('MicroBatches', () => {
  it('sends what is asked in one turn together, up to its size, and gives each its own part', async () => {
    const { sent, ask } = batchesOf({ batchesOut: 2 });
    const answers = [ask(1), ask(2, 3), ask(4, 5)];
    await turn();
    expect(sent.map(({ matrix }) => matrix)).toEqual([
      [1, 2, 3],
      [4, 5],
    ]);
    for (const { answer } of sent.toReversed()) answer();
    expect(await Promise.all(answers)).toEqual([[2], [4, 6], [8, 10]]);
  });

  it('gives others their turn while answers come as fast as questions', async () => {
    let sent = 0;
    const { batches } = batchesOf({
      batchesOut: 2,
      send: (matrix) => {
        sent += 1;
        return Promise.resolve(matrix);
      },
    });
    // Eight who ask again as soon as they are answered, as the pool answers within the turn in which it is asked.
    const asker = async (): Promise<void> => {
      for (let asked = 0; asked < 500; asked++) await batches.ask(Float32Array.of(1), 1);
    };
    const asking = Promise.all(Array.from({ length: 8 }, asker));
    let most = 0;
    let isOver = false;
    void asking.then(() => (isOver = true));
    for (let before = sent; !isOver; before = sent) {
      await turn();
      most = Math.max(most, sent - before);
    }
    expect(sent).toBeGreaterThanOrEqual(1_000);
    expect(most).toBeLessThanOrEqual(8);
  });

  it('lets a larger question go alone and whole', async () => {
    const { sent, ask } = batchesOf({ batchesOut: 3 });
    const answers = [ask(1), ask(1, 2, 3, 4, 5), ask(6)];
    await turn();
    expect(sent.map(({ rows }) => rows)).toEqual([1, 5, 1]);
    for (const { answer } of sent) answer();
    expect((await Promise.all(answers))[1]).toEqual([2, 4, 6, 8, 10]);
  });

  it('gathers while all workers are busy, and is drained when nothing is out', async () => {
    const { sent, ask, batches } = batchesOf();
    const first = ask(1);
    await turn();
    const more = [ask(2), ask(3)];
    await turn();
    expect(sent).toHaveLength(1);
    let isDrained = false;
    const drained = batches.drained().then(() => (isDrained = true));
    sent[0]!.answer();
    await first;
    await turn();
    expect(sent[1]!.matrix).toEqual([2, 3]);
    expect(isDrained).toBe(false);
    sent[1]!.answer();
    await Promise.all(more);
    await drained;
  });

  it('sends again what a thread had not begun when it died, and gives up what it had', async () => {
    const { sent, ask } = batchesOf({ batchesOut: 2, rowsAtOnce: 1 });
    const dying = ask(1).catch((error: unknown) => (error as Error).message);
    const behind = ask(2);
    await turn();
    sent[0]!.fail(true);
    sent[1]!.fail(false);
    expect(await dying).toBe('died');
    await turn();
    sent[2]!.answer();
    expect(await behind).toEqual([4]);
  });

  it('refuses what is not answered in its time, and lets nobody compute it', async () => {
    const { sent, ask, batches } = batchesOf({ timeoutMs: 20 });
    const out = ask(1).catch((error: unknown) => error);
    await turn();
    const waiting = ask(2).catch((error: unknown) => error);
    expect(await out).toBeInstanceOf(TooSlow);
    expect(await waiting).toBeInstanceOf(TooSlow);
    expect(sent).toHaveLength(1);
    expect(sent[0]!.state[0]).toBe(batchState.givenUp);
    sent[0]!.fail(false);
    await batches.drained();
  });

  it('refuses at once what is more than may wait', async () => {
    const { sent, ask } = batchesOf({ waitingRows: 3 });
    const first = ask(1);
    await turn();
    const second = ask(2, 3);
    await expect(ask(4, 5)).rejects.toBeInstanceOf(TooSlow);
    sent[0]!.answer();
    await first;
    await turn();
    sent[1]!.answer();
    expect(await second).toEqual([4, 6]);
  });
});
