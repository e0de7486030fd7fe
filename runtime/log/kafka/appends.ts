import { ForewarnError } from '../../forewarn-error.ts';
import { DocumentMemory } from '../document-memory.ts';
import { GroupCommit } from '../group-commit.ts';
import type { Appended, AppendOptions, NewRecord } from '../log.ts';
import type { LogTime } from '../log-time.ts';
import type { HeardGroups } from './heard-groups.ts';
import { type KafkaLogOptions, maxRecordBytesOf } from './kafka-log-options.ts';
import { EXTERNAL, HEARD, heardBy, type KafkaNames, stamperOf } from './kafka-names.ts';
import { toKafka } from './kafka-record.ts';
import type { LogEnd } from './log-end.ts';
import type { DocumentMark } from './marker.ts';
import type { Owned } from './owned.ts';

export interface AppendsOptions extends Pick<
  KafkaLogOptions,
  'time' | 'queueBytes' | 'rememberedIds' | 'maxRecordBytes'
> {
  readonly names: KafkaNames;
  readonly logTime: LogTime;
  readonly groups: HeardGroups;
  readonly end: LogEnd;
  /** The partition numbers of this process, where several share the line. */
  readonly owned: Owned | undefined;
  /** A group has been committed, and time closed behind it. */
  readonly onWritten: () => void;
}

/** An append that waits for its turn, in which it is stamped. */
interface Append {
  readonly topic: string;
  readonly partition: number;
  readonly record: NewRecord;
  readonly documentId: string | undefined;
  readonly heardAt: number | undefined;
  readonly answer: (appended: Appended | ForewarnError) => void;
}

/** Stands in the line of appends, and only writes down how late it is. */
const TICK = 'tick';
const LONGEST_STRING = 65_535;
/** The marker of a transaction names each document. */
const APPENDS_AT_ONCE = 5_000;

/**
 * The line of appends from outside: each is stamped with log time when its turn has come, and all that came while a group
 * was under way go with the next one. A document that is known by its sender's id is answered and not written.
 */
export class Appends {
  readonly #options: AppendsOptions;
  readonly #documents: DocumentMemory;
  readonly #queue = new GroupCommit<Append | typeof TICK>((group) => this.#write(group));

  constructor(options: AppendsOptions) {
    this.#options = options;
    this.#documents = new DocumentMemory(options.rememberedIds ?? 500_000);
  }

  get busy(): boolean {
    return this.#queue.busy;
  }

  /** What ended all writing. */
  get broken(): ForewarnError | undefined {
    return this.#queue.broken;
  }

  append(
    place: { readonly topic: string; readonly partition: number },
    record: NewRecord,
    { documentId, heardAt }: AppendOptions,
  ): Promise<Appended> {
    const { topic, partition } = place;
    if (documentId !== undefined) {
      const known = this.#documents.find(topic, documentId);
      if (known !== undefined) return known.then((first) => ({ ...first, duplicate: true }));
    }
    const refusal = this.#refusalOf(topic, record, documentId);
    if (refusal !== undefined) return Promise.reject(refusal);
    let answer: Appended | ForewarnError | undefined;
    const append = {
      topic,
      partition,
      record,
      documentId,
      heardAt: this.#options.time === 'recorded' ? heardAt : undefined,
      answer: (appended: Appended | ForewarnError) => (answer = appended),
    };
    const appended = this.#queue.add(append, record.value.length).then(() => {
      if (answer instanceof ForewarnError) throw answer;
      return answer!;
    });
    if (documentId !== undefined) this.#documents.remember(topic, documentId, appended);
    return appended;
  }

  /** Writes down how late it is. */
  tick(): Promise<void> {
    return this.#queue.add(TICK, 0);
  }

  /** Learns the documents of a group that was read. */
  recall(documents: readonly DocumentMark[]): void {
    for (const { id, topic, partition, offset, heardAt } of documents) {
      if (this.#documents.find(topic, id) !== undefined) continue;
      this.#documents.remember(topic, id, Promise.resolve({ partition, offset, heardAt, duplicate: false }));
    }
  }

  /** Resolves when nothing waits any more. */
  settle(): Promise<void> {
    return this.#queue.settle();
  }

  async #write(group: readonly (Append | typeof TICK)[]): Promise<void> {
    for (let at = 0; at < group.length; at += APPENDS_AT_ONCE)
      await this.#writeAtOnce(group.slice(at, at + APPENDS_AT_ONCE));
  }

  /** Appends as one transaction, stamped in the order in which they came. */
  async #writeAtOnce(group: readonly (Append | typeof TICK)[]): Promise<void> {
    const { names, logTime, groups, end, owned, onWritten } = this.#options;
    end.refuse();
    const appends = group.filter((one) => one !== TICK);
    const number = owned?.first;
    if (owned !== undefined && number === undefined) {
      for (const { answer } of appends) answer(notNow);
      return;
    }
    const begunAt = logTime.clock.now();
    const stamped = appends.map((append) => ({ ...append, at: logTime.stamp(append.heardAt) }));
    const writer = number === undefined ? EXTERNAL : stamperOf(number);
    const records = stamped.flatMap(({ topic, partition, record, documentId, at }) => {
      const headers = documentId === undefined ? record.headers : { ...record.headers, documentId };
      const heard = { key: record.key, value: record.value, ...(headers && { headers }), heardAt: at };
      return toKafka([heard], { topic: names.topic(topic), partition, writer, wantsOffset: true });
    });
    const heard = {
      producer: number === undefined ? HEARD : heardBy(number),
      records,
      time: logTime.last,
      sharing: owned?.sharing,
    };
    let offsets: readonly number[];
    try {
      offsets = await groups.commit(heard, (known) =>
        stamped.flatMap(({ documentId, topic, partition, at }, index) =>
          documentId === undefined
            ? []
            : [{ id: documentId, topic, partition, offset: known[index]!, heardAt: at }],
        ),
      );
    } catch (error) {
      // The number is another's; whoever sends again finds a process that has one, perhaps this one.
      if (number === undefined || !owned!.lost(number, error)) throw error;
      for (const { answer } of appends) answer(notNow);
      return;
    }
    stamped.forEach(({ answer, partition, at }, index) => {
      answer({ partition, offset: offsets[index]!, heardAt: at, duplicate: false });
    });
    logTime.saw(begunAt);
    logTime.close();
    onWritten();
  }

  #refusalOf(
    topic: string,
    { key, headers, value }: NewRecord,
    documentId?: string,
  ): ForewarnError | undefined {
    const { end, queueBytes } = this.#options;
    const ended = end.refusal ?? this.#queue.broken;
    if (ended !== undefined) return ended;
    if (this.#queue.bytes > (queueBytes ?? 64 << 20))
      return new ForewarnError('FW310', `${this.#queue.bytes} bytes wait for Kafka; send again later`);
    const head = JSON.stringify({ ...headers, documentId });
    if (Buffer.byteLength(key) > LONGEST_STRING || Buffer.byteLength(head) > LONGEST_STRING) {
      return new ForewarnError(
        'FW702',
        `topic "${topic}": a key and the headers may have ${LONGEST_STRING} bytes`,
      );
    }
    const most = maxRecordBytesOf(this.#options);
    if (value.length > most)
      return new ForewarnError(
        'FW702',
        `topic "${topic}": a record of ${value.length} bytes; ${most} are allowed`,
      );
    return undefined;
  }
}

const notNow = new ForewarnError(
  'FW310',
  'this process has no partition number at the moment, or has just lost one; send again later',
);
