import { setTimeout as pause } from 'node:timers/promises';
import { ForewarnError } from '../../forewarn-error.ts';
import { isLost, NOTHING, type PullConsumer, type Pulled } from '../../kafka/pull-consumer.ts';
import { type Run, runsOf } from '../../kafka/runs.ts';
import type { LogRecord } from '../log.ts';
import { fromKafka } from './kafka-record.ts';
import { closed } from './log-end.ts';
import type { LeftOutOf } from './taken-back.ts';

export interface ColdRange {
  readonly topic: string;
  readonly partition: number;
  readonly from: number;
  /** Behind the last record that is known to be there: reading does not wait for more. */
  readonly end: number;
  readonly maxBytes: number;
}

export interface ColdSeatOptions {
  readonly consumer: Pick<PullConsumer, 'assign' | 'pull' | 'close'>;
  /** What is there and does not come within so long never will: FW609. */
  readonly patienceMs: number;
  readonly onFetched: (runs: readonly Run[]) => void;
  /** What of a place nobody is to see; undefined of most, where the log was never taken back. */
  readonly leftOutOf?: (place: string) => LeftOutOf | undefined;
}

const WAIT_MS = 1_000;
/** Bytes that are read ahead of what was asked for. */
const AHEAD_BYTES = 4 << 20;

const bytesOf = ({ value }: LogRecord): number => value.length + 64;

/**
 * A consumer that reads history, one range after the other, and some way ahead of whoever takes it: while he works on what he has got, the
 * next records come.
 */
export class ColdSeat {
  readonly #options: ColdSeatOptions;
  #topic = '';
  #partition = -1;
  /** Next offset that it would hand out, and behind the last that is known to be there. */
  #next = -1;
  #end = -1;
  #ahead: LogRecord[] = [];
  #aheadBytes = 0;
  /** One call of the consumer; it never rejects. */
  #pulling: Promise<void> | undefined;
  #failure: Error | undefined;
  #silentMs = 0;
  #isClosed = false;

  constructor(options: ColdSeatOptions) {
    this.#options = options;
  }

  isAt({ topic, partition, from }: Pick<ColdRange, 'topic' | 'partition' | 'from'>): boolean {
    return this.#topic === topic && this.#partition === partition && this.#next === from;
  }

  /** Records of the range from its begin on, at least one where there is one. Not while another `read` is under way. */
  async read(range: ColdRange): Promise<readonly LogRecord[]> {
    if (this.#isClosed) throw closed();
    if (this.#failure !== undefined || !this.isAt(range)) await this.#goTo(range);
    this.#end = Math.max(this.#end, range.end);
    for (this.#readAhead(); this.#ahead.length === 0 && this.#wantsMore;) {
      this.#readAhead();
      await this.#pulling;
    }
    if (this.#isClosed) throw closed();
    // What had come before it failed is as good as ever.
    if (this.#ahead.length === 0 && this.#failure !== undefined) throw this.#failure;
    const taken = this.#take(range);
    if (this.#next >= this.#end) this.leave();
    else this.#readAhead();
    return taken;
  }

  /** Nobody goes on here: what it has read ahead goes, and it asks for nothing more. */
  leave(): void {
    this.#topic = '';
    this.#forget();
    if (this.#pulling === undefined) this.#rest();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#options.consumer.close();
    await this.#pulling;
  }

  get #wantsMore(): boolean {
    if (this.#failure !== undefined || this.#isClosed || this.#aheadBytes >= AHEAD_BYTES) return false;
    return (this.#ahead.at(-1)?.offset ?? this.#next - 1) < this.#end - 1;
  }

  #rest(): void {
    if (!this.#isClosed) this.#options.consumer.assign([]);
  }

  #forget(): void {
    this.#next = -1;
    this.#end = -1;
    this.#ahead = [];
    this.#aheadBytes = 0;
    this.#failure = undefined;
    this.#silentMs = 0;
  }

  async #goTo({ topic, partition, from }: ColdRange): Promise<void> {
    this.#forget();
    // What is on its way is of where it was.
    await this.#pulling;
    this.#options.consumer.assign([{ topic, partition, offset: from }]);
    this.#topic = topic;
    this.#partition = partition;
    this.#next = from;
  }

  #readAhead(): void {
    if (this.#pulling !== undefined || !this.#wantsMore) return;
    this.#pulling = this.#pullOnce()
      .catch((error: unknown) => {
        this.#failure ??= error as Error;
      })
      .finally(() => {
        this.#pulling = undefined;
        if (this.#topic === '') this.#rest();
        this.#readAhead();
      });
  }

  async #pullOnce(): Promise<void> {
    const { patienceMs, onFetched, leftOutOf } = this.#options;
    const { messages, ends } = await this.#pull();
    const runs = runsOf(messages);
    onFetched(runs);
    // It was sent elsewhere meanwhile.
    if (this.#end < 0) return;
    this.#silentMs = messages.length + ends.length === 0 ? this.#silentMs + WAIT_MS : 0;
    for (const run of runs) {
      if (run.topic !== this.#topic || run.partition !== this.#partition) continue;
      const leftOut = leftOutOf?.(run.place);
      for (const message of run.messages) {
        const record = fromKafka(message);
        if (leftOut?.has(record) === true) continue;
        this.#ahead.push(record);
        this.#aheadBytes += bytesOf(record);
      }
    }
    if (this.#silentMs >= patienceMs) throw stalled(this.#topic, this.#partition, this.#next);
  }

  /** Nothing where the client says that brokers are away, which it mends by itself. */
  async #pull(): Promise<Pulled> {
    try {
      return await this.#options.consumer.pull(WAIT_MS);
    } catch (error) {
      if (isLost(error) || this.#isClosed) throw error;
      await pause(WAIT_MS);
      return NOTHING;
    }
  }

  #take({ end, maxBytes }: ColdRange): readonly LogRecord[] {
    let bytes = 0;
    let count = 0;
    for (const record of this.#ahead) {
      if (record.offset >= end || (count > 0 && bytes >= maxBytes)) break;
      bytes += bytesOf(record);
      count += 1;
    }
    const taken = this.#ahead.slice(0, count);
    this.#ahead = this.#ahead.slice(count);
    this.#aheadBytes -= bytes;
    if (count > 0) this.#next = taken[count - 1]!.offset + 1;
    return taken;
  }
}

const stalled = (topic: string, partition: number, from: number): ForewarnError =>
  new ForewarnError(
    'FW609',
    `Kafka brings nothing of ${topic}/${partition} from offset ${from} on, though there is more; see its brokers`,
  );
