import type { Log } from '../../runtime/log/log.ts';

export interface LogUse {
  readonly records: number;
  readonly inCommit: number;
  readonly valueBytes: number;
}

/** Microseconds of wall a record. */
export interface Used {
  readonly commitUs: number;
  readonly readUs: number;
}

/** Commits under way at once, as of a line's tasks. */
const AT_ONCE = 8;

/** Commits so many records, and reads them all. */
export const useLog = async (log: Log, { records, inCommit, valueBytes }: LogUse): Promise<Used> => {
  const value = Buffer.alloc(valueBytes, 'a value of a row ');
  const rows = Array.from({ length: inCommit }, (_, nth) => ({ key: `shipment-${nth}`, heardAt: 1, value }));
  const writes = [{ topic: 'rows', partition: 0, records: rows }];
  let epoch = 0;
  const commits = async (): Promise<void> => {
    while (epoch * inCommit < records)
      await log.commit({ producer: 'bench/0', epoch: (epoch += 1), frontier: 1, writes });
  };
  const begun = performance.now();
  await Promise.all(Array.from({ length: AT_ONCE }, commits));
  const committed = performance.now();
  let read = 0;
  for (let offset = 0; offset < log.end('rows', 0);) {
    const some = await log.read('rows', 0, offset);
    read += some.length;
    offset = some.at(-1)!.offset + 1;
  }
  const ended = performance.now();
  return {
    commitUs: ((committed - begun) * 1_000) / records,
    readUs: ((ended - committed) * 1_000) / read,
  };
};
