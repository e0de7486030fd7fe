import { createHash } from 'node:crypto';
import type { EmbeddedLog } from '../../runtime/log/embedded-log.ts';

/** So many records are read again each time, to see whether they are what they were. */
const READ_AGAIN = 5;

/**
 * A reader of topics that outlives the process that it reads from, as a person or another system does. What it has
 * seen must never be gone or be something else, whatever dies.
 */
export class SeenRecords {
  readonly #partitions: readonly { readonly topic: string; readonly partition: number }[];
  readonly #lines = new Map<string, string[]>();

  constructor(partitions: Readonly<Record<string, number>>) {
    this.#partitions = Object.entries(partitions).flatMap(([topic, count]) =>
      Array.from({ length: count }, (_, partition) => ({ topic, partition })),
    );
  }

  /** Reads what is new, and the last of what is known. */
  async readOn(log: EmbeddedLog): Promise<void> {
    for (const { topic, partition } of this.#partitions) {
      const lines = this.#linesOf(topic, partition);
      if (log.end(topic, partition) < lines.length) {
        throw new Error(
          `${topic}/${partition}: ${lines.length} records were seen, and ${log.end(topic, partition)} are left`,
        );
      }
      const again = Math.max(lines.length - READ_AGAIN, Math.min(log.begin(topic, partition), lines.length));
      for (let from = Math.max(0, again); from < log.end(topic, partition);) {
        const records = await log.read(topic, partition, from);
        if (records.length === 0) throw new Error(`${topic}/${partition}: record ${from} cannot be read`);
        for (const { offset, heardAt, producer, key, headers, value } of records) {
          if (offset !== from)
            throw new Error(`${topic}/${partition}: record ${offset} came instead of ${from}`);
          const line = [producer, heardAt, key, JSON.stringify(headers), Buffer.from(value).toString()].join(
            ' ',
          );
          if (from < lines.length && lines[from] !== line)
            throw new Error(`${topic}/${partition}: record ${from} was ${lines[from]}, and now is ${line}`);
          lines[from] = line;
          from += 1;
        }
      }
    }
  }

  /** First offsets that it needs, by `topic/partition`. */
  get holds(): ReadonlyMap<string, number> {
    return new Map([...this.#lines].map(([partition, lines]) => [partition, lines.length]));
  }

  /** By `topic/partition`, one line a record. Records of different writers may stand in any order, those of one not. */
  get content(): ReadonlyMap<string, readonly string[]> {
    return new Map(
      [...this.#lines].map(([partition, lines]) => [
        partition,
        lines
          .map((line, index) => ({ line, index, producer: line.slice(0, line.indexOf(' ')) }))
          .sort((a, b) => (a.producer === b.producer ? a.index - b.index : a.producer < b.producer ? -1 : 1))
          .map(({ line }) => line),
      ]),
    );
  }

  #linesOf(topic: string, partition: number): string[] {
    const id = `${topic}/${partition}`;
    let lines = this.#lines.get(id);
    if (lines === undefined) this.#lines.set(id, (lines = []));
    return lines;
  }
}

/** `rows hash`, short enough to be read. */
export const hashOf = (lines: readonly string[]): string =>
  `${lines.length} ${createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 16)}`;
