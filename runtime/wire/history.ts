import { actionResults, decisions, raw } from '../../pipelines/topics.ts';
import type { LineLog, LogRecord } from '../log/log.ts';
import { partitionNumbers } from '../log/partition-numbers.ts';

/** Something that came from outside, as the log heard it: enough to let another line hear it at the same time. */
export interface HistoryRecord {
  readonly topic: string;
  /** Log time, in milliseconds. */
  readonly heardAt: number;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: Uint8Array;
}

/** What people and the world said. All else in the log was made of it. */
export const historyTopics = [raw.name, decisions.name, actionResults.name] as const;

/**
 * The history of a log in the order in which it was heard, as far back as the log goes, up to and with `to`. Only what came from outside: a dead
 * letter that was played again is there once more, as the log heard it. Other topics may be asked for.
 */
export async function* historyOf(
  log: LineLog,
  to = Infinity,
  topics: readonly string[] = historyTopics,
): AsyncGenerator<HistoryRecord> {
  const sources = topics.flatMap((topic) =>
    partitionNumbers(log, topic).map((partition) => recordsOf(log, topic, partition)),
  );
  const heads = await Promise.all(sources.map(async (records) => ({ records, head: await next(records) })));
  for (;;) {
    let first: (typeof heads)[number] | undefined;
    for (const candidate of heads) {
      if (candidate.head === undefined) continue;
      if (first?.head === undefined || candidate.head.heardAt < first.head.heardAt) first = candidate;
    }
    if (first?.head === undefined || first.head.heardAt > to) return;
    yield first.head;
    first.head = await next(first.records);
  }
}

const next = async (records: AsyncGenerator<HistoryRecord>): Promise<HistoryRecord | undefined> => {
  const { done, value } = await records.next();
  return done === true ? undefined : value;
};

async function* recordsOf(log: LineLog, topic: string, partition: number): AsyncGenerator<HistoryRecord> {
  const end = log.end(topic, partition);
  for (let offset = log.begin(topic, partition); offset < end;) {
    const records: readonly LogRecord[] = await log.read(topic, partition, offset);
    if (records.length === 0) return;
    for (const { producer, heardAt, key, headers, value } of records)
      if (producer === EXTERNAL) yield { topic, heardAt, key, headers, value };
    offset = records.at(-1)!.offset + 1;
  }
}

const EXTERNAL = 'external';

/** As a line of NDJSON, and back. */
export const historyLine = (record: HistoryRecord): string =>
  JSON.stringify({ ...record, value: Buffer.from(record.value).toString('base64') });
export const parseHistoryLine = (line: string): HistoryRecord => {
  const { value, ...rest } = JSON.parse(line) as Omit<HistoryRecord, 'value'> & { readonly value: string };
  return { ...rest, value: Buffer.from(value, 'base64') };
};
