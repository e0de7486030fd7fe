import type { Topic } from '../topic.ts';
import type { Log } from './log.ts';

/** A log to read from; one that drops history also says where its history begins. */
type Readable = Pick<Log, 'partitionsOf' | 'read' | 'end'> & {
  readonly begin?: (topic: string, partition: number) => number;
};

/** Everything that the log still has of a topic, partition by partition. */
export async function* rowsOf<T>(log: Readable, topic: Topic<T>): AsyncGenerator<T> {
  const { name } = topic;
  for (let partition = 0; partition < log.partitionsOf(name); partition++) {
    for (let offset = log.begin?.(name, partition) ?? 0; offset < log.end(name, partition);) {
      const records = await log.read(name, partition, offset);
      for (const record of records) yield topic.read(record);
      offset = records.at(-1)!.offset + 1;
    }
  }
}

/** The last row of a topic of one partition; null where the log has none, or has dropped it. */
export const lastRowOf = async <T>(log: Readable, topic: Topic<T>): Promise<T | null> => {
  const end = log.end(topic.name, 0);
  if (end <= (log.begin?.(topic.name, 0) ?? 0)) return null;
  const [record] = await log.read(topic.name, 0, end - 1);
  return record === undefined ? null : topic.read(record);
};

/** Appends a row under an id of its own: told again after a crash, it is told once. */
export const appendRow = async <T>(
  log: Pick<Log, 'append'>,
  topic: Topic<T>,
  row: T,
  documentId: string,
): Promise<void> => {
  await log.append(topic.name, { key: topic.key(row), value: topic.write(row) }, { documentId });
};
