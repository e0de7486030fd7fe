import type { KafkaMessage } from '@confluentinc/kafka-javascript';
import { ForewarnError } from '../../forewarn-error.ts';
import type { KafkaConnection } from '../../kafka/connection.ts';
import type { Place } from '../../kafka/pull-consumer.ts';
import type { Run } from '../../kafka/runs.ts';
import type { Fetched } from './fetched.ts';
import { isHeard, type KafkaNames } from './kafka-names.ts';
import type { KafkaProbe } from './kafka-probe.ts';
import type { KafkaRetention } from './kafka-retention.ts';
import type { KafkaView } from './kafka-view.ts';
import type { LogEnd } from './log-end.ts';
import { heardOf, markerOf, promisesOf } from './marker.ts';
import { Patience } from './patience.ts';
import { savepointNoteOf } from './savepoint-notes.ts';
import type { Stampers } from './stampers.ts';
import { Tail } from './tail.ts';

export interface KafkaReaderOptions {
  readonly connection: KafkaConnection;
  readonly probe: KafkaProbe;
  /** Of the line, which an error names. */
  readonly prefix: string;
  readonly names: KafkaNames;
  readonly view: KafkaView;
  readonly fetched: Fetched;
  /** Is told what records weigh. */
  readonly retention: KafkaRetention;
  readonly end: LogEnd;
  readonly patienceMs: number;
  /** Where processes share the line. */
  readonly stampers: Stampers | undefined;
  /** A time was said that counts. */
  readonly onTime: (time: number) => void;
  /** Something new has been read. */
  readonly onRead: () => void;
  readonly note: (line: string) => void;
}

/** Brings what is durable in Kafka into the view of this process, and lets others wait until it has come so far. */
export class KafkaReader {
  readonly #options: KafkaReaderOptions;
  readonly #tail: Tail;
  readonly #patience: Patience;
  /** Behind what has been read, by place. */
  readonly #read = new Map<string, number>();

  constructor(options: KafkaReaderOptions) {
    const { connection, end, patienceMs, prefix, fetched, note } = options;
    this.#options = options;
    this.#tail = new Tail({
      connection,
      onRuns: (runs) => this.#take(runs),
      onFetched: (runs) => fetched.count(runs),
      onEnd: (place) => this.#reached(place),
      onLost: (error) => this.#patience.giveUp(cutWhileRead(prefix, error)),
      note,
    });
    this.#patience = new Patience({ patienceMs, restart: () => this.#tail.restart(), end, note });
  }

  /** From these offsets on, beside what it follows; what it had read of these partitions does not count any more. */
  follow(places: readonly Place[]): Promise<void> {
    for (const { topic, partition } of places) this.#read.delete(`${topic}/${partition}`);
    return this.#tail.follow(places);
  }

  /** What is left counts as it is: whoever waited for more of it waits no longer. */
  leave(places: readonly Pick<Place, 'topic' | 'partition'>[]): void {
    this.#tail.leave(places);
    this.#options.view.settle();
    this.#patience.fulfil();
    this.#options.onRead();
  }

  /** Resolves when it holds, which is looked at whenever something has been read. */
  until(holds: () => boolean): Promise<void> {
    return this.#patience.until(holds);
  }

  /** Resolves when everything before these offsets has been read. */
  readTo(places: readonly Place[]): Promise<void> {
    return this.until(() =>
      places.every(
        ({ topic, partition, offset }) =>
          offset === 0 ||
          (this.#read.get(`${topic}/${partition}`) ?? 0) >= offset ||
          !this.#tail.follows({ topic, partition }),
      ),
    );
  }

  /** Epoch of a producer's last commit, once all that was committed by now has been read. */
  async committedEpoch(producer: string): Promise<number> {
    const { names, view } = this.#options;
    await this.#readToEnd(isHeard(producer) ? names.heard : names.commits);
    return view.readEpoch(producer);
  }

  /** Resolves when every commit that was there at the call has been read; which ones count, the view says. */
  async readCommits(): Promise<void> {
    const { names } = this.#options;
    await Promise.all([names.commits, names.heard].map((topic) => this.#readToEnd(topic)));
  }

  async close(): Promise<void> {
    await this.#tail.close();
    this.#patience.close();
  }

  async #readToEnd(topic: string): Promise<void> {
    const { high } = await this.#options.probe.watermarks(topic, 0);
    await this.readTo([{ topic, partition: 0, offset: high }]);
  }

  #take(runs: readonly Run[]): void {
    const { view, onRead } = this.#options;
    for (const run of runs) {
      this.#takeRun(run);
      this.#read.set(run.place, run.messages.at(-1)!.offset + 1);
    }
    view.settle();
    this.#patience.fulfil();
    onRead();
  }

  #takeRun({ topic, place, messages }: Run): void {
    const { names, view, retention } = this.#options;
    if (topic === names.commits) {
      for (const message of messages) {
        const marker = markerOf(message);
        // Told beside the other topics of its transaction, and perhaps before them.
        if (marker?.takesBack === true) this.#takenBack();
        else if (marker !== null) view.marker(marker);
      }
    } else if (topic === names.heard) for (const message of messages) this.#hear(message);
    else if (topic === names.frontiers)
      for (const message of messages)
        promisesOf(message, view.generation).forEach((one) => view.promise(one));
    else {
      view.records(place, messages);
      retention.saw(
        place,
        messages.length,
        messages.reduce((bytes, { size }) => bytes + size, 0),
      );
    }
  }

  #hear(message: KafkaMessage): void {
    const { view, stampers, retention, onTime } = this.#options;
    const note = savepointNoteOf(message);
    if (note !== undefined) {
      if ('takenBack' in note) this.#takenBack();
      else retention.keep(note.holder, note.holds);
      return;
    }
    const said = heardOf(message);
    if (said === null) return;
    if ('needs' in said) {
      for (const number of stampers?.claimed(said.sharing) ?? []) retention.neededBy(number, said.needs);
      for (const [place, bytes] of Object.entries(said.weights ?? {})) retention.weighs(place, bytes);
      for (const [place, begin] of Object.entries(said.begins)) retention.knowBegin(place, begin);
      return;
    }
    if ('producer' in said) view.marker(said);
    const { sharing, frontier } = said;
    if (sharing !== undefined && stampers?.heard(sharing, frontier) === true) onTime(frontier);
  }

  /** Nobody else was to run: what this process knows of the log is not so any more. */
  #takenBack(): void {
    const { prefix } = this.#options;
    const message = `Kafka topics ${prefix}.* were taken back to a savepoint while this process ran; start it with --data and a folder that is not there`;
    this.#patience.giveUp(new ForewarnError('FW325', message));
  }

  #reached({ topic, partition, offset }: Place): void {
    const place = `${topic}/${partition}`;
    if (offset > (this.#read.get(place) ?? 0)) this.#read.set(place, offset);
    this.#patience.fulfil();
  }
}

const cutWhileRead = (prefix: string, cause: unknown): ForewarnError =>
  new ForewarnError('FW301', `a topic of ${prefix} was cut or deleted while it was read`, { cause });
