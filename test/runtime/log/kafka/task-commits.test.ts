import { describe, expect, it } from 'vitest';
import { kafkaNames } from '../../../../runtime/log/kafka/kafka-names.ts';
import type { KafkaReader } from '../../../../runtime/log/kafka/kafka-reader.ts';
import type { KafkaRetention } from '../../../../runtime/log/kafka/kafka-retention.ts';
import { KafkaView } from '../../../../runtime/log/kafka/kafka-view.ts';
import type { Lane, LaneWork } from '../../../../runtime/log/kafka/lane.ts';
import type { Lanes } from '../../../../runtime/log/kafka/lanes.ts';
import { markerOf } from '../../../../runtime/log/kafka/marker.ts';
import { TaskCommits } from '../../../../runtime/log/kafka/task-commits.ts';

/** Commits that are durable, and read, when the test says so. */
const setUp = () => {
  const view = new KafkaView(
    1 << 20,
    () => false,
    () => undefined,
  );
  const underWay: { readonly work: LaneWork; readonly end: () => void }[] = [];
  const commit: Lane['commit'] = (work) =>
    new Promise((resolve) => {
      const end = (): void => {
        const written = { offsets: work.records.map((_, at) => at), ends: new Map<string, number>() };
        view.count(markerOf(work.marker(written))!);
        resolve(written.offsets);
      };
      underWay.push({ work, end });
    });
  const commits = new TaskCommits({
    names: kafkaNames('p'),
    view,
    reader: { until: () => Promise.resolve() } as Partial<KafkaReader> as KafkaReader,
    lanes: { of: () => ({ commit }) } as Partial<Record<keyof Lanes, unknown>> as Lanes,
    retention: { saw: () => undefined } as Partial<KafkaRetention> as KafkaRetention,
  });
  const put = (producer: string, epoch: number) =>
    commits.commit({ producer, epoch, frontier: epoch, writes: [] });
  return { view, commits, put, underWay };
};

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};

// Seen red with a look that did not wait for what was under way.
describe('a log at rest', () => {
  it('is looked at when what was under way has been read, and what comes meanwhile waits in its order', async () => {
    const { view, commits, put, underWay } = setUp();
    const first = put('a/0', 1);
    const looked = commits.atRest(() => view.epoch('a/0'));
    const others = [put('b/0', 1), put('a/0', 2), put('b/0', 2)];
    await turns();
    expect(underWay.map(({ work }) => work.producer)).toEqual(['a/0']);
    underWay[0]!.end();
    expect(await looked).toBe(1);
    await first;
    // Whoever comes now does not overtake those that have waited.
    others.push(put('b/0', 3));
    await turns();
    expect(underWay.slice(1).map(({ work }) => `${work.producer} ${work.epoch}`)).toEqual([
      'b/0 1',
      'a/0 2',
      'b/0 2',
      'b/0 3',
    ]);
    for (const { end } of underWay.slice(1)) end();
    await Promise.all(others);
    expect([view.epoch('a/0'), view.epoch('b/0')]).toEqual([2, 3]);
  });

  it('goes on when the look has failed, and is looked at by one after the other', async () => {
    const { commits, put, underWay } = setUp();
    const looks: string[] = [];
    const failing = commits.atRest(() => {
      looks.push('first');
      throw new Error('no');
    });
    const second = commits.atRest(() => looks.push('second'));
    await expect(failing).rejects.toThrow('no');
    await second;
    expect(looks).toEqual(['first', 'second']);
    const done = put('a/0', 1);
    await turns();
    underWay[0]!.end();
    await done;
  });
});
