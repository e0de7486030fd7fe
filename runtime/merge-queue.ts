import type { LogRecord } from './log/log.ts';

/** What one producer wrote into one input, read and not yet taken, in the order of its offsets. */
export class MergeQueue {
  #records: LogRecord[] = [];
  #head = 0;
  /** Nothing at or below this log time will come any more than what is queued. */
  frontier = -Infinity;
  /** Offsets below this were taken. */
  done = 0;

  get first(): LogRecord | undefined {
    return this.#records[this.#head];
  }

  push(record: LogRecord): void {
    this.#records.push(record);
  }

  take(): LogRecord {
    const record = this.#records[this.#head]!;
    this.#head += 1;
    this.done = record.offset + 1;
    if (this.#head === this.#records.length) {
      this.#records = [];
      this.#head = 0;
    } else if (this.#head > 4_096) {
      this.#records = this.#records.slice(this.#head);
      this.#head = 0;
    }
    return record;
  }
}
