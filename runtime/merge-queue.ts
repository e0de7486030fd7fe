import type { LogRecord } from './log/log.ts';

const bytesOf = (record: LogRecord): number => record.value.length + 64;

/** What one producer wrote into one input, read and not yet taken, in the order of its offsets. */
export class MergeQueue {
  #records: LogRecord[] = [];
  #head = 0;
  #bytes = 0;
  /** Records of its producer from this offset on were seen and left in the log; undefined when none were. */
  leftFrom: number | undefined;
  /** Nothing at or below this log time will come any more than what is queued. */
  frontier = -Infinity;
  /** Offsets below this were taken. */
  done = 0;

  get first(): LogRecord | undefined {
    return this.#records[this.#head];
  }

  /** Bytes that the queued records take. */
  get bytes(): number {
    return this.#bytes;
  }

  get rows(): number {
    return this.#records.length - this.#head;
  }

  /** Answers the bytes that it takes. */
  push(record: LogRecord): number {
    const bytes = bytesOf(record);
    this.#records.push(record);
    this.#bytes += bytes;
    return bytes;
  }

  take(): LogRecord {
    const record = this.#records[this.#head]!;
    this.#head += 1;
    this.#bytes -= bytesOf(record);
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
