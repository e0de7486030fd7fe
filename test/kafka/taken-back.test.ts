import { afterEach, describe, expect, it } from 'vitest';
import { KafkaLog } from '../../runtime/log/kafka/kafka-log.ts';
import type { KafkaLogOptions } from '../../runtime/log/kafka/kafka-log-options.ts';
import type { Commit, LogCut } from '../../runtime/log/log.ts';
import { until } from '../support/until.ts';
import { brokers, freshPrefix, kafkaMissing } from './support/kafka.ts';
import { textsOf } from './support/texts-of.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const textIn = (value: Uint8Array): string => Buffer.from(value).toString();

const commit = (producer: string, epoch: number, rows: readonly string[], said = ''): Commit => ({
  producer,
  epoch,
  frontier: epoch,
  writes: [
    {
      topic: 'rows',
      partition: 0,
      records: rows.map((row) => ({ key: row, heardAt: epoch, value: bytes(row) })),
    },
  ],
  state: bytes(`${producer} ${epoch}${said}`),
});

const statesOf = async (log: KafkaLog, producer: string): Promise<readonly string[]> => {
  const states: string[] = [];
  for (let offset = 0; offset < log.end(`~state/${producer}`, 0);) {
    const records = await log.read(`~state/${producer}`, 0, offset);
    states.push(...records.map(({ value }) => textIn(value)));
    offset = records.at(-1)!.offset + 1;
  }
  return states;
};

describe.skipIf(kafkaMissing !== undefined)('a log in Kafka that is taken back to a savepoint', () => {
  const opened: KafkaLog[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(opened.splice(0).map((log) => log.close()));
  };
  afterEach(close);

  const open = async (
    prefix: string,
    options: Pick<KafkaLogOptions, 'memoryBytes' | 'reads' | 'readsOnly'> = {},
  ): Promise<KafkaLog> => {
    const log = await KafkaLog.open({
      brokers,
      prefix,
      topics: { raw: 1, rows: 1 },
      time: 'recorded',
      ...options,
    });
    opened.push(log);
    return log;
  };

  const hear = (log: KafkaLog, topic: string, text: string) =>
    log.append(topic, { key: text, value: bytes(text) });

  /** As a savepoint of this name keeps it. */
  const keep = async (log: KafkaLog, id: string): Promise<LogCut & { readonly generation: number }> => {
    const { generation } = log.savepoints;
    const cut = await log.savepoints.cut();
    await log.savepoints.keep(id, new Map([['~state/watch/0/0', 0]]));
    return { ...cut, generation };
  };

  const takeBack = async (
    prefix: string,
    id: string,
    { ends, producers, generation }: LogCut & { readonly generation: number },
    begins: ReadonlyMap<string, Uint8Array> = new Map(),
  ) => {
    const log = await open(prefix);
    const cut = Object.fromEntries(ends);
    const back = await log.takeBack({
      savepoint: { id, name: id, generation },
      cut,
      producers,
      begins,
      filled: [],
    });
    await close();
    return back;
  };

  it('reads as if tasks had stopped at the cut, and the world had gone on', async () => {
    const prefix = freshPrefix();
    const log = await open(prefix);
    await hear(log, 'raw', 'a');
    await log.commit(commit('watch/0', 1, ['r1', 'r2']));
    await log.commit(commit('watch/0', 2, ['r3']));
    const first = await keep(log, 'first');
    const end = log.end('rows', 0);
    await log.commit(commit('watch/0', 3, ['late 1']));
    await hear(log, 'rows', 'from outside');
    await hear(log, 'raw', 'b');
    await log.commit(commit('watch/0', 4, ['late 2', 'late 3']));
    await log.commit(commit('other/0', 1, ['late 4']));
    await log.commit(commit('mirror/0', 1, []));
    const time = log.closedUntil;
    const outside = (await log.read('rows', 0, end)).find(({ producer }) => producer === 'external')!;
    await close();

    const begins = new Map([['mirror/0', bytes('anew')]]);
    expect(await takeBack(prefix, 'first', first, begins)).toEqual({ generation: 1, left: 3 });
    // Broken off before a folder was made of it, it is not done twice.
    expect(await takeBack(prefix, 'first', first, begins)).toEqual({ generation: 1, left: 0 });

    // With its newest records in memory, without, and by whoever only reads.
    for (const options of [{ memoryBytes: 64 << 20 }, { memoryBytes: 0 }, { readsOnly: true }]) {
      const back = await open(prefix, options);
      expect(back.savepoints).toMatchObject({ generation: 1, takenBackTo: { id: 'first' } });
      expect(back.end('rows', 0)).toBe(outside.offset + 1);
      expect(await textsOf(back, 'rows')).toEqual(['r1', 'r2', 'r3', 'from outside']);
      expect(await textsOf(back, 'raw')).toEqual(['a', 'b']);
      expect([back.epoch('watch/0'), back.frontier('watch/0')]).toEqual([2, 2]);
      expect([back.epoch('other/0'), back.frontier('other/0')]).toEqual([0, -Infinity]);
      expect(await statesOf(back, 'watch/0')).toEqual(['watch/0 1', 'watch/0 2']);
      expect(await statesOf(back, 'other/0')).toEqual([]);
      expect([...(await back.lastStates('mirror/')).values()].map(textIn)).toEqual(['anew']);
      expect(back.closedUntil).toBeGreaterThanOrEqual(time);
      await close();
    }

    const again = await open(prefix);
    await again.commit(commit('watch/0', 3, ['anew 1'], ' anew'));
    await again.commit(commit('other/0', 1, ['anew 2']));
    await again.commit(commit('mirror/0', 2, []));
    await hear(again, 'raw', 'c');
    const wanted = ['r1', 'r2', 'r3', 'from outside', 'anew 1', 'anew 2'];
    expect(await textsOf(again, 'rows')).toEqual(wanted);
    await close();
    const later = await open(prefix);
    expect(await textsOf(later, 'rows')).toEqual(wanted);
    expect(await textsOf(later, 'raw')).toEqual(['a', 'b', 'c']);
    expect(await statesOf(later, 'watch/0')).toEqual(['watch/0 1', 'watch/0 2', 'watch/0 3 anew']);
    expect(later.epoch('mirror/0')).toBe(2);
    await close();

    // Tasks have gone on since, so it is done once more.
    expect(await takeBack(prefix, 'first', first, begins)).toEqual({ generation: 2, left: 2 });
    expect(await textsOf(await open(prefix), 'rows')).toEqual(['r1', 'r2', 'r3', 'from outside']);
  });

  it('goes back a second time, to a later savepoint and to the first, and not to what was left out', async () => {
    const prefix = freshPrefix();
    const log = await open(prefix);
    await log.commit(commit('watch/0', 1, ['r1']));
    const first = await keep(log, 'first');
    await log.commit(commit('watch/0', 2, ['r2']));
    const lost = await keep(log, 'lost');
    await log.commit(commit('watch/0', 3, ['r3']));
    await close();
    await takeBack(prefix, 'first', first);

    const once = await open(prefix);
    await once.commit(commit('watch/0', 2, ['s2']));
    const second = await keep(once, 'second');
    await once.commit(commit('watch/0', 3, ['s3']));
    await close();
    expect(await takeBack(prefix, 'second', second)).toEqual({ generation: 2, left: 1 });
    const twice = await open(prefix);
    expect(await textsOf(twice, 'rows')).toEqual(['r1', 's2']);
    expect(await statesOf(twice, 'watch/0')).toEqual(['watch/0 1', 'watch/0 2']);
    await twice.commit(commit('watch/0', 3, ['t3']));
    expect(await textsOf(twice, 'rows')).toEqual(['r1', 's2', 't3']);
    await close();

    await expect(takeBack(prefix, 'lost', lost)).rejects.toThrow(
      /FW322 savepoint "lost": the log was taken back to savepoint "second" since/,
    );
    await close();
    expect(await takeBack(prefix, 'first', first)).toEqual({ generation: 3, left: 2 });
    const last = await open(prefix);
    expect(await textsOf(last, 'rows')).toEqual(['r1']);
    expect(await statesOf(last, 'watch/0')).toEqual(['watch/0 1']);
    expect(last.epoch('watch/0')).toBe(1);
  });

  it('is not taken back to what it does not keep', async () => {
    const prefix = freshPrefix();
    const log = await open(prefix);
    await log.commit(commit('watch/0', 1, ['r1']));
    const first = await keep(log, 'first');
    await log.savepoints.keep('first', null);
    await close();
    await expect(takeBack(prefix, 'first', first)).rejects.toThrow(
      `FW322 savepoint "first": Kafka topics ${prefix}.* do not keep what it needs`,
    );
  });

  it('keeps for every process what a savepoint needs, until that is deleted', async () => {
    const prefix = freshPrefix();
    const log = await open(prefix);
    for (let epoch = 1; epoch <= 3; epoch++) await log.commit(commit('watch/0', epoch, [`r${epoch}`]));
    await log.savepoints.keep(
      'first',
      new Map([
        ['rows/0', 0],
        ['~state/watch/0/0', 0],
      ]),
    );
    await close();
    const other = await open(prefix);
    const retain = async (): Promise<void> => {
      other.hold(
        'watch/0',
        new Map([
          ['rows/0', Infinity],
          ['~state/watch/0/0', 1e9],
        ]),
      );
      await other.retain(0);
    };
    // First epoch whose state is still needed.
    const firstState = async (): Promise<number | undefined> =>
      (await other.savepoints.cut()).producers['watch/0']?.state?.from;
    await other.commit(commit('watch/0', 4, ['r4']));
    await retain();
    await other.commit(commit('watch/0', 5, ['r5']));
    expect([other.begin('rows', 0), await firstState()]).toEqual([0, 1]);
    await other.savepoints.keep('first', null);
    await retain();
    await other.commit(commit('watch/0', 6, ['r6']));
    expect(other.begin('rows', 0)).toBeGreaterThan(0);
    expect(await firstState()).toBeGreaterThan(1);
  });

  it('is cut between the commits of its tasks, however many are under way', async () => {
    const prefix = freshPrefix();
    // Where nobody reads the rows as they come, a marker alone tells where they end.
    const log = await open(prefix, { reads: 'followed' });
    let isBusy = true;
    const committing = ['watch/0', 'watch/1', 'other/0'].map(async (producer) => {
      for (let epoch = 1; isBusy; epoch++)
        await log.commit(commit(producer, epoch, [`${producer} ${epoch}`]));
    });
    const cuts: (LogCut & { readonly generation: number })[] = [];
    for (let nth = 0; nth < 5; nth++) {
      const epochs = log.epoch('watch/0');
      await until('it goes on', () => log.epoch('watch/0') > epochs + 2);
      cuts.push(await keep(log, `cut ${nth}`));
    }
    isBusy = false;
    await Promise.all(committing);
    await close();
    for (const [nth, cut] of [...cuts.entries()].toReversed()) {
      await takeBack(prefix, `cut ${nth}`, cut);
      const back = await open(prefix);
      const wanted = Object.entries(cut.producers).flatMap(([producer, { epoch }]) =>
        Array.from({ length: epoch }, (_, before) => `${producer} ${before + 1}`),
      );
      expect((await textsOf(back, 'rows')).toSorted()).toEqual(wanted.toSorted());
      for (const [producer, { epoch }] of Object.entries(cut.producers)) {
        expect(back.epoch(producer)).toBe(epoch);
        expect(await statesOf(back, producer)).toHaveLength(epoch);
      }
      await close();
    }
  });

  it('ends a process that had slept meanwhile', async () => {
    const prefix = freshPrefix();
    const log = await open(prefix);
    await log.commit(commit('watch/0', 1, ['r1']));
    const first = await keep(log, 'first');
    const other = await open(prefix);
    await other.takeBack({
      savepoint: { id: 'first', name: 'first', generation: 0 },
      cut: Object.fromEntries(first.ends),
      producers: first.producers,
      begins: new Map(),
      filled: [],
    });
    await until('it has read of it', () =>
      log.commit(commit('watch/0', 2, ['r2'])).then(
        () => false,
        (error: Error) => error.message.startsWith('FW325'),
      ),
    );
    expect(await textsOf(await open(prefix), 'rows')).toEqual(['r1']);
  });
});
