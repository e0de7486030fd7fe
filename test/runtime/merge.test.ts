import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Merge, type MergeInput } from '../../runtime/merge.ts';
import { MemoryLog } from '../support/memory-log.ts';

const topics = { a: 1, b: 1 };
const inputs: readonly MergeInput[] = [
  { topic: 'a', partition: 0, producers: ['x', 'y'] },
  { topic: 'b', partition: 0, producers: ['x', 'z'] },
];
const producers = ['x', 'y', 'z'];
const writers: Readonly<Record<string, readonly string[]>> = { a: ['x', 'y'], b: ['x', 'z'] };

/** What the producers do: write some rows and promise to write nothing at or below a log time any more. */
const doings = fc.array(
  fc.record({
    producer: fc.constantFrom(...producers),
    passed: fc.nat(4),
    rows: fc.array(fc.record({ topic: fc.constantFrom('a', 'b'), before: fc.nat(4) }), { maxLength: 4 }),
    taken: fc.nat(5),
    restarts: fc.boolean(),
  }),
  { maxLength: 40 },
);

/** From one record to more than there are: what is left in the log is read again. */
const bytesAhead = fc.constantFrom(1, 65, 200, 1 << 20);

const world = () => {
  const log = new MemoryLog({ topics });
  const frontiers = new Map(producers.map((producer) => [producer, 0]));
  const written: { at: number; input: number; producer: number; offset: number; name: string }[] = [];
  const offsets = { a: 0, b: 0 };
  let epoch = 0;
  const commit = async (
    producer: string,
    passed: number,
    rows: readonly { readonly topic: string; readonly before: number }[],
  ): Promise<void> => {
    const low = frontiers.get(producer)!;
    const frontier = low + passed;
    frontiers.set(producer, frontier);
    epoch += 1;
    const records = rows
      .filter(({ topic }) => writers[topic]!.includes(producer))
      .map(({ topic, before }) => ({ topic, heardAt: Math.max(frontier - before, low + 1 / 8) }))
      .filter(({ heardAt }) => heardAt <= frontier)
      .sort((one, other) => one.heardAt - other.heardAt);
    for (const topic of ['a', 'b'] as const) {
      for (const { heardAt } of records.filter((record) => record.topic === topic)) {
        const input = topic === 'a' ? 0 : 1;
        const offset = offsets[topic]++;
        const rank = inputs[input]!.producers.indexOf(producer);
        written.push({ at: heardAt, input, producer: rank, offset, name: `${topic}${offset}` });
      }
    }
    await log.commit({
      producer,
      epoch,
      frontier,
      writes: ['a', 'b'].map((topic) => ({
        topic,
        partition: 0,
        records: records
          .filter((record) => record.topic === topic)
          .map(({ heardAt }) => ({ key: '', value: new Uint8Array(1), heardAt })),
      })),
    });
  };
  /** By (log time, input, producer, offset). */
  const inOrder = (): string[] =>
    [...written]
      .sort((p, q) => p.at - q.at || p.input - q.input || p.producer - q.producer || p.offset - q.offset)
      .map(({ name }) => name);
  return { log, commit, inOrder };
};

const drain = (merge: Merge, most: number): string[] => {
  const taken: string[] = [];
  while (taken.length < most) {
    const index = merge.peek();
    if (index < 0) break;
    taken.push(`${inputs[index]!.topic}${merge.take(index).offset}`);
  }
  return taken;
};

describe('merge', () => {
  it('hands out all records once and in one order, whatever came when, and over restarts at any moment', async () => {
    await fc.assert(
      fc.asyncProperty(doings, bytesAhead, async (all, ahead) => {
        const { log, commit, inOrder } = world();
        let merge = new Merge(log, inputs, {}, ahead);
        const taken: string[] = [];
        for (const { producer, passed, rows, taken: most, restarts } of all) {
          await commit(producer, passed, rows);
          await merge.fill();
          taken.push(...drain(merge, most));
          if (restarts) merge = new Merge(log, inputs, structuredClone(merge.positions()), ahead);
        }
        for (const producer of producers) await commit(producer, 1_000, []);
        while (taken.length < inOrder().length) {
          await merge.fill();
          const more = drain(merge, Infinity);
          if (more.length === 0) break;
          taken.push(...more);
        }
        expect(taken).toEqual(inOrder());
        expect(merge.lag).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it('promises nothing that it does not keep: what comes later lies above its frontier', async () => {
    await fc.assert(
      fc.asyncProperty(doings, bytesAhead, async (all, ahead) => {
        const { log, commit } = world();
        const merge = new Merge(log, inputs, {}, ahead);
        let promised = -Infinity;
        let last = -Infinity;
        for (const { producer, passed, rows, taken: most } of all) {
          await commit(producer, passed, rows);
          await merge.fill();
          for (let count = 0; count < most; count++) {
            const index = merge.peek();
            if (index < 0) break;
            const { heardAt } = merge.take(index);
            expect(heardAt).toBeGreaterThan(promised);
            expect(heardAt).toBeGreaterThanOrEqual(last);
            last = heardAt;
          }
          const { frontier } = merge;
          if (frontier === undefined) continue;
          expect(frontier).toBeGreaterThanOrEqual(last);
          promised = Math.max(promised, frontier);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('makes no cut between records of one log time', async () => {
    const { log, commit } = world();
    await commit('x', 5, [
      { topic: 'a', before: 0 },
      { topic: 'b', before: 0 },
    ]);
    await commit('y', 9, [{ topic: 'a', before: 0 }]);
    await commit('z', 20, []);
    await commit('x', 10, []);
    const merge = new Merge(log, inputs, {});
    await merge.fill();
    drain(merge, 1);
    expect(merge.frontier).toBeUndefined();
    drain(merge, 1);
    expect(merge.frontier).toBe(9 - 1 / 1024);
    drain(merge, 1);
    // Now x may bring the next record, above 15.
    expect(merge.frontier).toBe(9);
    await commit('y', 20, []);
    await merge.fill();
    expect(merge.frontier).toBe(15);
  });

  it('hands out what a forgotten producer left, once', async () => {
    const { log, commit } = world();
    await log.commit({
      producer: 'gone',
      epoch: 1,
      frontier: 3,
      writes: [{ topic: 'a', partition: 0, records: [{ key: '', value: new Uint8Array(1), heardAt: 2 }] }],
    });
    await log.commit({
      producer: 'y',
      epoch: 1,
      frontier: 50,
      writes: [{ topic: 'a', partition: 0, records: [{ key: '', value: new Uint8Array(1), heardAt: 30 }] }],
    });
    await commit('x', 60, []);
    await commit('z', 60, []);
    const first = new Merge(log, inputs, {});
    await first.fill();
    expect(drain(first, 1)).toEqual(['a0']);
    const second = new Merge(log, inputs, structuredClone(first.positions()));
    await second.fill();
    expect(drain(second, 9)).toEqual(['a1']);
    expect(second.frontier).toBe(50);
  });

  it('keeps little of a backlog while another producer is silent, and hands out all of it in the end', async () => {
    const log = new MemoryLog({ topics });
    const ahead = 10_000;
    const rows = 5_000;
    for (let epoch = 1; epoch <= rows / 50; epoch++) {
      const records = Array.from({ length: 50 }, (_, index) => ({
        key: '',
        value: new Uint8Array(100),
        heardAt: epoch * 50 + index,
      }));
      const writes = [{ topic: 'a', partition: 0, records }];
      await log.commit({ producer: 'x', epoch, frontier: epoch * 50 + 49, writes });
    }
    const merge = new Merge(log, inputs.slice(0, 1), {}, ahead);
    await merge.fill();
    expect(merge.peek()).toBe(-1);
    expect(merge.held.bytes).toBeGreaterThan(ahead);
    expect(merge.held.bytes).toBeLessThanOrEqual(3 * ahead);
    // It breaks its silence behind all of that.
    const late = { key: '', value: new Uint8Array(1), heardAt: 100 };
    await log.commit({
      producer: 'y',
      epoch: 1,
      frontier: 1_000_000,
      writes: [{ topic: 'a', partition: 0, records: [late] }],
    });
    const offsets: number[] = [];
    while (offsets.length <= rows) {
      await merge.fill();
      expect(merge.held.bytes).toBeLessThanOrEqual(3 * ahead);
      const taken = drain(merge, 37).map((name) => Number(name.slice(1)));
      expect(taken.length).toBeGreaterThan(0);
      offsets.push(...taken);
    }
    const others = Array.from({ length: rows }, (_, offset) => offset);
    // x: log times 50, 51, … at offsets 0, 1, …; that of log time 100 comes first, for x is named first.
    expect(offsets).toEqual([...others.slice(0, 51), rows, ...others.slice(51)]);
    expect(merge.lag).toBe(0);
  });
});

describe('what several processes stamp', () => {
  it('is handed out in the order of log time, whatever its order in the log, once none of them can bring an earlier one', async () => {
    const stampers = ['external/0', 'external/1'];
    const log = Object.assign(new MemoryLog({ topics: { a: 1 } }), { stampers });
    const stamp = (producer: string, epoch: number, frontier: number, times: readonly number[]) =>
      log.commit({
        producer,
        epoch,
        frontier,
        writes: [
          {
            topic: 'a',
            partition: 0,
            records: times.map((heardAt) => ({ key: '', value: new Uint8Array(1), heardAt })),
          },
        ],
      });
    const merge = new Merge(log, [{ topic: 'a', partition: 0, producers: ['external'] }], {});
    const taken: number[] = [];
    const takeAll = async (): Promise<void> => {
      await merge.fill();
      for (let next = merge.peek(); next >= 0; next = merge.peek()) taken.push(merge.take(next).heardAt);
    };
    await stamp('external/1', 1, 8, [5, 8]);
    await takeAll();
    expect(taken).toEqual([]);
    await stamp('external/0', 1, 6, [3, 6]);
    await takeAll();
    // Until the first has come to 8, it may still stamp 7.
    expect(taken).toEqual([3, 5, 6]);
    expect(merge.frontier).toBe(6);
    log.publishFrontier('external/0', 9);
    await takeAll();
    expect(taken).toEqual([3, 5, 6, 8]);
    // Where a restart reads again it takes nothing twice.
    const again = new Merge(log, [{ topic: 'a', partition: 0, producers: ['external'] }], merge.positions());
    await again.fill();
    expect(again.peek()).toBe(-1);
  });
});
