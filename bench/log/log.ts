import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { wallClock } from '../../runtime/clock.ts';
import { EmbeddedLog } from '../../runtime/log/embedded-log.ts';
import type { Bench } from '../bench.ts';
import { median } from '../quantile.ts';
import type { Column } from '../table.ts';
import { withTempFolder } from '../temp-folder.ts';

const ROUNDS = 5;
const FOR_MS = 1_000;
const VALUE_BYTES = 400;
const PRODUCERS = [1, 8, 64, 256] as const;
const BATCH = 1_000;
const READ_RECORDS = 200_000;

const value = Buffer.alloc(VALUE_BYTES, 'x');
const record = {
  key: 'bench',
  value,
  headers: { source: 'bench', contentType: 'application/json', via: 'bench' },
};

const openLog = (folder: string): Promise<EmbeddedLog> =>
  EmbeddedLog.open({ folder, topics: { bench: 1 }, time: () => wallClock });

/** Calls `once` again and again until the time is up; returns calls a second. */
const perSecond = async (once: () => Promise<unknown>): Promise<number> => {
  const begun = performance.now();
  let count = 0;
  do {
    await once();
    count += 1;
  } while (performance.now() - begun < FOR_MS);
  return (count * 1_000) / (performance.now() - begun);
};

/** The yardstick: one write and one fdatasync after the other, with nothing around them. */
const plainFile = (): Promise<number> =>
  withTempFolder(async (folder) => {
    const file = await open(join(folder, 'plain'), 'w');
    try {
      return await perSecond(async () => {
        await file.write(value);
        await file.datasync();
      });
    } finally {
      await file.close();
    }
  });

const fromProducers = (producers: number): Promise<number> =>
  withTempFolder(async (folder) => {
    const log = await openLog(folder);
    const rates = await Promise.all(
      Array.from({ length: producers }, () => perSecond(() => log.append('bench', record))),
    );
    await log.close();
    return rates.reduce((sum, rate) => sum + rate, 0);
  });

/** Records a second when a task commits a thousand at a time. */
const inBatches = (): Promise<number> =>
  withTempFolder(async (folder) => {
    const log = await openLog(folder);
    let epoch = 0;
    const records = Array.from({ length: BATCH }, () => ({ ...record, heardAt: 0 }));
    const rate = await perSecond(() => {
      epoch += 1;
      const writes = [{ topic: 'bench', partition: 0, records }];
      return log.commit({ producer: 'bench', epoch, frontier: 0, writes });
    });
    await log.close();
    return rate * BATCH;
  });

/** Records a second from the first to the last, after the process has opened the log again. */
const readBack = (batch: number): Promise<number> =>
  withTempFolder(async (folder) => {
    const writing = await openLog(folder);
    for (let written = 0, epoch = 1; written < READ_RECORDS; epoch += 1) {
      const records = Array.from({ length: batch }, () => ({ ...record, heardAt: 0 }));
      const commits = Array.from({ length: 64 }, (_, nth) =>
        writing.commit({
          producer: 'bench',
          epoch: epoch * 64 + nth,
          frontier: 0,
          writes: [{ topic: 'bench', partition: 0, records }],
        }),
      );
      await Promise.all(commits);
      written += batch * 64;
    }
    await writing.close();
    const log = await openLog(folder);
    const begun = performance.now();
    let offset = 0;
    while (offset < log.end('bench', 0)) offset = (await log.read('bench', 0, offset)).at(-1)!.offset + 1;
    const rate = (offset * 1_000) / (performance.now() - begun);
    await log.close();
    return rate;
  });

interface Case {
  readonly what: string;
  readonly measure: () => Promise<number>;
}

const cases: readonly Case[] = [
  { what: 'plain file: write + fdatasync, one by one', measure: plainFile },
  ...PRODUCERS.map((producers) => ({
    what: `append, ${producers} ${producers === 1 ? 'producer' : 'producers'}`,
    measure: () => fromProducers(producers),
  })),
  { what: 'commit, 1,000 records each', measure: inBatches },
  { what: 'read back, runs of 1', measure: () => readBack(1) },
  { what: 'read back, runs of 100', measure: () => readBack(100) },
];

const columns: readonly Column[] = [
  { name: 'what' },
  { name: 'records/s' },
  { name: 'MB/s', digits: 1 },
  { name: '× plain file', digits: 1 },
];

/** The embedded log by itself: what is acknowledged is on the disk, as in the running line. */
export const logBench: Bench = {
  name: 'log',
  about: 'appends and reads of the embedded log, beside a plain loop of write + fdatasync',
  run: async (say) => {
    const rates = cases.map((): number[] => []);
    for (let round = 1; round <= ROUNDS; round += 1) {
      say(`log: round ${round} of ${ROUNDS}`);
      for (const [index, { measure }] of cases.entries()) rates[index]!.push(await measure());
    }
    const plain = rates[0]!;
    const rows = cases.map(({ what }, index) => {
      const rate = median(rates[index]!)!;
      const ratio = median(rates[index]!.map((one, round) => one / plain[round]!));
      return [what, rate, (rate * VALUE_BYTES) / 1e6, ratio];
    });
    return {
      tables: [{ title: `Embedded log, records of ${VALUE_BYTES} bytes`, columns, rows }],
      notes: [
        `Medians of ${ROUNDS} rounds; the cases of a round are measured in turn, and each ratio is taken within its round.`,
        'A producer sends its next record when the last one is durable; a commit is one frame of the journal.',
      ],
    };
  },
};
