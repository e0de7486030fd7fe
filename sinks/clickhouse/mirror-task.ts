import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import { ForewarnError } from '../../runtime/forewarn-error.ts';
import type { LogRecord } from '../../runtime/log/log.ts';
import { columnsOf } from './columns.ts';
import { Drains } from './drains.ts';
import type { MirrorOptions, MirrorRoute, MirrorStats } from './mirror.ts';
import {
  chunkToken,
  decodeMirrorState,
  encodeMirrorState,
  mirrorProducer,
  type MirrorState,
} from './mirror-state.ts';
import { rowEncoder, type TableRow } from './row-encoder.ts';

type Settled = Required<Pick<MirrorOptions, 'flushMs' | 'maxRows' | 'maxBytes' | 'retryMs'>>;

export interface MirrorTaskOptions extends Omit<MirrorOptions, keyof Settled>, Settled {
  readonly route: MirrorRoute;
  readonly schema: z.ZodObject;
  readonly partition: number;
  /** What is done in turn with the other partitions: to seal and insert, and of that to insert. */
  readonly turn: <T>(work: () => Promise<T>) => Promise<T>;
  readonly slot: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Full chunks that are sealed at once when so many wait: to seal is a commit of the log, whatever it seals. */
const MOST_SEALED = 8;

const decoder = new TextDecoder();

/**
 * One partition of one topic on its way into one table.
 * maxRows 2000, 5,000 durable records → seal [0;2000) and [2000;4000), insert each, wait, seal [4000;5000), insert.
 */
export class MirrorTask {
  readonly #options: MirrorTaskOptions;
  readonly #producer: string;
  readonly #encode: (row: unknown) => TableRow;
  readonly #stopping = new AbortController();
  readonly #drains = new Drains();
  /** Offsets of refused records that were told of: a chunk that is tried again does not tell them twice. */
  readonly #told = new Set<number>();
  #state: MirrorState;
  /** `next` of the state that is durable: a process that begins anew goes on there. */
  #writtenNext: number;
  /** Records of the chunks that are sealed and not inserted yet, of the first ones of them: what is missing is read again. */
  #chunks: readonly (readonly LogRecord[])[] = [];
  /** Ends of chunks that were refused and cut: the innermost last. No chunk goes across one of them. */
  #cuts: number[] = [];
  #wakeUp: () => void = () => undefined;
  #running: Promise<void> = Promise.resolve();
  #lastInsertAt = -Infinity;
  #rows = 0;
  #refused = 0;
  #inserts = 0;
  #errors = 0;
  #lastInsertMs = 0;

  constructor(options: MirrorTaskOptions) {
    this.#options = options;
    this.#producer = mirrorProducer(options.route.table, options.partition);
    this.#state = decodeMirrorState(this.#producer, options.initialState(this.#producer));
    this.#writtenNext = this.#state.next;
    this.#encode = rowEncoder(columnsOf(options.schema));
  }

  get source(): string {
    return `${this.#options.route.topic}/${this.#options.partition}`;
  }

  /** First offset that the log must keep: after a crash the chunk that was sealed last is read and inserted again. */
  get neededFrom(): number {
    return this.#writtenNext;
  }

  get table(): MirrorRoute['table'] {
    return this.#options.route.table;
  }

  start(): void {
    this.#running = this.#run();
  }

  wake(): void {
    this.#wakeUp();
  }

  drain(): Promise<void> {
    const to = this.#end();
    if (this.#state.next >= to) return Promise.resolve();
    if (this.#stopping.signal.aborted) return Promise.reject(this.#stoppedEarly());
    const drained = this.#drains.until(to);
    this.#wakeUp();
    return drained;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#wakeUp();
    await this.#running;
    this.#drains.reject(this.#stoppedEarly());
    // So that the next start inserts nothing again. Where it cannot be written, that start does, under the same token.
    if (this.#state.next > this.#writtenNext) await this.#write({}).catch(() => undefined);
  }

  stats(): MirrorStats {
    return {
      rows: this.#rows,
      refused: this.#refused,
      lagRecords: Math.max(0, this.#end() - this.#state.next),
      inserts: this.#inserts,
      errors: this.#errors,
      lastInsertMs: this.#lastInsertMs,
    };
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    const { turn, retryMs, onError } = this.#options;
    let wait = retryMs;
    while (!signal.aborted) {
      try {
        await this.#untilDue();
        if (signal.aborted) return;
        await turn(() => this.#advance());
        wait = retryMs;
      } catch (error) {
        this.#errors++;
        onError?.(this.#named(error));
        await sleep(wait, undefined, { signal }).catch(() => undefined);
        wait = Math.min(wait * 2, retryMs * 50);
      }
    }
  }

  /** Waits for a sealed chunk, a full chunk, a drain, or for some rows and the end of the pause between inserts. */
  async #untilDue(): Promise<void> {
    const { flushMs, maxRows } = this.#options;
    for (;;) {
      const waiting = this.#end() - this.#state.next;
      if (this.#stopping.signal.aborted || this.#state.sealedTo > this.#state.next) return;
      if (waiting >= maxRows || (waiting > 0 && this.#drains.waiting)) return;
      const pause = this.#lastInsertAt + flushMs - performance.now();
      if (waiting > 0 && pause <= 0) return;
      await this.#woken(waiting > 0 ? pause : undefined);
    }
  }

  #woken(withinMs: number | undefined): Promise<void> {
    return new Promise((resolve) => {
      const timer = withinMs === undefined ? undefined : setTimeout(resolve, withinMs);
      this.#wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Seals chunks where none is, inserts the first one, and goes on behind it. */
  async #advance(): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    const { next, sealedTo } = this.#state;
    if (sealedTo === next) await this.#sealNext();
    const records = this.#chunks[0] ?? (await this.#chunk(next, this.#state.sealedTo));
    const last = records.at(-1);
    if (last === undefined || last.offset + 1 !== this.#state.sealedTo) throw this.#gone();
    try {
      await this.#insert(records);
    } catch (error) {
      if (!(error instanceof ForewarnError) || error.code !== 'FW502') throw error;
      return this.#cut(records, error);
    }
    this.#goOn(last);
  }

  /** Some chunk, and behind it full ones, as many as may be in memory. */
  async #sealNext(): Promise<void> {
    const { maxRows, maxBytes } = this.#options;
    const chunks: (readonly LogRecord[])[] = [];
    let bytes = 0;
    for (let from = this.#state.next; chunks.length < MOST_SEALED && bytes < maxBytes;) {
      // What is not full yet may grow, and behind a cut the other half comes first.
      const isLast = this.#cuts.length > 0 || this.#end() - from < maxRows;
      if (chunks.length > 0 && isLast) break;
      const records = await this.#chunk(from);
      const last = records.at(-1);
      if (last === undefined) break;
      chunks.push(records);
      bytes += records.reduce((sum, { value }) => sum + value.length, 0);
      from = last.offset + 1;
    }
    const [sealedTo, ...more] = chunks.map((records) => records.at(-1)!.offset + 1);
    if (sealedTo === undefined) throw this.#gone();
    await this.#write({ sealedTo, more });
    this.#chunks = chunks;
  }

  /** The records of a sealed chunk, or of the next one that could be. */
  async #chunk(first: number, sealedTo?: number): Promise<readonly LogRecord[]> {
    const { log, route, partition, maxRows, maxBytes } = this.#options;
    // Offsets may have gaps of any size, so rows are counted and not they.
    const to = sealedTo ?? Math.min(this.#cuts.at(-1) ?? Infinity, this.#end());
    const records: LogRecord[] = [];
    let bytes = 0;
    for (let from = first; from < to; from = (records.at(-1)?.offset ?? to) + 1) {
      const read = await log.read(route.topic, partition, from, maxBytes);
      if (read.length === 0) break;
      for (const record of read) {
        if (record.offset >= to) return records;
        bytes += record.value.length;
        const isFull = records.length >= maxRows || (records.length > 0 && bytes > maxBytes);
        if (sealedTo === undefined && isFull) return records;
        records.push(record);
      }
    }
    return records;
  }

  /** Durable before anything of a chunk leaves: from here on these rows, and only these, belong to its token. */
  async #write(sealed: Partial<Pick<MirrorState, 'sealedTo' | 'more'>>): Promise<void> {
    const state = { ...this.#state, ...sealed, epoch: this.#state.epoch + 1 };
    await this.#options.log.commit({
      producer: this.#producer,
      epoch: state.epoch,
      frontier: 0,
      writes: [],
      state: encodeMirrorState(state),
      isWhole: true,
    });
    this.#state = state;
    this.#writtenNext = state.next;
  }

  async #insert(records: readonly LogRecord[]): Promise<void> {
    const { insert, slot, route, partition, onInserted } = this.#options;
    const { next, sealedTo, generation } = this.#state;
    const rows: TableRow[] = [];
    for (const record of records) {
      try {
        rows.push(this.#encode(JSON.parse(decoder.decode(record.value))));
      } catch (error) {
        await this.#refuse(record, error);
      }
    }
    if (rows.length === 0) return;
    const token = chunkToken(route.table, partition, next, sealedTo, generation);
    await slot(async () => {
      const begun = performance.now();
      await insert(route.table, rows, token);
      this.#lastInsertAt = performance.now();
      this.#lastInsertMs = this.#lastInsertAt - begun;
    });
    this.#inserts++;
    this.#rows += rows.length;
    const last = records.at(-1);
    if (last !== undefined) onInserted?.(route.table, rows.length, last);
  }

  /**
   * ClickHouse refuses the chunk and has taken nothing of it: its first half is sealed instead, under its own token,
   * until the bad row stands alone. [0;8) with a bad row 5 → [0;4), [4;8) refused, [4;6) refused, [4;5), 5, [6;8).
   */
  async #cut(records: readonly LogRecord[], reason: ForewarnError): Promise<void> {
    this.#errors++;
    const [first, ...others] = records;
    if (first === undefined) return;
    if (others.length === 0) {
      await this.#refuse(first, reason);
      return this.#goOn(first);
    }
    this.#cuts.push(this.#state.sealedTo);
    const middle = records[Math.ceil(records.length / 2)];
    if (middle === undefined) return;
    await this.#write({ sealedTo: middle.offset, more: [] });
    this.#chunks = [];
  }

  #goOn(last: LogRecord): void {
    const next = last.offset + 1;
    const [sealedTo = next, ...more] = this.#state.more;
    this.#state = { ...this.#state, next, sealedTo, more };
    this.#chunks = this.#chunks.slice(1);
    this.#cuts = this.#cuts.filter((cut) => cut > next);
    for (const offset of this.#told) if (offset < next) this.#told.delete(offset);
    this.#drains.reached(next);
  }

  async #refuse(record: LogRecord, error: unknown): Promise<void> {
    if (this.#told.has(record.offset)) return;
    await this.#options.onRefused(record, this.#named(error), this.#options.route);
    this.#told.add(record.offset);
    this.#refused++;
  }

  #named(error: unknown): ForewarnError {
    if (error instanceof ForewarnError) return error;
    const said = error instanceof Error ? error.message : String(error);
    if (error instanceof SyntaxError)
      return new ForewarnError('FW402', `record is not JSON: ${said}.`, { cause: error });
    return new ForewarnError('FW501', `mirror "${this.#producer}": ${said}`, { cause: error });
  }

  #gone(): ForewarnError {
    const { next, sealedTo } = this.#state;
    return new ForewarnError(
      'FW301',
      `mirror "${this.#producer}": records [${next}; ${Math.max(next + 1, sealedTo)}) are not in the log any more; restore them from a copy of the data folder.`,
    );
  }

  #stoppedEarly(): ForewarnError {
    return new ForewarnError(
      'FW501',
      `mirror "${this.#producer}": stopped with ${this.stats().lagRecords} records to go; they go in after the next start.`,
    );
  }

  #end(): number {
    return this.#options.log.end(this.#options.route.topic, this.#options.partition);
  }
}
