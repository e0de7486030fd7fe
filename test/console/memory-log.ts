import type { Log, LogRecord } from '../../runtime/log/log.ts';

/** As much of a log as a reader sees: partitions in memory, and a word when something was added. */
export class MemoryLog implements Pick<Log, 'partitionsOf' | 'read' | 'end' | 'onAdvance'> {
  readonly #records = new Map<string, LogRecord[]>();
  readonly #listeners = new Set<() => void>();
  reads = 0;

  add(topic: string, partition: number, row: unknown): void {
    const records = this.#of(topic, partition);
    const value = new TextEncoder().encode(typeof row === 'string' ? row : JSON.stringify(row));
    records.push({ offset: records.length, heardAt: 0, producer: 'resolve/0', key: '', headers: {}, value });
    for (const listener of this.#listeners) listener();
  }

  partitionsOf(): number {
    return 2;
  }

  end(topic: string, partition: number): number {
    return this.#of(topic, partition).length;
  }

  async read(topic: string, partition: number, fromOffset: number): Promise<readonly LogRecord[]> {
    this.reads += 1;
    // Two at a time, so that a reader has to come again.
    return this.#of(topic, partition).slice(fromOffset, fromOffset + 2);
  }

  onAdvance(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #of(topic: string, partition: number): LogRecord[] {
    const place = `${topic}/${partition}`;
    let records = this.#records.get(place);
    if (records === undefined) this.#records.set(place, (records = []));
    return records;
  }
}
